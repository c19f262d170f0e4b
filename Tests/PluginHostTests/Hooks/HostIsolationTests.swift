import KeyHooks
import Testing

@testable import PluginHost

/// Every way a child may misbehave, seen by who asks for a key.
@Suite("A host with a misbehaving plugin", .timeLimit(.minutes(5)))
struct HostIsolationTests {
    /// A plugin, the error its caller gets, and words that the error has.
    struct Row: CustomTestStringConvertible, Sendable {
        let name: String
        let body: String
        var code = KeyResolutionError.Code.pluginFailed
        var words: [String] = []
        var hello = 30_000
        var request = 30_000

        var testDescription: String { name }
    }

    static let rows = [
        Row(
            name: "garbage for a hello",
            body: "print('Traceback: something', flush=True); time.sleep(60)",
            words: ["not a JSON object (20 bytes, the first a letter)"]
        ),
        Row(name: "no hello", body: "time.sleep(60)", code: .timedOut, words: ["no hello within"], hello: 3_000),
        Row(
            name: "a partial line, and the end",
            body: #"sys.stdout.write('{"type": "he'); sys.stdout.flush()"#,
            words: ["within a line"]
        ),
        Row(
            name: "a partial line, and silence",
            body: #"hello(); next(requests()); sys.stdout.write('{"type": "re'); sys.stdout.flush(); time.sleep(60)"#,
            code: .timedOut,
            words: ["no answer within"],
            request: 300
        ),
        Row(
            name: "a line of 2 MiB",
            body: "hello(); r = next(requests()); key(r['id'], 'x' * (2 << 20)); time.sleep(60)",
            words: ["a line of more than 1048576 bytes"]
        ),
        Row(
            name: "a wrong id",
            body: "hello(); r = next(requests()); key(r['id'] + '0', 'sk-stolen'); time.sleep(60)",
            words: ["was not asked"]
        ),
        Row(
            name: "noise on standard output",
            body:
                "hello(); r = next(requests()); print('looking it up...', flush=True); key(r['id'], 'sk-stolen'); read()",
            words: ["not a JSON object (16 bytes, the first a letter)"]
        ),
        Row(name: "exits before its hello", body: "sys.exit(0)", words: ["status 0"]),
        Row(
            name: "exits before reading",
            body: "send({'type': 'hello', 'v': [1]}); sys.exit(3)",
            words: ["status 3"]
        ),
        Row(
            name: "a grandchild holds the pipes",
            body: "hello(); next(requests()); subprocess.Popen(['sleep', '60']); os._exit(7)",
            words: ["status 7"]
        ),
        Row(
            name: "a grandchild of another session holds the pipes",
            body: "hello(); next(requests()); subprocess.Popen(['sleep', '5'], start_new_session=True); os._exit(7)",
            words: ["status 7"]
        ),
        Row(
            name: "hangs",
            body: "hello(['cancel']); next(requests()); time.sleep(60)",
            code: .timedOut,
            words: ["no answer within"],
            request: 300
        ),
        Row(
            name: "hangs and ignores SIGTERM",
            body: "signal.signal(signal.SIGTERM, signal.SIG_IGN); hello(); next(requests()); time.sleep(60)",
            code: .timedOut,
            words: ["no answer within"],
            request: 300
        ),
        Row(
            name: "speaks other versions",
            body: "hello(versions=[2, 3]); time.sleep(60)",
            words: ["newer versions only", "version 1"]
        ),
        Row(
            name: "ends with words that hold a key",
            body: "hello(); next(requests()); print('no sk-proj-abcdefghij0123456789', file=sys.stderr); sys.exit(4)",
            words: ["status 4", "no [hidden]"]
        ),
    ]

    @Test("Its caller gets the named error, all others their keys, and no process is left", arguments: rows)
    func named(row: Row) async throws {
        try await withPlugins { fixture in
            try fixture.misbehaving(hello: row.hello, request: row.request, row.body)
            try fixture.wellBehaved()
            let log = Recording<String>()
            try await withHost(fixture, log: log) { resolver, _ in
                let begun = ContinuousClock.now
                let error = try #require(await resolver.failure("openai"), "the environment answered")
                // Were it not noticed at once, another error would come after 30 s; a plugin that goes on does so for
                // 60.
                #expect(begun.duration(to: .now) < .seconds(55))
                #expect(error.code == row.code, "\(error)")
                #expect(error.service == "openai")
                #expect(error.message.contains("plugin 'test'"))
                for word in row.words { #expect(error.message.contains(word), "\(error)") }
                #expect(!error.remedy.isEmpty)
                #expect(!"\(error)".contains("sk-"))
                #expect(try await resolver.value("groq") == "good")
                #expect(try await resolver.value("azure") == "sk-azure")
            }
            #expect(!fixture.processes.isEmpty)
            #expect(fixture.isEveryProcessGone)
            #expect(!log.events.joined().contains("abcdefghij"))
        }
    }

    @Test("A key that a plugin writes on standard error does not get into the log")
    func standardError() async throws {
        try await withPlugins { fixture in
            try fixture.misbehaving(
                """
                hello(); r = next(requests())
                print("found sk-proj-abcdefghij0123456789", file=sys.stderr, flush=True)
                key(r["id"], "correct horse battery")
                next(requests())
                print("gave correct horse battery away", file=sys.stderr, flush=True)
                read()
                """
            )
            let log = Recording<String>()
            try await withHost(fixture, log: log) { resolver, _ in
                #expect(try await resolver.value("openai") == "correct horse battery")
                let second = Task { await resolver.failure("openai") }
                try await until { log.events.count >= 2 }
                second.cancel()
                _ = await second.value
            }
            #expect(log.events == ["test: found [hidden]", "test: gave [hidden] away"])
        }
    }
}
