import ExtensionHooks
import KeyHooks

/// How the number of calls a second grows from one thread to two.
struct ThreadCases {
    static func all() throws -> [Case] {
        let answering = HookRegistry()
        try answering.onStart(.getAPIKey, id: "answer") { call in call.result = .success(answer) }
        let empty = opaque(Extensible(.getAPIKey, in: HookRegistry(), body: body))
        let hooked = opaque(Extensible(.getAPIKey, in: answering, body: body))
        let resolver = try ResolverCases.resolver(HookRegistry())
        let hookedResolver = try ResolverCases.resolver(answering)
        return (1...2)
            .flatMap { threads in
                let suffix = "on \(threads) thread\(threads == 1 ? "" : "s"), per call of all"
                return [
                    Case("empty point \(suffix)") { count in
                        try await split(count, threads) { for _ in 0..<$0 { _ = try await empty(request) } }
                    },
                    Case("1 hook answers \(suffix)") { count in
                        try await split(count, threads) { for _ in 0..<$0 { _ = try await hooked(request) } }
                    },
                    Case("resolver: environment path \(suffix)") { count in
                        try await split(count, threads) {
                            for _ in 0..<$0 { _ = try await resolver.getAPIKey(service: "openai") }
                        }
                    },
                    Case("resolver: 1 hook answers \(suffix)") { count in
                        try await split(count, threads) {
                            for _ in 0..<$0 { _ = try await hookedResolver.getAPIKey(service: "openai") }
                        }
                    },
                ]
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
