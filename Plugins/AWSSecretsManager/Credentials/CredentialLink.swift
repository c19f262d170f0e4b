#if AWS
import KeyHooks

/// A place where credentials may come from, in the order in which they are tried (botocore's).
enum CredentialLink: String, CaseIterable, Hashable, Sendable {
    case section, environment, role, webIdentity, singleSignOn, credentialsFile, loginSession, process, configFile,
        container, instance

    /// In words, for reports.
    var words: String {
        switch self {
        case .section: "the section 'aws'"
        case .environment: "the environment"
        case .role: "the profile's role"
        case .webIdentity: "web identity"
        case .singleSignOn: "single sign-on"
        case .credentialsFile: "the file of credentials"
        case .loginSession: "the session of aws login"
        case .process: "credential_process"
        case .configFile: "the configuration file"
        case .container: "the container"
        case .instance: "the instance's metadata"
        }
    }

    /// Those that a profile may name another one's credentials by.
    static let ofProfile: [CredentialLink] = [
        .webIdentity, .singleSignOn, .credentialsFile, .loginSession, .process, .configFile,
    ]

    /// What it answered.
    enum Answer: Sendable {
        case credentials(AWSCredentials)
        /// It has none, and why; then the next one is tried.
        case nothing(String)
    }
}

/// Which link answered, and why those before it didn't; no value.
struct CredentialReport: Hashable, Sendable, CustomStringConvertible {
    struct Entry: Hashable, Sendable {
        let link: CredentialLink

        /// In words: whose credentials they are, why there are none, or what went wrong.
        let text: String
        let outcome: Outcome
    }

    enum Outcome: Hashable, Sendable {
        case answered, nothing, failed
    }

    private(set) var entries: [Entry] = []

    /// Which link answered; nil if none did.
    var answered: CredentialLink? { entries.last.flatMap { $0.outcome == .answered ? $0.link : nil } }

    mutating func add(_ link: CredentialLink, _ outcome: Outcome, _ text: String) {
        entries.append(Entry(link: link, text: text, outcome: outcome))
    }

    /// A line for each link that was asked.
    var description: String { entries.map { "\($0.link.words): \($0.text)" }.joined(separator: "\n") }
}
#endif
