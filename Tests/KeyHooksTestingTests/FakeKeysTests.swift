import ExtensionHooks
import KeyHooks
import KeyHooksTesting
import Synchronization
import Testing

@Suite("Fake keys")
struct FakeKeysTests {
    private static let names = ["key", "openai", "OpenAI 2", "azure-openai", "sk-proj-1A2b3C4d5E6f7G8h9I0j", "", "é"]

    @Test(arguments: names)
    func `A fake key is a placeholder to every check`(_ name: String) async throws {
        let key = APIKey.fake(name)
        #expect(!KeyPrefix.all.contains(where: key.value.hasPrefix))
        #expect(!PastedKey.isIn(key.value))
        #expect(KeyTextWarning.all(in: key.value).map(\.code) == [.placeholder])
        // Also for a server whose users choose their keys themselves.
        for service in ["openai", "anthropic", "litellm"] as [Service] {
            let warnings = Mutex<[KeyWarning.Code]>([])
            let resolver = try KeyResolver.fake([service: key.value]) { warning in
                warnings.withLock { $0.append(warning.code) }
            }
            #expect(try await resolver.getAPIKey(service: service) == key)
            #expect(warnings.withLock(\.self) == [.placeholder], "\(service)")
        }
    }

    @Test(arguments: names)
    func `A fake key has nothing that a scanner looks for`(_ name: String) {
        // gitleaks reports no value of letters, hyphens, dots and underscores alone as a key.
        #expect(
            APIKey.fake(name).value.utf8
                .allSatisfy { UInt8(ascii: "a")...UInt8(ascii: "z") ~= $0 || $0 == UInt8(ascii: "-") }
        )
    }

    @Test func `Names make different keys, and one name the same`() {
        #expect(APIKey.fake("openai") == APIKey.fake("openai"))
        #expect(Set(["openai", "openai1", "openai2", "openai-2"].map { APIKey.fake($0).value }).count == 4)
        #expect(APIKey.fake("openai 2").value == "fake-placeholder-openai-two")
    }

    @Test func `A fake resolver has what it was given and nothing else`() async throws {
        let resolver = try KeyResolver.fake(["openai": "one", "somebody": "two"])
        #expect(try await resolver.getAPIKey(service: "openai")?.value == "one")
        #expect(try await resolver.getAPIKey(service: "somebody")?.value == "two")
        #expect(try await resolver.getAPIKey(service: "anthropic") == nil)
    }

    @Test func `Hooks under test answer before the keys`() async throws {
        let registry = HookRegistry()
        try registry.register { hooks in hooks.onStart(.getAPIKey, id: "test") { $0.answer(.fake("hook")) } }
        let resolver = try KeyResolver.fake(["openai": "one"], registry: registry)
        #expect(try await resolver.getAPIKey(service: "openai") == .fake("hook"))
    }

    @Test func `A service without a variable is an error`() throws {
        let closed = KeyConfiguration(providers: ["acme": ProviderSettings(env: [])])
        let error = #expect(throws: KeyResolutionError.self) {
            try KeyResolver.fake(["acme": "one"], configuration: closed)
        }
        #expect(error?.code == .invalidService)
    }
}
