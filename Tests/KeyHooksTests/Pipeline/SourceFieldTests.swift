import ExtensionHooks
import KeyHooks
import Testing

/// Named fields of sources whose content is one text.
@Suite(.timeLimit(.minutes(5))) struct SourceFieldTests {
    let vault = ScriptedVault()

    @Test(arguments: [
        (#"{"region": "eu-1"}"#, "eu-1"), (#"{"AWS_REGION": "eu-2", "region": "eu-1"}"#, "eu-2"),
        (#" {"region": 17}"#, "17"), ("{\"region\": 12345678901234567890123}", "12345678901234567890123"),
        (#"{"profile": "p"}"#, "nil"), (#"{"region": " "}"#, "nil"), (#"{"region": ["eu-1"]}"#, "nil"),
        (#"{"region": null}"#, "nil"), ("eu-1", "nil"), ("", "nil"), (#"["eu-1"]"#, "nil"), (#"{"region": "eu"#, "nil"),
        (#"{region: "eu-1"}"#, "nil"),
    ])
    func `A field is taken from a JSON object, and is never the main key`(text: String, expected: String) async throws {
        vault.answer { _, _ in text }
        let fixture = try SourceFixture(vault, environment: [:])
        let region = try await fixture.resolver.getSecret(service: "bedrock", field: "region")
        #expect(region?.value ?? "nil" == expected)
    }

    @Test func `The main key and all fields of a service are one read`() async throws {
        let text = #"{"region": "eu-1", "profile": "p"}"#
        vault.answer { _, _ in text }
        let fixture = try SourceFixture(vault)
        let region = try #require(try await fixture.resolver.getSecret(service: "bedrock", field: "region"))
        #expect(region.provenance?.source == .hook("team-vault", detail: "field region"))
        #expect(try await fixture.resolver.getSecret(service: "bedrock", field: "profile")?.value == "p")
        #expect(try await fixture.resolver.getAPIKey(service: "bedrock")?.value == text)
        #expect(vault.reads == ["bedrock"])
    }

    @Test func `A text without fields leaves them to the environment, and the provenance says so`() async throws {
        let fixture = try SourceFixture(vault)
        let region = try #require(try await fixture.resolver.getSecret(service: "bedrock", field: "region"))
        #expect(region.value == "eu-env")
        #expect(region.provenance?.skippedSources.map(\.message) == ["it is one text, and has no fields"])
    }
}
