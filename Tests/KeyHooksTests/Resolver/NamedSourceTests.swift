import ExtensionHooks
import KeyHooks
import Testing

/// Who is named in the error of a caller who insists on a key.
struct NamedSourceTests {
    /// Has nothing, and says nothing of itself.
    private struct Silent: KeySource {
        func location(for request: KeyRequest) -> String? { request.service == "groq" ? nil : "a" }
        func read(_ location: String) async throws -> String? { "content" }
        func key(for request: KeyRequest, in content: String) -> SourceKey { .proceed }
    }

    private struct Empty: KeySource {
        func read(_ request: KeyRequest) async throws -> String? { nil }
    }

    @Test func `A source that was asked and said nothing is named, and one that did not only once`() async throws {
        let registry = HookRegistry()
        try registry.register { hooks in
            hooks.answer(from: Silent(), id: "silent")
            hooks.answer(from: Empty(), id: "empty")
            hooks.answer(from: Empty(), id: "other", services: ["groq"])
            hooks.onStart(.getAPIKey, id: "policy") { _ in }
        }
        let resolver = try KeyResolver(registry: registry, environment: [:])
        let error = try await failure { try await resolver.requireAPIKey(service: "cohere") }
        let places = " in plugin 'empty', plugin 'silent' (has none), the process environment"
        #expect(error.message.contains(places), "\(error)")
        #expect(!error.message.contains("other") && !error.message.contains("policy"), "\(error)")
        #expect(error.remedy.hasPrefix("set COHERE_API_KEY in the environment"), "\(error)")
        // It isn't the business of the first one.
        let groq = try await failure { try await resolver.requireAPIKey(service: "groq") }
        #expect(!groq.message.contains("silent") && groq.message.contains("plugin 'other'"), "\(groq)")
    }

    @Test func `A denial names its service`() async throws {
        let registry = HookRegistry()
        try registry.register { $0.onStart(.getAPIKey, id: "policy") { call in call.deny("no keys today") } }
        let resolver = try KeyResolver(registry: registry, environment: [:])
        #expect(try await failure { try await resolver.getAPIKey(service: "gemini") }.service == "google")
    }
}
