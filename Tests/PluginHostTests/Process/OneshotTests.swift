import JSON5Syntax
import KeyHooks
import Testing

@testable import PluginHost

@Suite("A one-shot plugin", .timeLimit(.minutes(5)))
struct OneshotTests {
    /// The id of a first request is known, so that a script need not parse anything.
    private static let answer =
        #"{"type":"response","id":"1","ok":{"verdict":"finish","result":{"key":"sk-from-shell-1234"}}}"#

    @Test("Three lines of shell are enough")
    func shell() async throws {
        try await withFolder { folder in
            let body = """
                read -r request
                id=$(printf %s "$request" | sed 's/.*"id":"\\([0-9]*\\)".*/\\1/')
                printf '{"type":"response","id":"%s","ok":{"verdict":"finish","result":{"key":"k-%s"}}}' "$id" "$id"
                """
            let plugin = OneshotPlugin(try Script.shell(body, in: folder))
            #expect(try await plugin.answer(to: .key("openai")).summary == "key k-1")
            #expect(try await plugin.answer(to: .key("openai")).summary == "key k-2")
        }
    }

    @Test(
        "A caller may wait any time",
        arguments: [
            .seconds(Int64.min), .seconds(-1), .zero, Duration(secondsComponent: 0, attosecondsComponent: 1),
            .seconds(36_500 * 86_400), .seconds(Int64.max),
        ] as [Duration]
    )
    func anyDeadline(_ deadline: Duration) async throws {
        try await withFolder { folder in
            let plugin = OneshotPlugin(try Script.shell("read -r request; echo '\(Self.answer)'", in: folder))
            do {
                let answer = try await plugin.answer(to: .key("openai", within: deadline))
                #expect(answer.summary == "key sk-from-shell-1234")
            } catch let error as PluginError {
                #expect(error.kind == .deadlineExceeded && deadline < .seconds(1))
            }
        }
        // It ends at once, so that any failure will do: the deadline is added to the clock before that.
        try await withFolder { folder in
            let session = PluginSession(try Script.shell("read -r hello", in: folder))
            await #expect(throws: PluginError.self) { try await session.answer(to: .key("openai", within: deadline)) }
            await session.shutdown()
        }
    }

    @Test("It is reported its section and whether it may ask, after what it is asked")
    func settings() async throws {
        try await withFolder { folder in
            let body = """
                read -r request
                case $request in
                    *'"arguments":{"service":"openai"'*'"interactive":"if-available","config":{"service":"other"}}')
                        echo '\(Self.answer)' ;;
                esac
                """
            var launch = try Script.shell(body, in: folder)
            launch.configuration = .object(["service": .string("other")])
            launch.interactive = "if-available"
            #expect(try await OneshotPlugin(launch).answer(to: .key("openai")).summary == "key sk-from-shell-1234")
        }
    }

    @Test(
        "Answers that count",
        arguments: [
            ("an answer without reading the request", "echo '\(answer)'"),
            ("an answer on several lines", "cat >/dev/null; echo '\(answer)' | tr ',' '\\n' | sed '2,$s/^/,/'"),
            ("an answer and a grandchild that holds the pipes", "echo '\(answer)'; sleep 5 & exit 0"),
            ("an answer after its input was closed", "exec 0<&-; sleep 0.05; echo '\(answer)'"),
        ]
    )
    func counts(name: String, body: String) async throws {
        try await withFolder { folder in
            let plugin = OneshotPlugin(try Script.shell(body, in: folder))
            // More than fits into a pipe.
            let request = PluginRequest.key(String(repeating: "x", count: 200_000))
            #expect(try await plugin.answer(to: request).summary == "key sk-from-shell-1234")
        }
    }

    struct Row: CustomTestStringConvertible, Sendable {
        let name: String
        let body: String
        let kind: PluginError.Kind
        var words = ""
        var deadline = Duration.seconds(20)

        var testDescription: String { name }
    }

    @Test(
        "It gives its named error",
        arguments: [
            Row(
                name: "a status after a valid answer",
                body: "echo '\(answer)'; exit 4",
                kind: .crashed,
                words: "status 4"
            ),
            Row(name: "a signal", body: "kill -9 $$", kind: .crashed, words: "signal 9"),
            Row(name: "last words", body: "echo sealed >&2; exit 1", kind: .crashed, words: "sealed"),
            Row(name: "nothing", body: "true", kind: .protocolViolation, words: "with status 0 and wrote nothing"),
            Row(name: "noise", body: "echo hello; echo '\(answer)'", kind: .protocolViolation),
            Row(name: "two answers", body: "echo '\(answer)'; echo '\(answer)'", kind: .protocolViolation),
            Row(
                name: "another id",
                body: "echo '\(answer)' | sed s/:.1.,/:\\\"2\\\",/",
                kind: .protocolViolation,
                words: "without the id of the request"
            ),
            Row(
                name: "too much",
                body: "head -c 2000000 /dev/zero | tr '\\0' x",
                kind: .tooLarge
            ),
            Row(name: "a hang", body: "sleep 60", kind: .deadlineExceeded, deadline: .milliseconds(200)),
            Row(
                name: "a hang that ignores signals",
                body: "trap '' TERM INT HUP; sleep 60 & wait; sleep 60",
                kind: .deadlineExceeded,
                deadline: .milliseconds(200)
            ),
            Row(
                name: "a hang after the answer",
                body: "echo '\(answer)'; sleep 60",
                kind: .deadlineExceeded,
                deadline: .milliseconds(200)
            ),
            Row(
                name: "its own error",
                body: #"echo '{"type":"response","id":"1","error":{"kind":"permission-denied","message":"no"}}'"#,
                kind: .permissionDenied
            ),
        ]
    )
    func fails(row: Row) async throws {
        try await withFolder { folder in
            let plugin = OneshotPlugin(try Script.shell(row.body, in: folder))
            let begun = ContinuousClock.now
            let error = try await fault { try await plugin.answer(to: .key("openai", within: row.deadline)) }
            #expect(error.kind == row.kind)
            #expect(error.message.contains(row.words))
            #expect(!error.message.contains("sk-from-shell"))
            #expect(begun.duration(to: .now) < .seconds(55))
        }
    }

    @Test("A caller that is cancelled leaves and the process with it")
    func cancellation() async throws {
        try await withFolder { folder in
            let plugin = OneshotPlugin(try Script.shell("echo $$ > pid.part; mv pid.part pid; sleep 60", in: folder))
            let task = Task { try await plugin.answer(to: .key("openai")) }
            try await until { folder.read("pid") != nil }
            task.cancel()
            await #expect(throws: CancellationError.self) { _ = try await task.value }
            let text = try #require(folder.read("pid"))
            #expect(!exists(try #require(Int32(text))))
        }
    }

    @Test("A missing executable is named with the hint of the manifest")
    func missing() async throws {
        try await withFolder { folder in
            var launch = Script.launch("\(folder.path)/absent", [], folder)
            launch.installHint = "brew install acme"
            let error = try await fault { try await OneshotPlugin(launch).answer(to: .key("openai")) }
            #expect(error.kind == .notInstalled)
            #expect(error.hint == "brew install acme")
        }
    }

    @Test("More requests than there may be processes are answered one after the other")
    func line() async throws {
        try await withFolder { folder in
            let body = """
                mkdir running || exit 9
                id=$(sed 's/.*"id":"\\([0-9]*\\)".*/\\1/')
                rmdir running
                echo '{"type":"response","id":"'$id'","ok":{"verdict":"finish","result":{"key":"k"}}}'
                """
            var limits = SessionLimits()
            limits.inFlight = 1
            var launch = try Script.shell(body, in: folder)
            // Ten in a row, while other tests may have the machine.
            launch.requestTimeout = .seconds(240)
            let plugin = OneshotPlugin(launch, limits: limits)
            let count = try await withThrowingTaskGroup(of: Bool.self) { group in
                for _ in 0..<10 { group.addTask { try await plugin.answer(to: .key("openai")).summary == "key k" } }
                return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            #expect(count == 10)
        }
    }

    @Test("Time in line counts, and the end reaches those in line too")
    func waiting() async throws {
        try await withFolder { folder in
            var limits = SessionLimits()
            limits.inFlight = 1
            let body = "echo > begun; echo yes > begun; sleep 60"
            let plugin = OneshotPlugin(try Script.shell(body, in: folder), limits: limits)
            let first = Task { try await plugin.answer(to: .key("openai")) }
            try await until { folder.read("begun") != nil }
            let late = try await fault { try await plugin.answer(to: .key("openai", within: .milliseconds(50))) }
            #expect(late.kind == .deadlineExceeded)
            let last = Task { try await plugin.answer(to: .key("openai")) }
            await plugin.shutdown()
            for task in [first, last] {
                let error = try await fault { try await task.value }
                #expect(error.kind == .cancelled)
            }
        }
    }
}
