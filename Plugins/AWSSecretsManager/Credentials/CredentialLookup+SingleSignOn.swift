#if AWS
import HTTPTransport
import JSON5Syntax
import KeyHooks
import LightFoundation

// Single sign-on: the token is the one that `aws sso login` left in its cache.
extension CredentialLookup {
    func singleSignOn(_ profile: AWSProfile) async throws -> CredentialLink.Answer {
        guard profile["sso_account_id"] != nil || profile["sso_role_name"] != nil else {
            return .nothing("the profile '\(profile.shownName)' has no sso_account_id")
        }
        let settings = try signOnSettings(profile)
        let token = try await signOnToken(settings, profile)
        let endpoints = EndpointSettings(environment: environment, profile: self.profile)
        let region = try AWSRegion(settings.region, from: "sso_region of the profile '\(profile.shownName)'")
        let reply = try await chain.caller.send(
            AWSCall(
                service: .singleSignOn,
                endpoint: try endpoints.endpoint(of: .singleSignOn, in: region),
                method: "GET",
                path: "federation/credentials",
                query: [("role_name", settings.role), ("account_id", settings.account)],
                headers: [("x-amz-sso_bearer_token", token.value)],
                doing: "getting the credentials of the profile '\(profile.shownName)' by single sign-on"
            ),
            with: nil,
            by: deadline
        )
        let answer = reply.json?["roleCredentials"]
        guard let id = answer?["accessKeyId"]?.string, let secret = answer?["secretAccessKey"]?.string,
            let session = answer?["sessionToken"]?.string, let ends = answer?["expiration"]?.wholeNumber
        else {
            throw KeyResolutionError(
                .unavailable,
                "what single sign-on gives has no credentials in it",
                remedy: "see what answers at AWS_ENDPOINT_URL_SSO, if that is set"
            )
        }
        return .credentials(
            AWSCredentials(
                accessKeyID: id,
                secretKey: APIKey(secret),
                sessionToken: APIKey(session),
                ends: Date(timeIntervalSince1970: (Double(ends) / 1000).rounded(.down))
            )
        )
    }

    struct SignOnSettings {
        let account: String
        let role: String
        let region: String

        /// What names the file in the cache: the session, or the address where it began.
        let key: String
    }

    private func signOnSettings(_ profile: AWSProfile) throws(KeyResolutionError) -> SignOnSettings {
        func wrong(_ what: String, _ remedy: String) -> KeyResolutionError {
            .invalidConfiguration("the profile '\(profile.shownName)' \(what)", remedy: remedy)
        }
        var session: [String: String] = [:]
        if let named = profile.session {
            guard let settings = named.settings else {
                throw wrong("names an sso_session that isn't there", "add [sso-session NAME] to the configuration file")
            }
            if let other = settings.first(where: { name, value in profile[name].map { $0 != value } ?? false }) {
                throw wrong(
                    "says otherwise than its sso_session in \(displayText(other.key))",
                    "take it out of one of them"
                )
            }
            session = settings
        }
        func setting(_ name: String) throws(KeyResolutionError) -> String {
            guard let value = profile[name] ?? session[name] else {
                throw wrong("is for single sign-on and has no \(name)", "complete it: aws configure sso")
            }
            return value
        }
        let start = try setting("sso_start_url")
        return SignOnSettings(
            account: try setting("sso_account_id"),
            role: try setting("sso_role_name"),
            region: try setting("sso_region"),
            key: profile.session?.name ?? start
        )
    }
}
#endif
