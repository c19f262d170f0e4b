import ExtensionHooks
import KeyHooks
import Testing

struct PluginTests {
    @Test func `A configured plugin that is not registered is an error`() async throws {
        let configuration = try await readConfiguration("{\n  plugins: {vault: {address: 'sk-leak'}},\n}")
        let error = try await failure { try KeyResolver(configuration: configuration, environment: [:]) }
        #expect(error.code == .invalidConfiguration)
        #expect(error.message.contains("keyhooks.json:2:"))
        #expect(error.message.contains("plugins.vault: there is no plugin of this name"))
        #expect(!error.description.contains("leak"))
    }

    @Test func `A plugin is registered if it has a hook on either point`() async throws {
        let configuration = try await readConfiguration("{plugins: {vault: {}, fields: {}}}")
        let registry = HookRegistry()
        try registry.register { hooks in hooks.onStart(.getAPIKey, id: "vault/read") { _ in } }
        try registry.register { hooks in hooks.onStart(.getSecret, id: "fields") { _ in } }
        _ = try KeyResolver(configuration: configuration, registry: registry, environment: [:])
    }

    @Test(arguments: [true, false])
    func `With plugins switched off it is none`(byVariable: Bool) async throws {
        let configuration = try await readConfiguration("{plugins: {vault: {}}}")
        _ = try KeyResolver(
            configuration: configuration,
            environment: byVariable ? ["KEYHOOKS_NO_PLUGINS": "1"] : [:],
            pluginUse: byVariable ? .unlessSwitchedOff : .never
        )
    }

    @Test func `hookOrder pins over priorities, and leaves the framework's registry alone`() async throws {
        let registry = HookRegistry()
        for (id, priority) in [("a/one", 1), ("b/two", 2), ("c/three", 3)] as [(HookID, Int)] {
            try registry.register { hooks in
                hooks.onStart(.getAPIKey, id: id, priority: priority) { call in
                    call.result = .success(.found(APIKey(id.rawValue)))
                }
            }
        }
        let configuration = try await readConfiguration("{hookOrder: ['c', 'b/two', 'nobody']}")
        let resolver = try KeyResolver(configuration: configuration, registry: registry, environment: [:])
        #expect(try await resolver.getAPIKey(service: "openai")?.value == "c/three")
        let explanation = try resolver.explain(service: "openai")
        #expect(explanation.warnings == ["hookOrder names 'nobody', and there is no such hook"])
        let hooks = explanation.hooks
        #expect(hooks.map(\.id) == ["c/three", "b/two", "a/one"])
        #expect(hooks.first?.reason == "pinned by the configured order")
        let other = try KeyResolver(registry: registry, environment: [:])
        #expect(try await other.getAPIKey(service: "openai")?.value == "a/one")
    }

    @Test func `A section shows nothing of its settings`() async throws {
        let configuration = try await readConfiguration("{plugins: {vault: {token: 'sk-leak'}}}")
        for text in allTexts(of: configuration) { #expect(!text.contains("sk-leak")) }
    }
}
