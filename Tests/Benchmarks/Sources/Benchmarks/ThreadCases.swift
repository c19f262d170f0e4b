import ExtensionHooks
import KeyHooks

extension HookPoint where Arguments == Int, Output == Int {
    /// A point whose results are not counted references, to tell the engine's share from that of a shared key.
    static var number: Self { HookPoint("number") }
}

/// How the number of calls a second grows from one thread to two.
struct ThreadCases {
    static func all() throws -> [Case] {
        let answering = HookRegistry()
        try answering.register { hooks in
            hooks.onStart(.getAPIKey, id: "answer") { call in call.result = .success(answer) }
            hooks.onStart(.number, id: "answer") { call in call.result = .success(1) }
        }
        let emptyNumber = opaque(Extensible(.number, in: HookRegistry()) { $0 })
        let hookedNumber = opaque(Extensible(.number, in: answering) { $0 })
        let emptyKey = opaque(Extensible(.getAPIKey, in: HookRegistry(), body: body))
        let hookedKey = opaque(Extensible(.getAPIKey, in: answering, body: body))
        let resolver = try ResolverCases.resolver(HookRegistry())
        let hookedResolver = try ResolverCases.resolver(answering)
        let runs: [(String, @Sendable (Int) async throws -> Void)] = [
            ("a number: empty point", { for index in 0..<$0 { _ = try await emptyNumber(index) } }),
            ("a number: 1 hook answers", { for index in 0..<$0 { _ = try await hookedNumber(index) } }),
            ("one shared key: empty point", { for _ in 0..<$0 { _ = try await emptyKey(request) } }),
            ("one shared key: 1 hook answers", { for _ in 0..<$0 { _ = try await hookedKey(request) } }),
            ("resolver: environment path", { for _ in 0..<$0 { _ = try await resolver.getAPIKey(service: "openai") } }),
            (
                "resolver: 1 hook answers",
                { for _ in 0..<$0 { _ = try await hookedResolver.getAPIKey(service: "openai") } }
            ),
        ]
        return onThreads(runs)
    }

    /// Each run on one thread and on two.
    static func onThreads(_ runs: [(String, @Sendable (Int) async throws -> Void)]) -> [Case] {
        (1...2)
            .flatMap { threads in
                runs.map { name, run in
                    Case("\(name) on \(threads) thread\(threads == 1 ? "" : "s"), per call of all") { count in
                        try await split(count, threads, run)
                    }
                }
            }
    }

    /// Gives each thread its share of the calls.
    private static func split(
        _ count: Int,
        _ threads: Int,
        _ run: @escaping @Sendable (Int) async throws -> Void
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<threads { group.addTask { try await run(count / threads) } }
            try await group.waitForAll()
        }
    }
}
