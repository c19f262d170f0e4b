import ExtensionHooks
import HTTPTransport
import JSON5Syntax
import KeyHooks
import KeyHooksTesting
import LiteLLM
import OpenBaoTestSupport
import Synchronization
import Testing

/// Faults around LiteLLM's own handlers: a fake in front of what is real.
@Suite(.timeLimit(.minutes(5))) struct LostAnswerTests {
    static let kinds = ["lose-answer", "half", "before", "status-500", "status-503"]

    @Test(
        "An answer that is lost costs no key: one is in the table, and the caller has it",
        arguments: kinds,
        [true, false]
    )
    func lost(_ kind: String, takesOwnKeys: Bool) async throws {
        let proxy = try await takesOwnKeys ? LiteLLMProxy.shared : Proxies.withoutCustomKeys
        try await withProxyUser(proxy) { user in
            let resolver = try user.resolver()
            // What a proxy takes is learned once.
            if !takesOwnKeys { #expect(resolver.release(try await resolver.virtualKey("first"))) }
            try await until("it is gone") { try await user.rows.isEmpty }
            for (tenant, times) in [("a", 1), ("b", 2)] {
                try await proxy.fault(kind, at: "/key/generate", of: "\(user.stem)/\(tenant)", times: times)
                let key = try await resolver.virtualKey(tenant)
                let rows = try await proxy.keys("\(user.stem)/\(tenant)")
                #expect(rows.map(\.token) == [key.token])
                #expect(try await proxy.chat(key: key.value, model: "gpt-stand-in") == 200)
                #expect(key.provenance?.lease?.id == key.token)
            }
            await resolver.shutdown()
            #expect(try await user.rows.isEmpty)
            // For a minute a request may be carried out still.
            try await user.pass("it is looked for no more") { user.written.isEmpty }
            #expect(user.clock.now.offset > .seconds(60))
            #expect(try await user.rows.isEmpty)
        }
    }

    @Test(
        "An answer that comes too late costs no key either",
        arguments: [true, false]
    )
    func late(takesOwnKeys: Bool) async throws {
        let proxy = try await takesOwnKeys ? LiteLLMProxy.shared : Proxies.withoutCustomKeys
        try await withProxyUser(proxy) { user in
            let held = Held()
            let resolver = try user.resolver(transport: held.transport)
            if !takesOwnKeys { #expect(resolver.release(try await resolver.virtualKey("first"))) }
            try await until("it is gone") { try await user.rows.isEmpty }
            held.hold(1)
            async let made = resolver.virtualKey()
            // Half of the time is for the first attempt.
            try await user.pass("it is asked once more", step: .seconds(0.1)) { try await !user.rows.isEmpty }
            #expect(held.requests.count == 1)
            let key = try await made
            #expect(try await user.rows.map(\.token) == [key.token])
            // Its name is taken.
            #expect(try await held.send(0) == 400)
            #expect(try await user.rows.map(\.token) == [key.token])
            #expect(try await proxy.chat(key: key.value, model: "gpt-stand-in") == 200)
            await resolver.shutdown()
            #expect(try await user.rows.isEmpty)
        }
    }

    @Test(
        "Where all answers are lost an error says so, and nothing stays in the table",
        arguments: kinds,
        [true, false]
    )
    func allLost(_ kind: String, takesOwnKeys: Bool) async throws {
        let proxy = try await takesOwnKeys ? LiteLLMProxy.shared : Proxies.withoutCustomKeys
        try await withProxyUser(proxy) { user in
            let resolver = try user.resolver(environment: ["LITELLM_API_KEY": "sk-weak"])
            if !takesOwnKeys { #expect(resolver.release(try await resolver.virtualKey("first"))) }
            try await until("it is gone") { try await user.rows.isEmpty }
            // Looking for it fails as well.
            try await proxy.fault(kind, at: "/key/*", of: user.stem, times: 8)
            let error = try #require(await resolver.failure())
            #expect(error.code == .unavailable)
            #expect(!error.remedy.isEmpty)
            if ["lose-answer", "half"].contains(kind) {
                #expect(error.message.contains("may or may not have been done"), "\(error)")
            }
            #expect(user.written.count == 1)
            // For a minute it may come still.
            try await user.pass("it is looked for no more") { user.written.isEmpty }
            #expect(user.clock.now.offset > .seconds(60))
            #expect(try await user.rows.isEmpty)
            let key = try await resolver.virtualKey()
            #expect(try await user.rows.map(\.token) == [key.token])
            await resolver.shutdown()
        }
    }

    @Test func `What the proxy carries out after everybody gave up is taken away, one after the other`() async throws {
        try await withProxyUser { user in
            let held = Held()
            let resolver = try user.resolver(transport: held.transport)
            held.hold(3)
            async let failure = resolver.failure()
            for count in 1...3 {
                try await user.pass("attempt \(count)", step: .seconds(0.1)) { held.requests.count == count }
            }
            try await user.pass("it is looked for", step: .seconds(0.1)) {
                try await !user.requests("/key/delete").isEmpty
            }
            let error = try #require(await failure)
            #expect(error.code == .timedOut && error.message.contains("may or may not have been done"), "\(error)")
            // Each is carried out when the key of the one before is gone.
            for number in 0..<3 {
                #expect(try await held.send(number) == 200)
                #expect(try await user.rows.count == 1)
                try await user.pass("its key is gone", step: .seconds(0.2)) { try await user.rows.isEmpty }
            }
            try await user.pass("it is looked for no more") { user.written.isEmpty }
            #expect(try await user.rows.isEmpty)
            await resolver.shutdown()
        }
    }

    /// A fake in front of the real proxy.
    @Test(
        "What something in between says isn't the proxy's word: no key is given up or forgotten for it",
        arguments: ["update", "delete"],
        [
            (404, #"{"detail":"Not Found"}"#), (404, "<html>not found</html>"), (200, "<html>welcome</html>"),
            (200, #"{"status":"ok"}"#), (302, ""), (401, "<html>log in</html>"), (502, #"{"error":"upstream"}"#),
        ]
    )
    func between(_ step: String, _ answer: (status: Int, text: String)) async throws {
        try await withProxyUser { user in
            let (relay, left) = (FakeTransport.relay(), Left(2))
            let transport = FakeTransport { request in
                guard request.path == "/key/\(step)", left.takeOne() else {
                    return try await relay.send(request, timeout: .seconds(60), limit: 1 << 20)
                }
                return HTTPTransportResponse(status: answer.status, body: Array(answer.text.utf8))
            }
            let resolver = try user.resolver(transport: transport)
            let key = try await resolver.virtualKey()
            user.clock.advance(by: .seconds(45 * 60))
            try await user.pass("it was renewed") {
                let given = try await resolver.virtualKey()
                #expect(given == key)
                return resolver.leaseStatistics["litellm"]?.renewed == 1
            }
            #expect(resolver.leaseStatistics["litellm"]?.lost == 0)
            // More where the clock was faster than the proxy.
            #expect(resolver.leaseStatistics["litellm"]?.failedRenewals ?? 0 >= (step == "update" ? 2 : 0))
            #expect(resolver.release(key))
            try await user.pass("it is gone") { try await user.rows.isEmpty && user.written.isEmpty }
            #expect(resolver.leaseStatistics["litellm"]?.failedReturns ?? 0 >= (step == "delete" ? 2 : 0))
            await resolver.shutdown()
        }
    }

    @Test(
        "A fault at any step leaves no key behind, gives no wrong one and ends",
        arguments: ["generate", "info", "update", "delete"],
        kinds + ["status-429"]
    )
    func everyStep(_ step: String, _ kind: String) async throws {
        try await withProxyUser { user in
            let resolver = try user.resolver()
            // Nobody looks at a key whose answer wasn't lost.
            if step == "info" { try await user.proxy.fault("lose-answer", at: "/key/generate", of: user.stem) }
            try await user.proxy.fault(kind, at: "/key/\(step)", of: user.stem, times: 2)
            var keys: [APIKey] = []
            func ask() async throws {
                do {
                    let key = try await resolver.virtualKey()
                    keys.append(key)
                    #expect(try await user.rows.contains { $0.token == key.token })
                } catch let error as KeyResolutionError {
                    #expect([.unavailable, .timedOut].contains(error.code), "\(error)")
                    user.clock.advance(by: .seconds(60))
                }
            }
            for _ in 1...3 { try await ask() }
            #expect(!keys.isEmpty)
            // Renewals, which may fail; a good key is given out meanwhile.
            for _ in 1...3 {
                user.clock.advance(by: .seconds(45 * 60))
                try await ask()
                try await until("nothing is under way") {
                    try await user.proxy.requests(user.stem).allSatisfy { $0.status != nil || $0.fault == "before" }
                }
                try await ask()
            }
            let last = try await resolver.virtualKey()
            #expect(try await user.rows.contains { $0.token == last.token })
            #expect(try await user.proxy.chat(key: last.value, model: "gpt-stand-in") == 200)
            resolver.release(last)
            try await user.pass("nothing is left") {
                try await user.rows.isEmpty && user.written.isEmpty
            }
            await resolver.shutdown()
        }
    }
}

/// How often something is still to happen.
private final class Left: Sendable {
    private let count: Mutex<Int>

    init(_ count: Int) { self.count = Mutex(count) }

    func takeOne() -> Bool {
        count.withLock { count in
            defer { count -= 1 }
            return count > 0
        }
    }
}

/// Requests for keys that are on their way for longer than anybody waits: a test has them arrive at the real proxy.
private final class Held: Sendable {
    private let relay = FakeTransport.relay()
    private let state = Mutex((left: 0, requests: [HTTPTransportRequest]()))

    var requests: [HTTPTransportRequest] { state.withLock(\.requests) }

    func hold(_ count: Int) { state.withLock { $0.left = count } }

    var transport: FakeTransport {
        FakeTransport { [self] request in
            let isHeld = state.withLock { state in
                guard request.path == "/key/generate", state.left > 0 else { return false }
                state.left -= 1
                state.requests.append(request)
                return true
            }
            if isHeld { for await _ in AsyncStream<Never>.makeStream().stream {} }
            try Task.checkCancellation()
            return try await relay.send(request, timeout: .seconds(60), limit: 1 << 20)
        }
    }

    /// Has a request arrive, and gives the status of the answer.
    func send(_ number: Int) async throws -> Int {
        try await relay.send(requests[number], timeout: .seconds(60), limit: 1 << 20).status
    }
}
