import ExtensionHooks
import Foundation
import KeyHooks
import Testing

struct BlockingTests {
    /// Runs on a thread of its own, as a script's main thread is: the test's may be one that the hooks need.
    private func onThread<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            Thread { continuation.resume(with: Result { try work() }) }.start()
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `A script gets the key without await`() async throws {
        let registry = HookRegistry()
        let scopes = Recording<KeyScope>()
        try registry.register { hooks in
            hooks.onStart(.getAPIKey, id: "acme/vault") { call in
                await Task.yield()
                scopes.add(call.arguments.scope)
            }
        }
        let resolver = try KeyResolver(registry: registry, environment: ["OPENAI_API_KEY": "sk-1"])
        let key = try await onThread {
            try resolver.getAPIKeyBlocking(service: "chatgpt", scope: KeyScope(project: "p"))
        }
        #expect(key?.value == "sk-1")
        #expect(scopes.events == [KeyScope(project: "p")])
        #expect(try await onThread { try resolver.getAPIKeyBlocking(service: "groq") } == nil)
    }

    @Test(.timeLimit(.minutes(5)))
    func `Its errors are the same`() async throws {
        let registry = HookRegistry()
        try registry.register { hooks in
            hooks.onStart(.getAPIKey, id: "acme/vault") { $0.result = .failure(LeakyError(description: "no")) }
        }
        let resolver = try KeyResolver(registry: registry, environment: ["OPENAI_API_KEY": "sk-1"])
        let error = try await failure {
            try await onThread { try resolver.getAPIKeyBlocking(service: "openai") }
        }
        #expect(error.code == .denied)
    }
}
