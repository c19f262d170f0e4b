import KeyHooks
import Testing

@testable import PluginHost

@Suite("Deadlines, progress and cancellation", .timeLimit(.minutes(5)))
struct DeadlineTests {
    @Test("The plugin is reported how long it has, less what was spent in line")
    func told() async throws {
        let body = """
            hello()
            for r in requests(): key(r["id"], str(r["deadline_ms"]) + " " + str(r["attempt"]))
            """
        try await withSession(body) { session in
            let words = try await session.key("openai", within: .seconds(20)).split(separator: " ")
            #expect((1...20_000).contains(try #require(Int(words[1]))))
            #expect(words[2] == "1")
        }
    }

    @Test("Requests in line for a plugin that hangs end in time too")
    func line() async throws {
        var limits = SessionLimits.quick
        limits.inFlight = 1
        try await withSession("hello(); next(requests()); time.sleep(60)", limits: limits) { session in
            try await warmUp(session)
            let results = try await session.answers(to: (0..<3).map { .key("s\($0)", within: .milliseconds(500)) })
            for result in results {
                guard case .failure(let error) = result else {
                    Issue.record("answered by nobody")
                    continue
                }
                #expect(error.kind == .deadlineExceeded)
            }
        }
    }

    @Test("Progress stops the clock")
    func progress() async throws {
        let body = """
            hello(["progress"]); r = next(requests())
            send({"type": "progress", "id": r["id"], "state": "waiting-for-user", "message": "touch your key"})
            time.sleep(3); key(r["id"], "touched"); read()
            """
        let log = Recording<String>()
        try await withSession(body, log: log) { session in
            try await warmUp(session)
            #expect(try await session.key("openai", within: .milliseconds(2500)) == "key touched")
            #expect(log.events == ["test: waiting-for-user: touch your key"])
        }
    }

    @Test(
        "Progress stops the clock up to the cap only, and not for a plugin that did not announce it",
        arguments: [true, false]
    )
    func cap(isAnnounced: Bool) async throws {
        let body = """
            hello(\(isAnnounced ? #"["progress"]"# : "[]")); r = next(requests())
            while True:
                send({"type": "progress", "id": r["id"], "state": "waiting-for-user"}); time.sleep(0.02)
            """
        var limits = SessionLimits.quick
        limits.progressCap = isAnnounced ? .milliseconds(1500) : .seconds(30)
        try await withSession(body, limits: limits) { session in
            try await warmUp(session)
            let begun = ContinuousClock.now
            let error = try await fault { try await session.key("openai", within: .milliseconds(1000)) }
            #expect(error.kind == .deadlineExceeded)
            let time = begun.duration(to: .now)
            #expect(time >= (isAnnounced ? .milliseconds(1400) : .milliseconds(900)) && time < .seconds(120))
        }
    }

    @Test("A caller that is cancelled leaves, the plugin is reported, and its late answer reaches nobody")
    func cancellation() async throws {
        let body = """
            hello(["cancel"]); a = requests(); r = next(a); c = next(a)
            key(r["id"], "late"); other = next(a)
            key(other["id"], c["type"] + " " + str(c["id"] == r["id"])); read()
            """
        try await withSession(body) { session in
            let task = Task { try await session.key("openai") }
            try await until { session.inFlight == 1 }
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            #expect(try await session.key("azure") == "key cancel True")
            #expect(session.spawnCount == 1)
        }
    }

    @Test("A plugin that cannot be reported is not told")
    func withoutCapability() async throws {
        let body = """
            hello(); a = requests(); r = next(a); other = next(a)
            key(r["id"], "late"); key(other["id"], other["type"]); read()
            """
        try await withSession(body) { session in
            let task = Task { try await session.key("openai") }
            try await until { session.inFlight == 1 }
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            #expect(try await session.key("azure") == "key request")
        }
    }

    @Test("A task that was cancelled before asks nothing")
    func cancelledBefore() async throws {
        try await withSession("hello(); read()") { session in
            let task = Task {
                withUnsafeCurrentTask { $0?.cancel() }
                return try await session.key("openai")
            }
            await #expect(throws: CancellationError.self) { try await task.value }
            #expect(session.spawnCount == 0)
        }
    }

    @Test("A plugin that owes an answer for too long is ended, and its successor serves")
    func owed() async throws {
        let body = """
            hello(); r = next(requests())
            if not os.path.exists("hung"):
                open("hung", "w").close(); time.sleep(60)
            key(r["id"], "well"); read()
            """
        var limits = SessionLimits.quick
        limits.owedAnswer = .milliseconds(50)
        try await withSession(body, limits: limits) { session in
            let first = Task { try await session.key("openai") }
            try await until { session.inFlight == 1 }
            first.cancel()
            try await until { session.inFlight == 0 }
            #expect(try await session.key("openai") == "key well")
            #expect(session.spawnCount == 2)
        }
    }

    @Test("A child that does not read blocks nobody")
    func doesNotRead() async throws {
        try await withSession("hello(); time.sleep(60)") { session in
            try await warmUp(session)
            let large = String(repeating: "x", count: 500_000)
            let results = try await session.answers(to: (0..<8).map { _ in .key(large, within: .milliseconds(800)) })
            let kinds = results.map { result in
                if case .failure(let error) = result { error.kind } else { PluginError.Kind.internal }
            }
            #expect(kinds == Array(repeating: .deadlineExceeded, count: 8))
        }
    }

    @Test("A request that is too long is refused before it is sent, and the session goes on")
    func tooLongRequest() async throws {
        try await withSession("hello()\nfor r in requests(): key(r['id'], 'x')") { session in
            let error = try await fault { try await session.key(String(repeating: "x", count: 1 << 20)) }
            #expect(error.kind == .tooLarge)
            #expect(try await session.key("openai") == "key x")
            #expect(session.spawnCount == 1)
        }
    }

    /// Starts the process without asking, so that a short deadline is not spent on the start of Python.
    private func warmUp(_ session: PluginSession) async throws {
        let task = Task { try await session.key("openai", within: .milliseconds(1)) }
        _ = await task.result
        try await until { session.isReady }
    }
}
