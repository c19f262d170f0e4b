import Foundation
import KeyHooks
import KeyHooksTesting
import OpenBao
import Testing

@Suite("Odd metadata of a secret")
struct MetadataTests {
    @Test("A version is reported only if it is a whole number", arguments: Version.all)
    func version(_ version: Version) async throws {
        let vault = FaultyVault { _ in .secret("sk-1", metadata: #"{"version":\#(version.text)}"#) }
        let key = try #require(try await vault.resolver().getAPIKey(service: "openai"))
        #expect(key.value == "sk-1")
        #expect(key.provenance?.version == version.told)
    }

    @Test(
        "A deletion to come bounds how long the key is kept, and one that cannot be read keeps none",
        arguments: End.all
    )
    func end(_ end: End) async throws {
        let vault = FaultyVault { _ in .secret("sk-1", metadata: #"{"deletion_time":\#(end.text)}"#) }
        let resolver = try vault.resolver { $0.settings.cache.timeToLive = .seconds(300) }
        #expect(try await resolver.value("openai") == "sk-1")
        if end.kept > .zero {
            vault.clock.advance(by: end.kept - .milliseconds(1))
            #expect(try resolver.cachedAPIKey(service: "openai")?.value == "sk-1")
            vault.clock.advance(by: .milliseconds(1))
        }
        // The environment is not asked for what the vault must be asked for.
        #expect(try resolver.cachedAPIKey(service: "openai") == nil)
        #expect(try await resolver.value("openai") == "sk-1")
        #expect(vault.transport.requests.count == 2)
    }

    @Test("Metadata that is not there, or is none, is no fault", arguments: ["null", "[]", "7", "{}", #""sk-leak""#])
    func none(_ metadata: String) async throws {
        let vault = FaultyVault { _ in .secret("sk-1", metadata: metadata) }
        let key = try #require(try await vault.resolver().getAPIKey(service: "openai"))
        #expect(key.value == "sk-1")
        #expect(key.provenance?.version == nil)
        #expect(key.provenance?.expiresAt == nil)
    }
}

struct Version: Sendable {
    let text: String
    let told: String?

    static let all = [
        Version(text: "7", told: "7"),
        Version(text: "7.0", told: "7"),
        Version(text: "9223372036854775807", told: "9223372036854775807"),
        Version(text: "99999999999999999999", told: nil),
        Version(text: "1e300", told: nil),
        Version(text: "1.5", told: nil),
        Version(text: #""7""#, told: nil),
        Version(text: "null", told: nil),
        Version(text: "{}", told: nil),
    ]
}

struct End: Sendable {
    /// It is 2027-01-15T08:00:00Z.
    let text: String
    let kept: Duration

    static let all = [
        End(text: #""2027-01-15T08:01:00Z""#, kept: .seconds(60)),
        End(text: #""2027-01-15T08:01:00.999999999Z""#, kept: .seconds(60)),
        End(text: #""2027-01-15T09:01:00+01:00""#, kept: .seconds(60)),
        End(text: #""2027-01-15T09:01:00.5+01:00""#, kept: .seconds(60)),
        End(text: #""2027-01-15T09:00:00Z""#, kept: .seconds(300)),
        End(text: #""9999-12-31T23:59:59Z""#, kept: .seconds(300)),
        End(text: #""""#, kept: .seconds(300)),
        End(text: "null", kept: .seconds(300)),
        End(text: #""2027-01-15T07:59:59Z""#, kept: .zero),
        End(text: #""0001-01-01T00:00:00Z""#, kept: .zero),
        End(text: #""999999999-01-01T00:00:00Z""#, kept: .zero),
        End(text: #""tomorrow""#, kept: .zero),
        End(text: #"" ""#, kept: .zero),
    ]
}
