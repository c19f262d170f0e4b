#if Macros
import ExtensionHooks
import Synchronization
import Testing

/// Functions at top level, with and without hooks.
@Suite(.serialized)
struct FunctionTests {
    @Test func withoutHooksAFunctionIsWhatItWas() async throws {
        #expect(try await getKey(service: "openai") == "openai-any")
        #expect(try await getKey(service: "openai", for: "p1") == "openai-p1")
        #expect(try await getKey(service: "none") == nil)
        await #expect(throws: Refused()) { try await getKey(service: "broken") }
        #expect(try double(4) == 8)
        #expect(throws: Refused()) { try double(-1) }
        #expect(try constant() == 42)
        try await announce("")
        try await announce("plain")
        #expect(heard.withLock { $0 } == ["plain"])
    }

    @Test func pointsAreNamedAfterTheirFunctions() {
        #expect(getKeyPoint.name == "getKey")
        #expect(doublePoint.name == "double")
    }

    @Test func hooksSeeTheArgumentsByNameAndRewriteThem() async throws {
        let registration = try Hooks.functions.register { hooks in
            hooks.onStart(getKeyPoint, id: "rewrite") { call in
                if call.arguments.project == nil { call.arguments.project = "default" }
                call.arguments.service += "-eu"
            }
            hooks.onStart(doublePoint, id: "rewrite") { call in call.arguments.number += 1 }
        }
        defer { registration.cancel() }
        #expect(try await getKey(service: "openai") == "openai-eu-default")
        #expect(try double(1) == 4)
    }

    @Test func hooksAnswerAndDeny() async throws {
        let registration = try Hooks.functions.register { hooks in
            hooks.onStart(getKeyPoint, id: "answer") { call in
                await Task.yield()
                call.result = call.arguments.service == "secret" ? .failure(Refused()) : .success(nil)
            }
            hooks.onStart(doublePoint, id: "deny") { call in call.result = .failure(Refused()) }
            hooks.onStart(constantPoint, id: "answer") { call in call.result = .success(1) }
            hooks.onStart(announcePoint, id: "answer") { call in call.result = .success(()) }
        }
        defer { registration.cancel() }
        #expect(try await getKey(service: "openai") == nil)
        await #expect(throws: Refused()) { try await getKey(service: "secret") }
        #expect(throws: Refused()) { try double(1) }
        #expect(try constant() == 1)
        try await announce("swallowed")
        #expect(heard.withLock { !$0.contains("swallowed") })
    }

    @Test func endHooksRecover() async throws {
        let registration = try Hooks.functions.register { hooks in
            hooks.onEnd(getKeyPoint, id: "recover") { call in
                if case .failure = call.result { call.result = .success("recovered") }
            }
        }
        defer { registration.cancel() }
        #expect(try await getKey(service: "broken") == "recovered")
    }
}
#endif
