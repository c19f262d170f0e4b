import ExtensionHooks
import KeyHooks
import Testing

/// A hook's empty key is no key, and is not passed off as one.
struct EmptyAnswerTests {
    @Test(arguments: ["", " ", "\n", "\t \r\n"])
    func anEmptyKeyIsAFailureThatNamesTheHook(value: String) async throws {
        let registry = HookRegistry()
        try registry.register { hooks in
            hooks.onStart(.getAPIKey, id: "acme/vault") { $0.result = .success(.found(APIKey(value))) }
        }
        let resolver = try KeyResolver(registry: registry, environment: ["OPENAI_API_KEY": "sk-weaker"])
        let error = await #expect(throws: KeyResolutionError.self) { try await resolver.getAPIKey(service: "openai") }
        #expect(error?.code == .pluginFailed)
        #expect(error?.message.contains("acme/vault") == true)
    }
}
