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
        (["opnai"], ["plugin 'acme' is for 'opnai', which is no known service. Did you mean 'openai'?"]),
        (["openai_eu", "our_gateway", "op*"], []), (["grok"], []),
    ])
    func `A misspelt service in a filter is a warning for the one that is meant`(names: [String], warnings: [String])
        throws
    {
        let registry = HookRegistry()
        try registry.register { hooks in
            hooks.onStart(.getAPIKey, id: "acme", filter: .services(ServiceFilter(names))) { _ in }
            hooks.onStart(.getSecret, id: "acme", filter: .services(ServiceFilter(names))) { _ in }
        }
        let resolver = try KeyResolver(registry: registry, environment: [:])
        #expect(try resolver.explain(service: "openai").warnings == warnings)
        #expect(try resolver.explain(service: "cohere").warnings.isEmpty)
    }
}
