import KeyHooks
import Testing

@testable import PluginHost

/// Every way a child may misbehave, with a real one each.
@Suite("A misbehaving plugin", .timeLimit(.minutes(5)))
struct IsolationTests {
    /// A plugin, the error it leads to, and words that its text has.
    struct Row: CustomTestStringConvertible, Sendable {
        let name: String
        let body: String
        let kind: PluginError.Kind
        var words: [String] = []
        var hello = Duration.seconds(20)
        var deadline = Duration.seconds(20)

        var testDescription: String { name }
    }

    static let rows = [
        Row(
            name: "garbage for a hello",
            body: "print('Traceback: something', flush=True); time.sleep(60)",
            kind: .protocolViolation,
            words: ["not a JSON object (20 bytes, the first a letter)"]
        ),
        Row(
            name: "another message for a hello",
            body: "send({'type': 'response', 'id': '1', 'ok': {'verdict': 'proceed'}}); time.sleep(60)",
            kind: .protocolViolation,
            words: ["before its hello"]
        ),
        Row(
            name: "no hello at all",
            body: "time.sleep(60)",
            kind: .helloTimeout,
            words: ["0.2"],
            hello: .milliseconds(200)
        ),
        Row(
            name: "a hello that reads nothing and ends",
            body: "sys.exit(0)",
            kind: .crashed,
            words: ["status 0"]
        ),
        Row(
            name: "a partial line, and the end",
            body: "sys.stdout.write('{\"type\": \"he'); sys.stdout.flush()",
            kind: .protocolViolation,
            words: ["within a line"]
        ),
        Row(
            name: "a partial line, and silence",
            body: "sys.stdout.write('{\"type\": \"he'); sys.stdout.flush(); time.sleep(60)",
            kind: .helloTimeout,
            hello: .milliseconds(300)
        ),
        Row(
            name: "a line of 2 MiB",
            body: "hello(); r = next(requests()); key(r['id'], 'x' * (2 << 20)); time.sleep(60)",
            kind: .tooLarge,
            words: ["1048576"]
        ),
        Row(
            name: "an answer to a request that was not made",
            body: "hello(); r = next(requests()); key(r['id'] + '0', 'sk-stolen'); time.sleep(60)",
            kind: .protocolViolation,
            words: ["not asked"]
        ),
        Row(
            name: "an id that is not one of the host's",
            body: "hello(); r = next(requests()); key('0' + r['id'], 'sk-stolen'); time.sleep(60)",
            kind: .protocolViolation
        ),
        Row(
            name: "a number for an id",
            body: "hello(); r = next(requests()); key(int(r['id']), 'sk-stolen'); time.sleep(60)",
            kind: .protocolViolation
        ),
        Row(
            name: "a second hello",
            body: "hello(); next(requests()); send({'type': 'hello', 'v': [1]}); time.sleep(60)",
            kind: .protocolViolation,
            words: ["second hello"]
        ),
        Row(
            name: "noise on standard output",
            body: "hello(); r = next(requests()); print('looking it up...', flush=True); key(r['id'], 'x')",
            kind: .protocolViolation,
            words: ["not a JSON object (16 bytes, the first a letter)"]
        ),
        Row(
            name: "an empty line",
            body: "hello(); r = next(requests()); print(flush=True); key(r['id'], 'x'); time.sleep(60)",
            kind: .protocolViolation
        ),
        Row(
            name: "bytes that are no UTF-8",
            body:
                "hello(); next(requests()); sys.stdout.buffer.write(b'{\"\\xff\\n'); sys.stdout.flush(); time.sleep(60)",
            kind: .protocolViolation
        ),
        Row(
            name: "an end with words",
            body: "hello(); next(requests()); print('no vault here', file=sys.stderr); sys.exit(3)",
            kind: .crashed,
            words: ["status 3", "no vault here"]
        ),
        Row(
            name: "an end by a signal",
            body: "hello(); next(requests()); os.kill(os.getpid(), signal.SIGSEGV)",
            kind: .crashed,
            words: ["signal 11"]
        ),
        Row(
            name: "closes its output and goes on",
            body: "hello(); next(requests()); os.close(1); time.sleep(60)",
            kind: .crashed
        ),
        Row(
            name: "hangs without progress",
            body: "hello(['cancel']); next(requests()); time.sleep(60)",
            kind: .deadlineExceeded,
            deadline: .seconds(3)
        ),
        Row(
            name: "ends while a grandchild of another session holds the pipes",
            body: "hello(); next(requests()); subprocess.Popen(['sleep', '5'], start_new_session=True); os._exit(7)",
            kind: .crashed,
            words: ["status 7"]
        ),
        Row(
            name: "speaks other versions",
            body: "hello(versions=[2, 3]); time.sleep(60)",
            kind: .versionMismatch,
            words: ["newer versions only", "version 1"]
        ),
        Row(
            name: "says it is another",
            body: "send({'type': 'hello', 'v': [1], 'plugin': {'id': 'other'}}); time.sleep(60)",
            kind: .protocolViolation
        ),
        Row(
            name: "a message of an unknown type",
            body: "hello(); next(requests()); send({'type': 'ponder'}); time.sleep(60)",
            kind: .protocolViolation
        ),
        Row(
            name: "an answer without a verdict that exists",
            body:
                "hello(); r = next(requests()); send({'type': 'response', 'id': r['id'], 'ok': {'verdict': 'maybe'}}); read()",
            kind: .protocolViolation,
            words: ["unknown verdict", "expected one of finish, proceed"]
        ),
        Row(
            name: "both an answer and an error",
            body:
                "hello(); r = next(requests()); send({'type': 'response', 'id': r['id'], 'ok': {}, 'error': {}}); read()",
            kind: .protocolViolation
        ),
        Row(
            name: "an error of an unknown kind",
            body: "hello(); r = next(requests()); fault(r['id'], 'not-here', message='odd'); read()",
            kind: .internal,
            words: ["odd; it reports an error of an unknown kind: expected one of not-found"]
        ),
        Row(
            name: "a kind that only the host may use",
            body: "hello(); r = next(requests()); fault(r['id'], 'untrusted', message='odd'); read()",
            kind: .internal
        ),
    ]

    @Test("It gives its named error and leaves no process", arguments: rows)
    func named(row: Row) async throws {
        var process: Int32?
        try await withSession(row.body, hello: row.hello) { session in
            let error = try await fault {
                try await session.answer(to: .key("openai", within: row.deadline))
            }
            #expect(error.kind == row.kind)
            for word in row.words { #expect(error.message.contains(word)) }
            #expect(!error.description.contains("sk-stolen"))
            process = session.processIdentifier
        }
        if let process { #expect(!exists(process)) }
    }

    @Test("Answers in another order reach those who asked")
    func order() async throws {
        let body = """
            hello(); a = requests(); first, second = next(a), next(a)
            for r in (second, first): key(r["id"], "of-" + r["arguments"]["service"])
            read()
            """
        try await withSession(body) { session in
            async let one = session.key("one")
            async let two = session.key("two")
            let answers = try await [one, two]
            #expect(answers == ["key of-one", "key of-two"])
        }
    }

    @Test("A second answer to one request reaches nobody and ends the process")
    func duplicate() async throws {
        let body = """
            hello(); a = requests(); first, second = next(a), next(a)
            key(first["id"], "mine"); key(first["id"], "again"); key(second["id"], "late"); time.sleep(60)
            """
        try await withSession(body) { session in
            let results = try await session.answers(to: [.key("one"), .key("two")])
            #expect(try results[0].get().summary == "key mine")
            #expect(throws: PluginError.self) { try results[1].get() }
            guard case .failure(let error) = results[1] else { return }
            #expect(error.kind == .protocolViolation)
            #expect(!error.description.contains("again"))
        }
    }

    @Test("A child that ignores SIGTERM is gone after the graces", arguments: [true, false])
    func ignoresTermination(hangs: Bool) async throws {
        let body = """
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            hello(); r = next(requests()); key(r["id"], "x")
            \(hangs ? "time.sleep(60)" : "read()")
            """
        var process: Int32?
        let begun = ContinuousClock.now
        try await withSession(body) { session in
            _ = try await session.key("openai")
            process = session.processIdentifier
        }
        #expect(begun.duration(to: .now) < .seconds(30))
        #expect(!exists(try #require(process)))
    }

    @Test("1,000 requests in flight are answered by one process")
    func thousand() async throws {
        let body = """
            hello(["batch"]); waiting = []
            for r in requests():
                waiting.append(r)
                if len(waiting) == 1000:
                    for r in reversed(waiting): key(r["id"], "of-" + r["arguments"]["service"])
                    waiting = []
            """
        var limits = SessionLimits.quick
        limits.inFlight = 1000
        try await withSession(body, limits: limits) { session in
            let single = try await withThrowingTaskGroup(of: Bool.self) { group in
                for number in 0..<1000 {
                    group.addTask { try await session.key("s\(number)") == "key of-s\(number)" }
                }
                return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            #expect(single == 1000)
            let batch = try await session.answers(to: (0..<1000).map { .key("s\($0)") })
            #expect(try batch.map { try $0.get().summary } == (0..<1000).map { "key of-s\($0)" })
            #expect(session.spawnCount == 1)
        }
    }
}
