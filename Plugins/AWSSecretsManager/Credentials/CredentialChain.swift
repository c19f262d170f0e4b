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
                    report.add(link, .answered, "\(credentials)")
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
                remedy: "write it anew there"
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

/// One look for credentials, with the files as they are now.
struct CredentialLookup: Sendable {
    let chain: CredentialChain
    let profiles: AWSProfiles
    let profile: AWSProfile
    let deadline: Duration

    init(_ chain: CredentialChain, by deadline: Duration) throws(KeyResolutionError) {
        self.chain = chain
        self.deadline = deadline
        profiles = try AWSProfiles(chain.environment)
        profile = try profiles.chosen(chain.settings.profile, chain.environment)
    }

    var environment: AWSEnvironment { chain.environment }

    func ask(_ link: CredentialLink) async throws -> CredentialLink.Answer {
        switch link {
        case .section: try section()
        case .environment: try environmentKeys()
        case .role: try await role()
        case .container: try await container()
        case .instance: try await instance()
        default: try await ask(link, of: profile, withVariables: chain.settings.profile == nil)
        }
    }

    /// Asks a link that is a profile's.
    func ask(
        _ link: CredentialLink,
        of profile: AWSProfile,
        withVariables: Bool = false
    ) async throws -> CredentialLink.Answer {
        switch link {
        case .webIdentity: try await webIdentity(profile, withVariables: withVariables)
        case .singleSignOn: try await singleSignOn(profile)
        case .credentialsFile: try keys(profiles.ofCredentials[profile.name], profiles.credentialsFile, profile)
        case .loginSession: try loginSession(profile)
        case .process: try await process(profile)
        case .configFile: try keys(profiles.ofConfig[profile.name], profiles.configFile, profile)
        default: .nothing("isn't a profile's")
        }
    }

    private func section() throws -> CredentialLink.Answer {
        let settings = chain.settings
        guard let id = settings.accessKeyID, let secret = settings.secretAccessKey else {
            return .nothing("names none")
        }
        return .credentials(
            AWSCredentials(
                accessKeyID: try chain.credential(at: id).value,
                secretKey: try chain.credential(at: secret),
                sessionToken: try settings.sessionToken.map { try chain.credential(at: $0) }
            )
        )
    }

    /// The access key of the environment; half of one is a mistake.
    func environmentKeys(isSource: Bool = false) throws -> CredentialLink.Answer {
        guard isSource || chain.settings.profile == nil else { return .nothing("isn't asked, since 'profile' is set") }
        guard let id = environment["AWS_ACCESS_KEY_ID"] else { return .nothing("AWS_ACCESS_KEY_ID isn't set") }
        guard let secret = environment["AWS_SECRET_ACCESS_KEY"] else {
            throw KeyResolutionError(
                .unauthenticated,
                "AWS_ACCESS_KEY_ID is set and AWS_SECRET_ACCESS_KEY isn't",
                remedy: "set both or none"
            )
        }
        let ends = try environment["AWS_CREDENTIAL_EXPIRATION"].map { try Self.date($0, "AWS_CREDENTIAL_EXPIRATION") }
        return .credentials(
            AWSCredentials(
                accessKeyID: id,
                secretKey: APIKey(secret),
                sessionToken: (environment["AWS_SECURITY_TOKEN"] ?? environment["AWS_SESSION_TOKEN"])
                    .map { APIKey($0) },
                ends: ends
            )
        )
    }

    /// The access key in one of the files.
    private func keys(
        _ settings: [String: String]?,
        _ path: String,
        _ profile: AWSProfile
    ) throws -> CredentialLink.Answer {
        guard let settings else { return .nothing("\(FileFault.shown(path)) has no profile '\(profile.shownName)'") }
        guard let id = settings["aws_access_key_id"] else {
            return .nothing("the profile '\(profile.shownName)' has no aws_access_key_id in \(FileFault.shown(path))")
        }
        guard let secret = settings["aws_secret_access_key"] else {
            throw KeyResolutionError(
                .unauthenticated,
                "the profile '\(profile.shownName)' has an aws_access_key_id and no aws_secret_access_key in "
                    + FileFault.shown(path),
                remedy: "write both there: aws configure"
            )
        }
        let token = settings["aws_security_token"] ?? settings["aws_session_token"]
        return .credentials(
            AWSCredentials(accessKeyID: id, secretKey: APIKey(secret), sessionToken: token.map { APIKey($0) })
        )
    }

    private func loginSession(_ profile: AWSProfile) throws -> CredentialLink.Answer {
        guard profile["login_session"] != nil else {
            return .nothing("the profile '\(profile.shownName)' has no login_session")
        }
        throw KeyResolutionError(
            .unsupported,
            "the profile '\(profile.shownName)' has a session of aws login, which isn't read",
            remedy: "have the AWS CLI give them: credential_process = aws configure export-credentials --profile NAME"
        )
    }

    /// A date as AWS's programs write it.
    static func date(_ text: String, _ place: String) throws(KeyResolutionError) -> Date {
        let text = text.hasSuffix("UTC") ? text.dropLast(3) + "Z" : text
        if let date = ServerDate.parse(text) { return date }
        throw KeyResolutionError(
            .unauthenticated,
            "the end of the credentials in \(place) isn't a date",
            remedy: "write it as 2026-11-30T20:00:00Z"
        )
    }
}
#endif
