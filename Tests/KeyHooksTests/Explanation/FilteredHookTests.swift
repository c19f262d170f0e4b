import ExtensionHooks
import KeyHooks
import Testing

struct FilteredHookTests {
    @Test func `Two hooks of one plugin, named after it and after all, may both be for some services`() async throws {
        let registry = HookRegistry()
        try registry.register { hooks in
            hooks.onStart(.getAPIKey, id: "acme", filter: .services(["openai"])) { call in call.answer(APIKey("one")) }
            hooks.onStart(.getAPIKey, id: "acme/all", filter: .services(["groq"])) { call in
                call.answer(APIKey("two"))
            }
            hooks.onEnd(.getAPIKey, id: "watch", filter: .services(["groq*"])) { _ in }
        }
        let resolver = try KeyResolver(registry: registry, environment: ["COHERE_API_KEY": "three"])
        for (service, value) in [("openai", "one"), ("groq", "two"), ("cohere", "three")] {
            #expect(try await resolver.getAPIKey(service: Service(service))?.value == value)
        }
        let hooks = try resolver.explain(service: "openai").hooks
        #expect(hooks.filter { $0.point == "getAPIKey" }.map(\.id) == ["acme", "acme/all", "watch"])
        #expect(hooks.filter(\.isEnabled).map(\.id) == ["acme"])
        #expect(
            hooks.filter { !$0.isEnabled }.map(\.reason) == ["for other services: groq", "for other services: groq*"]
        )
    }

    @Test(arguments: [
        (
            ["opnai", "azure*", "mistrall", "groq"],
            "groq, mistrall (did you mean 'mistral'?), opnai (did you mean 'openai'?), azure*"
        ),
        (["openai_eu", "corp_models_9"], "corp_models_9, openai_eu"), ([], ""),
        ((1...9).map { "own_\($0)" }, "own_1, own_2, own_3, own_4, own_5, own_6, own_7, own_8, …"),
    ])
    func `What is left out shows for which services it is, and which of them were misspelt`(
        names: [String],
        words: String
    ) throws {
        let registry = HookRegistry()
        try registry.register { $0.onStart(.getAPIKey, id: "acme", filter: .services(ServiceFilter(names))) { _ in } }
        let resolver = try KeyResolver(registry: registry, environment: [:])
        #expect(try resolver.explain(service: "openai").hooks.map(\.reason) == ["for other services: \(words)"])
    }
}
