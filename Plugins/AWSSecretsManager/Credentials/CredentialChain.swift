#if AWS
import HTTPTransport
import JSON5Syntax
import KeyHooks
import LightFoundation
import ServerSettings

/// What the section says of credentials.
struct CredentialSettings: Hashable, Sendable {
    /// The profile; one that is named here puts the environment's access key out of the chain, as in boto3.
    var profile: String?
    var accessKeyID: SecretReference?
    var secretAccessKey: SecretReference?
    var sessionToken: SecretReference?

    /// The region of the section, for the requests that get credentials.
    var region: String?
}

/// Finds credentials in AWS's order.
///
/// A link that is set up and fails ends the chain: a weaker identity is not taken for one that was meant. Nothing of it
/// is asked of any source of keys, so that the plugin never waits for itself.
struct CredentialChain: Sendable {
    let settings: CredentialSettings
    let environment: AWSEnvironment
    private let context: PluginContext
    let caller: AWSCaller

    /// For addresses of this machine and of its network, which no proxy reaches.
    let local: any HTTPTransport

    var clock: SourceClock { caller.clock }

    init(_ settings: CredentialSettings, _ context: PluginContext, _ caller: AWSCaller, local: any HTTPTransport) {
        self.settings = settings
        self.context = context
        self.caller = caller
        self.local = local
        environment = AWSEnvironment(context.environment)
    }

    /// What came of looking.
    struct Outcome: Sendable {
        let result: Result<AWSCredentials, KeyResolutionError>
        let report: CredentialReport
    }

    /// Looks for credentials.
    ///
    /// - Parameter deadline: The moment on the clock at which it must be over.
    /// - Returns: The credentials or why there are none, and what was tried.
    /// - Throws: A `CancellationError`.
    func find(by deadline: Duration) async throws -> Outcome {
        var report = CredentialReport()
        let lookup: CredentialLookup
        do {
            lookup = try CredentialLookup(self, by: deadline)
        } catch {
            return Outcome(result: .failure(error), report: report)
        }
        for link in CredentialLink.allCases {
            do {
                switch try await lookup.ask(link) {
                case .nothing(let why): report.add(link, .nothing, why)
                case .credentials(let credentials):
                    try Self.check(credentials, link, at: clock.date())
                    report.add(link, .answered, credentials.words)
                    return Outcome(result: .success(credentials), report: report)
                }
            } catch let error as CancellationError {
                throw error
            } catch {
                let error = Self.error(error, link)
                report.add(link, .failed, error.message)
                return Outcome(result: .failure(error), report: report)
            }
        }
        return Outcome(result: .failure(Self.none), report: report)
    }

    private static func check(_ credentials: AWSCredentials, _ link: CredentialLink, at date: Date) throws {
        for (text, name) in [
            (credentials.accessKeyID, "access key"), (credentials.secretKey.value, "secret key"),
            (credentials.sessionToken?.value ?? "-", "session token"),
        ]
        where !PluginContext.isCredential(text) {
            throw KeyResolutionError(
                .unauthenticated,
                "the \(name) of \(link.words) is empty or has blanks or control characters in it",
                remedy: "write it there again"
            )
        }
        if let ends = credentials.ends, ends <= date {
            throw KeyResolutionError(
                .unauthenticated,
                "the credentials of \(link.words) have ended",
                remedy: "get new ones"
            )
        }
    }

    private static func error(_ error: any Error, _ link: CredentialLink) -> KeyResolutionError {
        if let error = error as? KeyResolutionError { return error }
        guard let failure = error as? AWSFailure else {
            return KeyResolutionError(.unauthenticated, "\(link.words) failed", remedy: "see: keyhooks aws check")
        }
        // What is denied is a role, and not the secret.
        let isRefused = [.denied, .absent, .conflict].contains(failure.error.code)
        return isRefused
            ? KeyResolutionError(.unauthenticated, failure.error.message, remedy: failure.error.remedy) : failure.error
    }

    private static var none: KeyResolutionError {
        KeyResolutionError(
            .unauthenticated,
            "there are no credentials for AWS: no link of the chain has any",
            remedy: "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or name a 'profile'; see: keyhooks aws check"
        )
    }

    /// A credential that the section refers to.
    func credential(at reference: SecretReference) throws(KeyResolutionError) -> APIKey {
        try context.credential(at: reference, for: "AWS")
    }

    /// The text of a small file with a token.
    func text(ofFile path: String, _ words: String) throws(KeyResolutionError) -> String {
        try context.contents(ofFile: environment.path(path), words)
    }
}
#endif
