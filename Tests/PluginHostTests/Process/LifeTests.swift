import Dispatch
import KeyHooks
import KeyHooksTesting
import Synchronization
import Testing

@testable import PluginHost

@Suite("The life of a plugin's process", .timeLimit(.minutes(5)))
struct LifeTests {
    @Test("A plugin that crashes at each request is started four times and then not again")
    func crashLoop() async throws {
        try await withSession("hello(); next(requests()); sys.exit(9)") { session in
            var messages: [String] = []
            for _ in 0..<6 {
                let error = try await fault { try await session.key("openai") }
                #expect(error.kind == .crashed)
                messages.append(error.message)
            }
            #expect(session.spawnCount == 4)
            #expect(messages[4].contains("not started again"))
            #expect(messages[5] == messages[4])
            #expect(messages[5].contains("status 9"))
        }
    }

    @Test("A crash fails what the process had, and its successor answers what it had not")
    func successor() async throws {
        // Only the first process crashes.
        let body = """
            hello(); r = next(requests())
            if not os.path.exists("crashed"):
                open("crashed", "w").close(); sys.exit(1)
            key(r["id"], "well")
            for r in requests(): key(r["id"], "well")
            """
        var limits = SessionLimits.quick
        limits.inFlight = 1
        try await withSession(body, limits: limits) { session in
            let results = try await session.answers(to: [.key("one"), .key("two"), .key("three")])
            guard case .failure(let error) = results[0] else {
                Issue.record("the first request was answered by nobody")
                return
            }
            #expect(error.kind == .crashed)
            #expect(try results.dropFirst().map { try $0.get().summary } == ["key well", "key well"])
            #expect(session.spawnCount == 2)
        }
    }

    @Test("The pauses between starts are the clock's")
    func pauses() async throws {
        let clock = ManualClock()
        try await withFolder { folder in
            let session = PluginSession(
                try Script.python("hello(); next(requests()); sys.exit(9)", in: folder),
                limits: SessionLimits(),
                clock: clock
            )
            for pause in [Duration.zero, .milliseconds(100), .milliseconds(400), .milliseconds(1600)] {
                let before = session.spawnCount
                async let error = fault { try await session.key("openai") }
                if pause > .zero {
                    try await until { session.waiting == 1 }
                    clock.advance(by: pause - .milliseconds(1))
                    #expect(session.spawnCount == before)
                    clock.advance(by: .milliseconds(1))
                }
                let kind = try await error.kind
                #expect(kind == .crashed)
                #expect(session.spawnCount == before + 1)
            }
            await session.shutdown()
        }
    }

    @Test("A missing executable is named with the hint of the manifest, and looked for again")
    func missing() async throws {
        try await withFolder { folder in
            var launch = Script.launch("\(folder.path)/absent", [], folder)
            launch.installHint = "brew install acme"
            let session = PluginSession(launch)
            for _ in 0..<6 {
                let error = try await fault { try await session.key("openai") }
                #expect(error.kind == .notInstalled)
                #expect(error.hint == "brew install acme")
            }
            await session.shutdown()
        }
    }

    @Test("Whoever asks first is not held up by the start, which blocks a thread")
    func startElsewhere() async throws {
        try await withFolder { folder in
            let hasRegistered = DispatchSemaphore(value: 0)
            let isHeldUp = Mutex(false)
            var settings = RunnerSettings(
                try Script.python("hello()\nfor r in requests(): key(r['id'], 'x')", in: folder)
            )
            settings.verify = {
                if hasRegistered.wait(timeout: .now() + 20) == .timedOut { isHeldUp.withLock { $0 = true } }
            }
            let session = PluginSession(settings)
            let answer = try await withCheckedThrowingContinuation { continuation in
                session.register(.key("openai"), session.nextNumber()) { continuation.resume(with: $0) }
                hasRegistered.signal()
            }
            #expect(answer.summary == "key x")
            #expect(!isHeldUp.withLock { $0 })
            await session.shutdown()
        }
    }

    @Test("Requests after the end are refused")
    func closed() async throws {
        try await withSession("hello(); read()") { session in
            await session.shutdown()
            let error = try await fault { try await session.key("openai") }
            #expect(error.kind == .cancelled)
            #expect(session.spawnCount == 0)
        }
    }

    @Test("The end fails what is in flight")
    func ending() async throws {
        try await withSession("hello(); next(requests()); time.sleep(60)") { session in
            async let error = fault { try await session.key("openai") }
            try await until { session.inFlight == 1 }
            await session.shutdown()
            let kind = try await error.kind
            #expect(kind == .cancelled)
        }
    }

    @Test("A session that nobody holds any more ends its process")
    func released() async throws {
        try await withFolder { folder in
            let launch = try Script.python("hello()\nfor r in requests(): key(r['id'], 'x')", in: folder)
            var session: PluginSession? = PluginSession(launch, limits: .quick)
            _ = try await session?.key("openai")
            let process = try #require(session?.processIdentifier)
            session = nil
            try await until { !exists(process) }
        }
    }
}
