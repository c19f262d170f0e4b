import JSON5Syntax
import KeyHooks
import Testing

@testable import PluginHost

@Suite("What host and plugin say to each other", .timeLimit(.minutes(5)))
struct ConversationTests {
    @Test("The plugin gets its configuration, the limits and the capabilities that both have")
    func initialize() async throws {
        let body = """
            i = hello(["cancel", "fly"])
            for r in requests():
                key(r["id"], json.dumps([i["v"], i["config"], i["capabilities"], i["limits"], i["interactive"], i["host"]["name"]]))
            """
        try await withFolder { folder in
            var launch = try Script.python(body, in: folder)
            launch.configuration = .object(["address": .string("https://vault.example")])
            let session = PluginSession(launch, limits: .quick)
            let heard = try await session.key("openai")
            #expect(
                heard == """
                    key [1, {"address": "https://vault.example"}, ["cancel"], {"line_bytes": 1048576, "in_flight": 8}, \
                    "never", "keyhooks"]
                    """
            )
            await session.shutdown()
        }
    }

    @Test(
        "A batch is one line for a plugin that can take it, and many for one that cannot",
        arguments: [(#"["batch"]"#, "key 10"), ("[]", "key 1")]
    )
    func batch(capabilities: String, size: String) async throws {
        try await withFolder { folder in
            let body = """
                while not os.path.exists("\(folder.path)/asked"): time.sleep(0.002)
                hello(\(capabilities))
                while True:
                    m = read()
                    part = m["requests"] if m["type"] == "batch" else [m]
                    for r in part: key(r["id"], str(len(part)))
                """
            var limits = SessionLimits.quick
            limits.inFlight = 10
            try await withSession(body, limits: limits) { session in
                let results = try await session.answers(to: (0..<10).map { .key("s\($0)") }) {
                    _ = try folder.write("asked", "")
                }
                #expect(try results.map { try $0.get().summary } == Array(repeating: size, count: 10))
            }
        }
    }

    @Test("A plugin never has more requests at once than it was reported")
    func inFlight() async throws {
        try await withFolder { folder in
            let body = """
                while not os.path.exists("\(folder.path)/asked"): time.sleep(0.002)
                hello(["batch"]); waiting = []; most = 0
                import select
                a = requests()
                while True:
                    # The pause lets come what would come.
                    if not waiting or select.select([sys.stdin], [], [], 0.01)[0]:
                        m = read(); waiting += m["requests"] if m["type"] == "batch" else [m]
                    else:
                        most = max(most, len(waiting)); key(waiting.pop(0)["id"], str(most))
                """
            var limits = SessionLimits.quick
            limits.inFlight = 3
            try await withSession(body, limits: limits) { session in
                let results = try await session.answers(to: (0..<10).map { .key("s\($0)") }) {
                    _ = try folder.write("asked", "")
                }
                #expect(try results.map { try $0.get().summary } == Array(repeating: "key 3", count: 10))
            }
        }
    }

    @Test("A refused key is reported to a plugin that runs and wants to know, and starts none")
    func invalidate() async throws {
        let body = """
            hello(["invalidate"]); a = requests(); r = next(a); key(r["id"], "old")
            told = next(a); r = next(a); key(r["id"], told["type"] + " " + told["reason"]); read()
            """
        try await withSession(body) { session in
            let arguments = JSONNode.object(["service": .string("openai")])
            session.invalidate(point: "getAPIKey", arguments: arguments, reason: "rejected")
            #expect(session.spawnCount == 0)
            let first = try await session.key("openai")
            #expect(first == "key old")
            session.invalidate(point: "getAPIKey", arguments: arguments, reason: "rejected")
            let second = try await session.key("openai")
            #expect(second == "key invalidate rejected")
        }
    }

    @Test("At the end of a function the plugin gets the outcome, and may keep or replace it")
    func end() async throws {
        let body = """
            hello()
            for r in requests():
                ok = {"verdict": "keep"} if r["outcome"]["found"] else {"verdict": "replace", "outcome": {}}
                send({"type": "response", "id": r["id"], "ok": ok})
            """
        try await withSession(body) { session in
            var request = PluginRequest.key("openai")
            request.phase = .end
            request.outcome = .object(["found": .bool(true)])
            let kept = try await session.answer(to: request).summary
            #expect(kept == "keep")
            request.outcome = .object(["found": .bool(false)])
            let replaced = try await session.answer(to: request).summary
            #expect(replaced == "replace")
        }
    }

    @Test("A verdict for the other end of a function is a violation")
    func wrongPhase() async throws {
        let body =
            "hello(); r = next(requests()); send({'type': 'response', 'id': r['id'], 'ok': {'verdict': 'keep'}}); read()"
        try await withSession(body) { session in
            let error = try await fault { try await session.key("openai") }
            #expect(error.kind == .protocolViolation)
        }
    }

    @Test("A source that wants to be asked again at once, forever, is asked ever more seldom")
    func noPause() async throws {
        let body = """
            hello()
            count = 0
            for r in requests():
                if r["arguments"]["service"] == "count": key(r["id"], str(count))
                else: count += 1; fault(r["id"], "unavailable", retry_after_ms=0)
            """
        try await withSession(body) { session in
            #expect(try await session.key("count") == "key 0")
            _ = try await fault { try await session.answerRetrying(.key("openai", within: .seconds(3))) }
            let count = try await session.key("count").split(separator: " ").last.flatMap { Int($0) }
            #expect(count.map { (1...5).contains($0) } == true)
        }
    }

    private static let twiceDown = """
        hello()
        for r in requests():
            if r["attempt"] < 3: fault(r["id"], "unavailable", message="sealed", retry_after_ms=5)
            else: key(r["id"], "attempt-" + str(r["attempt"]))
        """

    @Test("A source that cannot be reached is asked again within the deadline")
    func retry() async throws {
        try await withSession(Self.twiceDown) { session in
            let answer = try await session.answerRetrying(.key("openai", within: .seconds(60))).summary
            #expect(answer == "key attempt-3")
        }
    }

    @Test("It is not asked again when there is no time, nor after another fault")
    func noRetry() async throws {
        let body = """
            hello()
            for r in requests(): fault(r["id"], r["arguments"]["service"], message=str(r["attempt"]), retry_after_ms=60000)
            """
        try await withSession(body) { session in
            for kind in ["unavailable", "permission-denied", "internal"] {
                let error = try await fault { try await session.answerRetrying(.key(kind, within: .seconds(20))) }
                #expect(error.message == "1" && error.kind.rawValue == kind)
            }
        }
    }
}
