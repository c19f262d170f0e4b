import ExtensionHooks
import Testing

private struct Prompt: Sendable {
    var text: String
}

private struct Reply: Sendable {
    var text: String
}

extension HookPoint where Arguments == Prompt, Output == Reply {
    fileprivate static var complete: Self { HookPoint("complete") }
}

/// The two lines that make a function extensible.
struct EngineExample {
    @Test func makesAFunctionExtensible() async throws {
        let registry = HookRegistry()
        let complete = Extensible(.complete, in: registry) { prompt in Reply(text: "echo \(prompt.text)") }
        try registry.register { hooks in
            hooks.onStart(.complete, id: "shout") { call in call.arguments.text = call.arguments.text.uppercased() }
        }
        #expect(try await complete(Prompt(text: "hello")).text == "echo HELLO")
    }
}
