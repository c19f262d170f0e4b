import ExtensionHooks
import KeyHooks

/// The whole way of a call, from the name of a service to its key.
struct ResolverCases {
    static func all() throws -> [Case] {
        let resolver = try resolver(HookRegistry())
        let registry = HookRegistry()
        try registry.register { hooks in
            hooks.onStart(.getAPIKey, id: "answer") { call in call.result = .success(answer) }
        }
        let hooked = try self.resolver(registry)
        return [
            Case("resolver: environment path") {
                for _ in 0..<$0 { _ = try await resolver.getAPIKey(service: "openai") }
            },
            Case("resolver: environment path, absent key") {
                for _ in 0..<$0 { _ = try await resolver.getAPIKey(service: "groq") }
            },
            Case("resolver: environment path, unknown service", count: 20_000) {
                for _ in 0..<$0 { _ = try await resolver.getAPIKey(service: "my-own-llm") }
            },
            Case("resolver: 1 hook answers") { for _ in 0..<$0 { _ = try await hooked.getAPIKey(service: "openai") } },
        ]
    }

    static func resolver(_ registry: HookRegistry) throws -> KeyResolver {
        try KeyResolver(registry: registry, environment: ["OPENAI_API_KEY": "sk-benchmark"])
    }
}
