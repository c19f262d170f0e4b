#if AWS
import HTTPTransport
import KeyHooks
import LightFoundation

// Roles: a profile names one and whose credentials ask for it.
extension CredentialLookup {
    func role() async throws -> CredentialLink.Answer {
        guard profile.hasRole else { return .nothing("the profile '\(profile.shownName)' has no role_arn of its own") }
        return .credentials(try await assume(profile, after: [profile.name]))
    }

    /// The credentials of a profile's role.
    ///
    /// - Parameters:
    ///   - profile: The profile.
    ///   - visited: The names of those that led to it, and its own.
    /// - Returns: What STS gives.
    /// - Throws: Why there are none.
    private func assume(_ profile: AWSProfile, after visited: [String]) async throws -> AWSCredentials {
        let source = try await source(of: profile, visited)
        guard profile["mfa_serial"] == nil else {
            throw KeyResolutionError(
                .unsupported,
                "the role of the profile '\(profile.shownName)' needs a code of an MFA device (mfa_serial), and nobody "
                    + "is asked for one here",
                remedy: "get a session by hand and use its access key: aws sts get-session-token --serial-number ARN "
                    + "--token-code CODE"
            )
        }
        var parameters = [("RoleArn", profile["role_arn"] ?? ""), ("RoleSessionName", sessionName(profile))]
        if let id = profile["external_id"] { parameters.append(("ExternalId", id)) }
        if let seconds = profile["duration_seconds"].flatMap({ Int($0) }) {
            parameters.append(("DurationSeconds", "\(seconds)"))
        }
        return try await token("AssumeRole", parameters, "the role of the profile '\(profile.shownName)'", source)
    }

    private func sessionName(_ profile: AWSProfile?) -> String {
        profile?["role_session_name"] ?? "keyhooks-\(Int(chain.clock.date().timeIntervalSince1970))"
    }

    /// Whose credentials ask for a role.
    private func source(of profile: AWSProfile, _ visited: [String]) async throws -> AWSCredentials {
        func wrong(_ what: String, _ remedy: String) -> KeyResolutionError {
            .invalidConfiguration("the profile '\(profile.shownName)' \(what)", remedy: remedy)
        }
        switch (profile["source_profile"], profile["credential_source"]) {
        case (nil, nil):
            throw wrong("has a role_arn and doesn't say who asks for it", "add source_profile or credential_source")
        case (.some, .some):
            throw wrong("has both source_profile and credential_source", "take one of the two away")
        case (nil, let name?):
            let answer: CredentialLink.Answer
            switch name {
            case "Environment": answer = try environmentKeys(isSource: true)
            case "EcsContainer": answer = try await container()
            case "Ec2InstanceMetadata": answer = try await instance()
            default:
                throw wrong(
                    "has a credential_source that isn't known",
                    "write Environment, EcsContainer or Ec2InstanceMetadata"
                )
            }
            switch answer {
            case .credentials(let credentials): return credentials
            case .nothing(let why): throw wrong("takes its credentials from a place that has none: \(why)", "check it")
            }
        case (let name?, nil):
            guard let source = profiles.profile(name) else {
                throw wrong("names a source_profile that isn't there", "add it, or name another one")
            }
            // One that refers to itself takes its own access key.
            let isLoop = visited.contains(name) && !(name == profile.name && source.hasAccessKey)
            guard !isLoop else {
                throw wrong("leads back to itself by source_profile", "have one of them name an access key")
            }
            if source.hasRole, !source.hasAccessKey { return try await assume(source, after: visited + [name]) }
            for link in CredentialLink.ofProfile {
                if case .credentials(let credentials) = try await ask(link, of: source) { return credentials }
            }
            throw wrong("names a source_profile without credentials", "add an access key or the like to it")
        }
    }

    /// The credentials of a role for a token that the platform gave, as for service accounts of EKS.
    func webIdentity(_ profile: AWSProfile, withVariables: Bool) async throws -> CredentialLink.Answer {
        func setting(_ name: String, _ variable: String) -> String? {
            (withVariables ? environment[variable] : nil) ?? profile[name]
        }
        guard let file = setting("web_identity_token_file", "AWS_WEB_IDENTITY_TOKEN_FILE"), !file.isEmpty else {
            return .nothing("neither AWS_WEB_IDENTITY_TOKEN_FILE nor the profile names a file with a token")
        }
        guard let role = setting("role_arn", "AWS_ROLE_ARN"), !role.isEmpty else {
            throw KeyResolutionError.invalidConfiguration(
                "there is a file with a token for web identity, and no role",
                remedy: "set AWS_ROLE_ARN, or role_arn in the profile"
            )
        }
        let token = try chain.text(ofFile: file, "which should hold a token for web identity")
        let parameters = [
            ("RoleArn", role),
            ("RoleSessionName", setting("role_session_name", "AWS_ROLE_SESSION_NAME") ?? sessionName(nil)),
            ("WebIdentityToken", token),
        ]
        return .credentials(
            try await self.token("AssumeRoleWithWebIdentity", parameters, "a role by web identity", nil)
        )
    }

    /// Asks STS.
    private func token(
        _ action: String,
        _ parameters: [(String, String)],
        _ what: String,
        _ source: AWSCredentials?
    ) async throws -> AWSCredentials {
        let settings = EndpointSettings(environment: environment, profile: profile)
        let region = try await settings.region(
            chain.settings.region,
            orOfInstance: chain.local,
            chain.clock,
            by: deadline
        )
        let form = [("Action", action), ("Version", "2011-06-15")] + parameters
        let body = form.map { "\($0)=\(CanonicalRequest.encoded($1))" }.joined(separator: "&")
        let reply = try await chain.caller.send(
            AWSCall(
                service: .tokens,
                endpoint: try settings.endpoint(of: .tokens, in: region),
                headers: AWSCall.form,
                body: Array(body.utf8),
                doing: "getting \(what)"
            ),
            with: source,
            by: deadline
        )
        guard let id = reply.element("AccessKeyId"), let secret = reply.element("SecretAccessKey"),
            let token = reply.element("SessionToken"), let ends = reply.element("Expiration")
        else {
            throw KeyResolutionError(
                .unavailable,
                "what STS gives for \(what) has no credentials in it",
                remedy: "see what answers at AWS_ENDPOINT_URL_STS, if that is set"
            )
        }
        return AWSCredentials(
            accessKeyID: id,
            secretKey: APIKey(secret),
            sessionToken: APIKey(token),
            ends: try Self.date(ends, "STS's answer")
        )
    }
}
#endif
