import ExtensionHooks
import KeyHooks

/// The body that every case calls, directly or through a point.
@inline(never)
func body(_ request: KeyRequest) async throws -> KeyAnswer { answer }

let answer = KeyAnswer.found(APIKey("sk-benchmark", provenance: KeyProvenance(source: .unknown)))
let request = KeyRequest(service: "openai")

struct StoredClosure {
    let call: @Sendable (KeyRequest) async throws -> KeyAnswer
}

/// The cases of the engine, each with a registry of its own.
struct EngineCases {
    static func all() throws -> [Case] {
        let stored = opaque(StoredClosure(call: body))
        return [
            Case("direct async call") { for _ in 0..<$0 { _ = try await body(request) } },
            Case("stored closure") { for _ in 0..<$0 { _ = try await stored.call(request) } },
            try point("empty point") { _ in },
            try point("short-circuit: 1 hook answers") { hooks in
                hooks.onStart(.getAPIKey, id: "answer") { call in call.result = .success(answer) }
            },
            try point("short-circuit: 1 hook that may wait answers") { hooks in
                hooks.onStart(.getAPIKey, id: "answer") { call async in call.result = .success(answer) }
            },
            try point("1 hook", noops(1)),
            try point("5 hooks", noops(5)),
            try point("20 hooks", noops(20)),
            try point("1 hook that may wait", waitingNoops(1)),
            try point("5 hooks that may wait", waitingNoops(5)),
            try point("20 hooks that may wait", waitingNoops(20)),
            try point("5 hooks with start and end") { hooks in
                for index in 0..<5 {
                    hooks.onStart(.getAPIKey, id: HookID("pair\(index)"), { _ in }, end: { _ in })
                }
            },
            try point("1 end hook that may wait") { hooks in
                hooks.onEnd(.getAPIKey, id: "end") { _ async in }
            },
            try point("rewriting: 1 hook changes the service") { hooks in
                hooks.onStart(.getAPIKey, id: "rewrite") { call in call.arguments.service = azure }
            },
            try point("1 observer") { hooks in hooks.observe { _ in } },
            try point("from the main actor: empty point", isOnMainActor: true) { _ in },
            try point("from the main actor: 1 hook that may wait answers", isOnMainActor: true) { hooks in
                hooks.onStart(.getAPIKey, id: "answer") { call async in call.result = .success(answer) }
            },
            try point("from the main actor: 1 end hook that may wait", isOnMainActor: true) { hooks in
                hooks.onEnd(.getAPIKey, id: "end") { _ async in }
            },
        ]
    }

    private static let azure: Service = "azure"

    private static func noops(_ count: Int) -> (inout HookBundle) -> Void {
        { hooks in
            for index in 0..<count { hooks.onStart(.getAPIKey, id: HookID("noop\(index)")) { _ in } }
        }
    }

    private static func waitingNoops(_ count: Int) -> (inout HookBundle) -> Void {
        { hooks in
            for index in 0..<count { hooks.onStart(.getAPIKey, id: HookID("noop\(index)")) { _ async in } }
        }
    }

    static func point(
        _ name: String,
        isOnMainActor: Bool = false,
        _ build: (inout HookBundle) throws -> Void
    ) throws -> Case {
        let registry = HookRegistry()
        try registry.register(build)
        let getAPIKey = opaque(Extensible(.getAPIKey, in: registry, body: body))
        return Case(name, isOnMainActor: isOnMainActor) { for _ in 0..<$0 { _ = try await getAPIKey(request) } }
    }
}
