import ExtensionHooks
import Foundation
import HTTPTransport
import KeyHooks
import OpenBao
import OpenBaoTestSupport
import Synchronization
import Testing

@Suite("Fields of a secret")
struct FieldTests {
    @Test("A field is found as it stands in the secret", arguments: Fields.found)
    func found(_ field: String, _ value: String?) async throws {
        let resolver = try await resolver(field)
        #expect(try await resolver.value("openai") == value)
    }

    @Test(
        "A field that is no text is an error that names the field and its kind and shows the way",
        arguments: Fields.unfit
    )
    func unfit(_ field: String, _ kind: String, _ remedy: String) async throws {
        let vault = try await vault()
        let error = try #require(await vault.resolver { $0.field = field }.failure("openai"))
        #expect(error.code == .invalidConfiguration)
        #expect(error.message == "field \(field) of \(vault.mount)/ai/providers is \(kind), not a key")
        #expect(error.remedy.hasPrefix("store the key there as a string") && error.remedy.hasSuffix(remedy), "\(error)")
    }

    @Test("A field without a value is another thing than none", arguments: Fields.unset)
    func unset(_ field: String, _ reason: String) async throws {
        let vault = try await vault()
        let error = try #require(await vault.absence { $0.field = field })
        #expect(error.message.contains("\(vault.mount)/ai/providers (\(reason))"), "\(error.message)")
    }

    @Test("A field without a value hides none that comes after it")
    func passedOver() async throws {
        let vault = try await Vault()
        try await vault.admin.put(vault.mount, "ai/providers", ["OPENAI_API_KEY": "", "API_KEY_OPENAI": "sk-second"])
        #expect(try await vault.resolver().value("openai") == "sk-second")
        let error = try #require(await vault.absence("groq") { $0.field = "OPENAI_API_KEY" })
        #expect(error.message.contains("(field OPENAI_API_KEY is empty)"))
    }

    @Test("A name that differs by case, '-' or '_' is mentioned, and no other", arguments: Fields.similar)
    func similar(_ name: String, _ path: String, _ wanted: String?) async throws {
        let vault = try await Vault()
        try await vault.admin.put(vault.mount, "ai/openai", [name: "sk-leak", "sk-leak-as-a-name": "x"])
        let error = try #require(await vault.absence(path: path))
        #expect(error.message.contains("is another name: rename it to \(wanted ?? "")") == (wanted != nil), "\(error)")
        #expect(error.message.contains("\(name) is there, and is another") == (wanted != nil), "\(error)")
        #expect(!"\(error)".contains("leak"))
    }

    @Test(
        "In a secret for many, a name that says nothing of the service is mentioned",
        arguments: ["apiKey", "value", "KEY"]
    )
    func anonymous(_ name: String) async throws {
        let vault = try await Vault()
        try await vault.admin.put(vault.mount, "ai/providers", [name: "sk-leak", "leak": "x"])
        let error = try #require(await vault.absence())
        let words = "\(name) is there, and doesn't say whose key it is: rename it to OPENAI_API_KEY"
        #expect(error.message.contains(words) && !"\(error)".contains("leak"), "\(error)")
    }

    @Test("The body of a request that was written as the secret is noticed")
    func wrapped() async throws {
        let vault = try await Vault()
        let inner: [String: any Sendable] = ["OPENAI_API_KEY": "sk-leak"]
        try await vault.admin.put(vault.mount, "ai/providers", ["data": inner])
        let error = try #require(await vault.absence())
        #expect(error.message.contains("its fields are inside a field 'data'"), "\(error)")
    }

    @Test(
        "A key with a control character is refused, with the place of the character",
        arguments: ["\u{0}", "\u{1B}", "\n"]
    )
    func controlCharacter(_ character: String) async throws {
        let vault = try await Vault()
        try await vault.admin.put(vault.mount, "ai/providers", ["OPENAI_API_KEY": "sk-leak\(character)b"])
        let error = try #require(await vault.resolver(environment: ["OPENAI_API_KEY": "sk-weak"]).failure("openai"))
        #expect(error.message.contains("has a control character (U+00") && error.message.contains("at position 8"))
        #expect(!"\(error)".contains("leak"))
    }

    @Test("Names that say nothing of the service count only in its own secret", arguments: ["api_key", "key", "value"])
    func commonNames(_ name: String) async throws {
        let vault = try await Vault()
        try await vault.admin.put(vault.mount, "ai/openai", [name: "sk-own"])
        try await vault.admin.put(vault.mount, "ai/providers", [name: "sk-anybody's"])
        #expect(try await vault.resolver(path: "ai/{service}").value("openai") == "sk-own")
        #expect(try await vault.resolver().value("openai") == nil)
        let special = try vault.resolver(with: ["openai": .openBao(["path": "ai/openai"])])
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

    /// OpenBao rounds what it stores, so that a server that keeps numbers as they are is not to be had here.
    @Test(
        "A number is given byte for byte as the server wrote it, with a warning where it may have been another",
        arguments: [
            ("12345678901234567890", true), ("1.50", true), ("1e400", true), ("-0", true), ("1E+2", true),
            ("9007199254740993", true), ("9007199254740992", true), ("9007199254740991", false), ("-42", false),
            ("0", false),
            (String(repeating: "9", count: 400), true),
        ]
    )
    func number(_ number: String, _ isDoubtful: Bool) async throws {
        let vault = FaultyVault { _ in
            HTTPTransportResponse(200, #"{"data":{"data":{"OPENAI_API_KEY":\#(number)},"metadata":{"version":1}}}"#)
        }
        let resolver = try vault.resolver()
        for _ in 1...2 { #expect(try await resolver.value("openai") == number) }
        let warnings = try resolver.explain(service: "openai").warnings
        #expect(
            warnings.contains { $0.contains("field OPENAI_API_KEY of secret/ai/providers is a number") } == isDoubtful
        )
        #expect(!"\(warnings)".contains(number))
    }

    @Test("A number that OpenBao has rounded is reported to whoever asks for the key, once")
    func rounded() async throws {
        let vault = try await Vault()
        try await vault.admin.put(vault.mount, "ai/providers", ["OPENAI_API_KEY": 9_007_199_254_740_993, "whole": 42])
        let warnings = Mutex<[String]>([])
        let registry = HookRegistry()
        let plugin = try vault.plugin()
        try registry.register { plugin.register(in: &$0) }
        let resolver = try KeyResolver(registry: registry, environment: [:]) { warning in
            warnings.withLock { $0.append("\(warning)") }
        }
        for _ in 1...3 { #expect(try await resolver.value("openai") == "9007199254740992") }
        let said = warnings.withLock(\.self).filter { $0.contains("may have rounded it") }
        #expect(said.count == 1 && said.first?.contains("Store the key as a string") == true, "\(said)")
    }

    private func resolver(_ field: String) async throws -> KeyResolver {
        try await vault().resolver { $0.field = field }
    }

    private func vault() async throws -> Vault {
        let vault = try await Vault()
        let nested: [String: any Sendable] = ["a/b": ["keys": ["zero", "one"]], "t~d": "tilde", "": "unnamed"]
        let fields: [String: any Sendable] = [
            "number": 42, "true": true, "blank": " ", "empty": "", "line": "sk-line\n", "nested": nested,
            "null": NSNull(), "a/b": "sk-slash", "a/list~": ["x"],
        ]
        try await vault.admin.put(vault.mount, "ai/providers", fields)
        return vault
    }
}

/// Fields, and the keys that they hold.
private enum Fields {
    static let found: [(String, String?)] = [
        ("number", "42"), ("blank", nil), ("empty", nil), ("missing", nil), ("null", nil),
        ("line", "sk-line"),
        ("a/b", "sk-slash"), ("/a~1b", "sk-slash"), ("/nested/a~1b/keys/1", "one"), ("/nested/t~0d", "tilde"),
        ("/nested/", "unnamed"), ("/nested/a~1b/keys/01", nil), ("/nested/a~1b/keys/2", nil),
        ("/nested/a~1b/keys/-1", nil), ("/number/deeper", nil),
    ]

    static let unfit = [
        ("true", "a boolean", "as a string"),
        ("nested", "an object", "with a JSON pointer: \"field\": \"/nested/NAME\""),
        ("/nested/a~1b/keys", "a list", "with a JSON pointer: \"field\": \"/nested/a~1b/keys/0\""),
        ("a/list~", "a list", "with a JSON pointer: \"field\": \"/a~1list~0/0\""),
    ]

    static let unset = [
        ("null", "field null is null"), ("empty", "field empty is empty"), ("blank", "field blank is blank"),
        ("missing", "no field missing"), ("/nested/none", "no field /nested/none"),
    ]

    /// Names, the path in which they stand, and the name that was probably meant.
    static let similar: [(String, String, String?)] = [
        ("openai_api_key", "ai/openai", "OPENAI_API_KEY"), ("OPENAI-API-KEY", "ai/openai", "OPENAI_API_KEY"),
        ("openaiApiKey", "ai/openai", "OPENAI_API_KEY"), ("apiKey", "ai/{service}", "api_key"),
        ("api-key", "ai/{service}", "api_key"), ("apiKey", "ai/openai", nil), ("groq_api_key", "ai/openai", nil),
    ]
}
