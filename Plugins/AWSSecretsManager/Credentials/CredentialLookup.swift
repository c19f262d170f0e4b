#if AWS
import JSON5Syntax
import KeyHooks
import LightFoundation
import ServerSettings

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
    func keys(
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
