#if AWS
import Crypto
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
        let token = try signOnToken(settings, profile)
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

    private struct SignOnSettings {
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
        if let (name, settings) = profile.session {
            guard let settings else {
                throw wrong("names an sso_session that isn't there", "add [sso-session NAME] to the configuration file")
            }
            if let other = settings.first(where: { name, value in profile[name].map { $0 != value } ?? false }) {
                throw wrong(
                    "says otherwise than its sso_session in \(displayText(other.key))",
                    "take it out of one of them"
                )
            }
            session = settings
            _ = name
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

    private func signOnToken(_ settings: SignOnSettings, _ profile: AWSProfile) throws(KeyResolutionError) -> APIKey {
        let name = CanonicalRequest.hex(Insecure.SHA1.hash(data: Array(settings.key.utf8)))
        let path = "\(environment.tokenFolder)/\(name).json"
        func missing(_ what: String) -> KeyResolutionError {
            KeyResolutionError(
                .unauthenticated,
                "the token of single sign-on for the profile '\(profile.shownName)' \(what)",
                remedy: "log in: aws sso login --profile \(FileFault.shellWord(profile.name))"
            )
        }
        let bytes: [UInt8]
        do {
            bytes = try FileReading.read(path, limit: 1 << 16).bytes
        } catch .missing {
            throw missing("isn't there")
        } catch {
            throw KeyResolutionError(
                .unavailable,
                error.reason(for: path),
                remedy: error.remedy(or: "check that it may be read")
            )
        }
        let json = try? JSONParser.parse(bytes, syntax: .jsonKeepingNumbers)
        guard let token = json?["accessToken"]?.string, let ends = json?["expiresAt"]?.string,
            PluginContext.isCredential(token)
        else { throw missing("isn't complete") }
        guard try Self.date(ends, "the cache of single sign-on") > chain.clock.date() else {
            throw missing("has ended")
        }
        return APIKey(token)
    }
}
#endif
