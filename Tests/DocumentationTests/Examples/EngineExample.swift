import ExtensionHooks

private struct Prompt: Hashable, Sendable {}

private struct Reply: Sendable {}

private struct Model: Sendable {
    func reply(to prompt: Prompt) async throws -> Reply { Reply() }
}

private let model = Model()
private let cache: [Prompt: Reply] = [:]

extension HookPoint where Arguments == Prompt, Output == Reply {
    static var complete: Self { HookPoint("complete") }
}

private func engine() async throws {
    let registry = HookRegistry()
    let complete = Extensible(.complete, in: registry) { prompt in try await model.reply(to: prompt) }

    try registry.register { hooks in
        hooks.onStart(.complete, id: "cache", priority: 10) { call in
            if let known = cache[call.arguments] { call.result = .success(known) }
        }
    }
    _ = try await complete(Prompt())
}
