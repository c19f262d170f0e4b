#if AWS
import Crypto
import HTTPTransport
import JSON5Syntax
import KeyHooks
import LightFoundation

// The token that `aws sso login` left in its cache, and the next one, which a session has without a browser.
extension CredentialLookup {
    /// The token of single sign-on.
    ///
    /// That of a session is replaced within a quarter of an hour of its end, and kept in the cache as the AWS CLI does:
    /// the right to a next one may be good for one use.
    func signOnToken(_ settings: SignOnSettings, _ profile: AWSProfile) async throws -> APIKey {
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
        guard let json, let token = json["accessToken"]?.string, let written = json["expiresAt"]?.string,
            PluginContext.isCredential(token)
        else { throw missing("isn't complete") }
        let ends = try Self.date(written, "the cache of single sign-on")
        let left = ends.timeIntervalSince(chain.clock.date())
        if profile.session != nil, left < 900 {
            do {
                if let next = try await next(after: json, settings, at: path) { return next }
            } catch let failure as AWSFailure where left > 0 || ![.passing, .unanswered].contains(failure.kind) {
                // The old one is used until it ends; then nobody but its owner can get another.
            }
        }
        guard left > 0 else { throw missing("has ended") }
        return APIKey(token)
    }

    /// Asks for the next token; nil if the cache doesn't say what that takes.
    private func next(after old: JSONNode, _ settings: SignOnSettings, at path: String) async throws -> APIKey? {
        guard let refresh = old["refreshToken"]?.string, let id = old["clientId"]?.string,
            let secret = old["clientSecret"]?.string, let registered = old["registrationExpiresAt"]?.string,
            try Self.date(registered, "the cache of single sign-on") > chain.clock.date()
        else { return nil }
        let region = try AWSRegion(settings.region, from: "sso_region")
        let endpoints = EndpointSettings(environment: environment, profile: profile)
        let body: JSONNode = .object([
            "grantType": .string("refresh_token"), "clientId": .string(id), "clientSecret": .string(secret),
            "refreshToken": .string(refresh),
        ])
        let reply = try await chain.caller.send(
            AWSCall(
                service: .signOnTokens,
                endpoint: try endpoints.endpoint(of: .signOnTokens, in: region),
                path: "token",
                headers: [("Content-Type", "application/json")],
                body: try body.jsonBytes(),
                doing: "getting the next token of single sign-on"
            ),
            with: nil,
            by: deadline
        )
        guard let token = reply.json?["accessToken"]?.string, PluginContext.isCredential(token),
            let life = reply.json?["expiresIn"]?.wholeNumber, life > 0
        else { return nil }
        var new = ["accessToken": token, "expiresAt": Self.text(chain.clock.date().addingTimeInterval(Double(life)))]
        new["refreshToken"] = reply.json?["refreshToken"]?.string
        let kept = (old.members ?? []).filter { new[$0.name] == nil }
        let members = kept + new.sorted { $0.key < $1.key }.map { JSONMember($0.key, .string($0.value)) }
        // Without the place for it the token is as good; the next one may have to be got by hand.
        if let bytes = try? JSONNode(.object(members)).jsonBytes() { try? FileSystem.replace(path, with: bytes) }
        return APIKey(token)
    }

    /// `2026-11-30T20:00:00Z`.
    private static func text(_ date: Date) -> String {
        let digits = Array(RequestSigner.Time(date).text)
        func part(_ range: Range<Int>) -> String { String(digits[range]) }
        return "\(part(0..<4))-\(part(4..<6))-\(part(6..<11)):\(part(11..<13)):\(part(13..<16))"
    }
}
#endif
