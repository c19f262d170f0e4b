import Foundation
import HTTPTransport
import KeyHooks
import OpenBao
import OpenBaoTestSupport
import Testing

@Suite("Fields of a secret")
struct FieldTests {
    @Test("A field is found as it stands in the secret", arguments: Fields.found)
    func found(_ field: String, _ value: String?) async throws {
        let resolver = try await resolver(field)
        #expect(try await resolver.value("openai") == value)
    }

    @Test("An object or an array is no key, and the error shows the way", arguments: ["nested", "/nested/a~1b/keys"])
    func structured(_ field: String) async throws {
        let resolver = try await resolver(field)
        let error = try #require(await resolver.failure("openai"))
        #expect(error.code == .invalidConfiguration)
        #expect(error.remedy.contains("JSON pointer"))
    }

    @Test("Names that say nothing of the service count only in its own secret", arguments: ["api_key", "key", "value"])
    func commonNames(_ name: String) async throws {
        let vault = try await Vault()
        try await vault.admin.put(vault.mount, "ai/openai", [name: "sk-own"])
        try await vault.admin.put(vault.mount, "ai/providers", [name: "sk-anybody's"])
        #expect(try await vault.resolver(path: "ai/{service}").value("openai") == "sk-own")
        #expect(try await vault.resolver().value("openai") == nil)
        let special = try vault.resolver { $0.services["openai"] = OpenBaoServiceSettings(path: "ai/openai") }
        #expect(try await special.value("openai") == "sk-own")
        #expect(try await special.value("groq") == nil)
    }

    @Test("A bundle may name its fields after the services; a thousand of them cost one read")
    func thousand() async throws {
        let vault = try await Vault()
        let services = (1...1000).map { "custom\($0)" }
        let fields = Dictionary(uniqueKeysWithValues: services.map { ("\($0)-key", "sk-\($0)") })
        try await vault.admin.put(vault.mount, "ai/providers", fields)
        let resolver = try vault.resolver { $0.field = "{service}-key" }
        for service in services { #expect(try await resolver.value(Service(service)) == "sk-\(service)") }
        #expect(try vault.reads(of: "ai/providers") == 1)
    }

    @Test("A number that may not be as it was written isn't a key", arguments: ["fraction", "large", "exponent"])
    func inexact(_ name: String) async throws {
        let vault = FaultyVault { _ in
            let fields = #"{"fraction":1.50,"large":12345678901234567890,"exponent":1.2345678901234567e+19}"#
            return HTTPTransportResponse(200, #"{"data":{"data":\#(fields),"metadata":{"version":1}}}"#)
        }
        let said = try await vault.expect(.invalidConfiguration) { $0.field = name }
        #expect(said.message.contains("field \(name)") && said.message.contains("is a number"), "\(said.message)")
        #expect(said.remedy.contains("as a string"))
    }

    private func resolver(_ field: String) async throws -> KeyResolver {
        let vault = try await Vault()
        let nested: [String: any Sendable] = ["a/b": ["keys": ["zero", "one"]], "t~d": "tilde", "": "unnamed"]
        let fields: [String: any Sendable] = [
            "number": 42, "true": true, "blank": " ", "empty": "", "line": "sk-line\n", "nested": nested,
            "null": NSNull(), "a/b": "sk-slash",
        ]
        try await vault.admin.put(vault.mount, "ai/providers", fields)
        return try vault.resolver { $0.field = field }
    }
}

/// Fields, and the keys that they hold.
private enum Fields {
    static let found: [(String, String?)] = [
        ("number", "42"), ("true", "true"), ("blank", nil), ("empty", nil), ("missing", nil), ("null", nil),
        ("line", "sk-line"),
        ("a/b", "sk-slash"), ("/a~1b", "sk-slash"), ("/nested/a~1b/keys/1", "one"), ("/nested/t~0d", "tilde"),
        ("/nested/", "unnamed"), ("/nested/a~1b/keys/01", nil), ("/nested/a~1b/keys/2", nil),
        ("/nested/a~1b/keys/-1", nil), ("/number/deeper", nil),
    ]
}
