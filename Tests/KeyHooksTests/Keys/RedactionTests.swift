import ExtensionHooks
import KeyHooks
import Testing

struct RedactionTests {
    static let secret = "sk-never-shown-0123456789"

    struct Holder {
        var name = "holder"
        var key: APIKey
        var optional: APIKey?
        var list: [APIKey]
        var byName: [String: APIKey]
    }

    final class Owner {
        let key: APIKey
        init(_ key: APIKey) { self.key = key }
    }

    static var key: APIKey {
        APIKey(secret, provenance: KeyProvenance(source: .environment(name: "OPENAI_API_KEY"), version: "3"))
    }

    static let holders: [(name: String, make: @Sendable () -> Any)] = [
        ("key", { key }),
        ("key without provenance", { APIKey(secret) }),
        ("optional", { APIKey?.some(key) as Any }),
        ("array", { [key, key] }),
        ("dictionary", { ["openai": key] }),
        ("tuple", { (1, key) }),
        ("struct", { Holder(key: key, optional: key, list: [key], byName: ["a": key]) }),
        ("class", { Owner(key) }),
        ("result", { Result<APIKey, any Error>.success(key) }),
        ("answer", { KeyAnswer.found(key) }),
        ("optional answer", { KeyAnswer?.some(.found(key)) as Any }),
        ("nested", { [["a": (Holder(key: key, optional: nil, list: [key], byName: [:]), KeyAnswer.found(key))]] }),
    ]

    @Test(arguments: holders.indices)
    func `Nothing that prints, reflects or dumps shows the value`(index: Int) {
        let holder = Self.holders[index]
        for text in allTexts(of: holder.make()) {
            #expect(!text.contains("never-shown"), "\(holder.name)")
        }
    }

    @Test func `A key describes itself as redacted`() {
        #expect("\(Self.key)" == "APIKey(redacted)")
        #expect(String(reflecting: Self.key) == "APIKey(redacted)")
        #expect(Mirror(reflecting: Self.key).children.isEmpty)
    }

    @Test func `A key cannot be encoded`() {
        #expect(!(Self.key as Any is any Encodable))
        #expect(!(KeyAnswer.found(Self.key) as Any is any Encodable))
    }

    @Test func `The value comes out where it is asked for by name`() throws {
        #expect(Self.key.value == Self.secret)
        #expect(Self.key.withValue { $0.count } == Self.secret.count)
        #expect(throws: LeakyError.self) {
            try Self.key.withValue { _ throws(LeakyError) in throw LeakyError(description: "x") }
        }
    }

    @Test func `A resolver shows neither the environment nor its files`() async throws {
        try await withFolder { folder in
            let file = try folder.write(".env", "GROQ_API_KEY=\(Self.secret)\n")
            let resolver = try KeyResolver(
                configuration: KeyConfiguration(envFiles: [EnvironmentFile(file)]),
                environment: ["OPENAI_API_KEY": Self.secret, "UNRELATED": Self.secret]
            )
            for text in allTexts(of: resolver) + allTexts(of: [resolver as Any]) {
                #expect(!text.contains("never-shown"))
            }
        }
    }

    @Test func `An error shows nothing of the error beneath it`() async throws {
        let registry = HookRegistry()
        try registry.register { hooks in
            hooks.onStart(.getAPIKey, id: "acme/vault") { _ in throw LeakyError(description: Self.secret) }
        }
        let resolver = try KeyResolver(registry: registry, environment: [:])
        let error = try await failure { try await resolver.resolve(service: "openai") }
        for text in allTexts(of: error) + allTexts(of: Result<Int, any Error>.failure(error)) {
            #expect(!text.contains("never-shown"))
        }
        #expect(error.localizedText.contains("never-shown") == false)
    }

    @Test func `The record of an observer shows no value`() async throws {
        let registry = HookRegistry()
        let records = Recording<CallRecord>()
        try registry.register { hooks in hooks.observe { records.add($0) } }
        try registry.register { hooks in
            hooks.onStart(.getAPIKey, id: "acme/rewrite") { $0.arguments.service = "groq" }
        }
        try registry.register { hooks in
            hooks.onEnd(.getAPIKey, id: "acme/replace") { $0.result = .success(.found(Self.key)) }
        }
        try registry.register { hooks in
            hooks.onEnd(.getAPIKey, id: "acme/broken") { _ in throw LeakyError(description: Self.secret) }
        }
        let resolver = try KeyResolver(registry: registry, environment: ["GROQ_API_KEY": Self.secret])
        _ = try await resolver.resolve(service: "openai")
        let record = try #require(records.events.first)
        #expect(record.rewrites.first?.changes == ["service openai -> groq"])
        #expect(record.replacedBy == ["acme/replace"])
        for text in allTexts(of: record) { #expect(!text.contains("never-shown")) }
    }
}
