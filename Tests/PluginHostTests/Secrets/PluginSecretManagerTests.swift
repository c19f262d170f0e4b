import Foundation
import KeyHooks
import KeyHooksTesting
import Testing

@testable import PluginHost

@Suite("A plugin as a secret manager", .timeLimit(.minutes(5)))
struct PluginSecretManagerTests {
    /// A Python plugin as a manager; `answer` is a function body that gives what follows the id in a response.
    private func withManager<Result>(
        _ answer: String,
        can operations: String = "",
        parameters: String = "",
        log: Recording<String> = Recording(),
        _ use: (ManagedSecrets) async throws -> Result
    ) async throws -> Result {
        let body = answer.split(separator: "\n").map { "    \($0)" }.joined(separator: "\n")
        let script = """
            def text(value, **more):
                return {"ok": {"verdict": "finish", "result": {"text": value, **more}}}
            def result(**members):
                return {"ok": {"verdict": "finish", "result": members}}
            def error(kind, message="", **more):
                return {"error": {"kind": kind, "message": message, **more}}
            asked = []
            def answer(point, arguments, request):
                asked.append(point)
            \(body)
            hello()
            for r in requests():
                body = answer(r["point"], r["arguments"], r)
                if body: send({"type": "response", "id": r["id"], **body})
            """
        let manifest = try PluginManifest.parse(
            Array(
                """
                {id: 'test', version: '1', api: 1, entry: 'run',
                 secrets: {operations: [\(operations)], parameters: [\(parameters)]}}
                """
                .utf8
            )
        )
        return try await withSession(script, log: log) { session in
            let manager = try #require(PluginSecretManager(manifest, session))
            return try await use(ManagedSecrets(in: manager, named: "team", access: .readWrite, timeout: .seconds(60)))
        }
    }

    private func error(of body: () async throws -> some Sendable) async -> KeyResolutionError? {
        do {
            _ = try await body()
            return nil
        } catch {
            return error as? KeyResolutionError
        }
    }

    @Test("It reads a text, fields with their numbers as they were written, a version and dates")
    func reads() async throws {
        let answer = #"""
            if arguments["name"] == "text": return text(" value\n", version="7", expires_at="2030-01-02T03:04:05Z")
            if arguments["name"] == "old": return text(arguments["version"], version=arguments["version"])
            sys.stdout.write('{"type":"response","id":"%s","ok":{"verdict":"finish","result":{"fields":{"a":1.50,"b":12345678901234567890,"c":{"d":[true,null]}}}}}\n' % request["id"])
            sys.stdout.flush()
            """#
        try await withManager(answer) { (secrets) async throws in
            let secret = try #require(try await secrets.read("text"))
            #expect(secret.content.text == " value\n" && secret.version == "7")
            #expect(secret.expiresAt == Date(timeIntervalSince1970: 1_893_553_445) && secret.createdAt == nil)
            let fields = try #require(try await secrets.read("fields")).content
            #expect(fields["a"] == "1.50" && fields["b"] == "12345678901234567890")
            #expect(fields["c"] == #"{"d":[true,null]}"# && fields.fieldNames == ["a", "b", "c"])
            #expect(try await secrets.read("old", SecretOptions(version: "3"))?.content.text == "3")
        }
    }

    @Test("What its manifest doesn't have is refused, and the plugin isn't asked")
    func refuses() async throws {
        try await withManager("return text(','.join(asked))") { (secrets) async throws in
            let calls: [(String, () async throws -> Void)] = [
                ("write", { try await secrets.write(.text("x"), to: "a") }),
                ("delete", { try await secrets.delete("a") }), ("list its secrets", { _ = try await secrets.list() }),
                ("write", { try await secrets.rotate("a", to: .text("x")) }),
                ("write on a condition", { try await secrets.write(.text("x"), to: "a", if: .isAbsent) }),
            ]
            for (words, call) in calls {
                let error = await error { try await call() }
                #expect(error?.code == .unsupported)
                #expect(error?.message == "the secret manager 'team' can't \(words)")
            }
            #expect(await secrets.health() == nil)
            #expect(
                await error { try await secrets.read("a", SecretOptions(parameters: ["namespace": "b"])) }?.code
                    == .invalidConfiguration
            )
            let asked = try await secrets.read("a")?.content.text
            #expect(asked?.contains("write") == false && asked?.contains("delete") == false)
        }
    }

    @Test("What changes secrets goes with writing")
    func implied() async throws {
        try await withManager("return text('x')", can: "'check-and-set', 'rotate'") { (secrets) async throws in
            #expect(await error { try await secrets.write(.text("x"), to: "a", if: .isAbsent) }?.code == .unsupported)
            #expect(!secrets.can(.rotate) && !secrets.can(.write) && secrets.can(.read))
        }
    }

    @Test("A write says all that it was told, and parameters that the manifest names")
    func writes() async throws {
        let answer =
            "global said\nif point == 'secret.read': return text(said)\nsaid = json.dumps([point, request['phase'], arguments]); return result(version='8')"
        try await withManager(answer, can: "'write', 'check-and-set', 'delete'", parameters: "'namespace'") {
            (secrets) async throws in
            func said() async throws -> String? { try await secrets.read("x")?.content.text }
            let call = SecretOptions(parameters: ["namespace": "a"])
            let options = SecretWriteOptions(description: "what for", tags: ["a": "b"], call: call)
            #expect(try await secrets.write(.fields(["f": "v"]), to: "n", options) == "8")
            #expect(
                try await said() == #"["secret.write", "start", {"name": "n", "secret": {"fields": {"f": "v"}}, "#
                    + #""description": "what for", "tags": {"a": "b"}, "parameters": {"namespace": "a"}}]"#
            )
            for (condition, words) in [
                (SecretCondition.isAbsent, #"{"absent": true}"#),
                (.isUnchanged(since: StoredSecret(.text("o"), version: "7")), #"{"version": "7"}"#),
                (.isUnchanged(since: StoredSecret(.text("o"))), #"{"secret": {"text": "o"}}"#),
            ] {
                try await secrets.write(.text("t"), to: "n", if: condition)
                #expect(try await said()?.contains(#""if": \#(words)"#) == true)
            }
            try await secrets.delete("n")
            #expect(try await said() == #"["secret.delete", "start", {"name": "n"}]"#)
            #expect(
                await error { try await secrets.delete("n", recoverableFor: .seconds(5)) }?.code
                    == .invalidConfiguration
            )
        }
    }

    @Test(
        "Absent, denied and unavailable are three things, on every read",
        arguments: [
            ("not-found", nil), ("permission-denied", KeyResolutionError.Code.denied), ("unavailable", .unavailable),
            ("unauthenticated", .unauthenticated), ("not-mine", .pluginFailed), ("no-such-kind", .pluginFailed),
            ("conflict", .conflict), ("deadline-exceeded", .timedOut),
        ]
    )
    func kinds(kind: String, code: KeyResolutionError.Code?) async throws {
        try await withManager("return error('\(kind)', retry_after_ms=100000)") { (secrets) async throws in
            for _ in 1...2 { #expect(await error { try await secrets.read("a") }?.code == code) }
        }
    }

    @Test(
        "A result that makes no sense is a fault of the plugin, and no absence",
        arguments: [
            "result()", "result(text=1)", "result(text='a', fields={})", "result(fields=[])",
            "result(text='a', version=7)",
            "result(text='hunter2hunter2', version='v-hunter2hunter2')",
            "result(text='hunter2hunter2', version='unter2hunter')",
            "result(text='a', expires_at='soon')", "result(text='a', version='a\\u001b[2J')",
            "{'ok': {'verdict': 'proceed'}}",
        ]
    )
    func senseless(answer: String) async throws {
        try await withManager("return \(answer)") { (secrets) async throws in
            let error = await error { try await secrets.read("a") }
            #expect(error?.code == .pluginFailed && error?.message.contains("protocol-violation") == true)
            #expect("\(error as Any)".contains("hunter2") == false)
        }
    }

    @Test(
        "So is one of a write, a list or a version that wasn't asked for; health is never an error",
        arguments: [
            ("write", "error('not-found')"), ("list", "result(names=[1])"), ("version", "text('a', version='1')"),
        ]
    )
    func others(operation: String, answer: String) async throws {
        try await withManager("return \(answer)", can: "'write', 'list', 'health'") { (secrets) async throws in
            let error = await error { () async throws -> Void in
                switch operation {
                case "write": try await secrets.write(.text("x"), to: "a")
                case "list": _ = try await secrets.list()
                default: _ = try await secrets.read("a", SecretOptions(version: "2"))
                }
            }
            #expect(error?.code == .pluginFailed)
            #expect(await secrets.health()?.state == .unreachable)
        }
    }

    @Test("It says how it does, and why")
    func health() async throws {
        let answer =
            "global n; n = globals().get('n', 0) + 1\nreturn result(state=['healthy', 'degraded', 'unreachable'][n - 1], reason='the disk is full')"
        try await withManager(answer, can: "'health'") { (secrets) async throws in
            #expect(await secrets.health() == .healthy)
            #expect(await secrets.health() == .degraded("the disk is full"))
            #expect(await secrets.health() == .unreachable("the disk is full"))
        }
    }

    @Test("A list goes on where the page before ended, and leaves out what can't be a name")
    func lists() async throws {
        let answer =
            "a = arguments.get('after')\nreturn result(names=['c', '..']) if a == 'b' else result(names=['a', 'b'], next='b')"
        try await withManager(answer, can: "'list'") { (secrets) async throws in
            #expect(try await secrets.list().map(\.rawValue) == ["a", "b", "c"])
        }
    }

    @Test("A read is asked again while its store is away, a write is not")
    func repeats() async throws {
        let answer = """
            if point == 'secret.read' and asked.count(point) > 2: return text(str(asked.count('secret.write')))
            return error('unavailable', retry_after_ms=1)
            """
        try await withManager(answer, can: "'write'") { (secrets) async throws in
            #expect(await error { try await secrets.write(.text("x"), to: "a") }?.code == .unavailable)
            #expect(try await secrets.read("a")?.content.text == "1")
        }
    }

    @Test("A plugin that dies within a rotation leaves the old, and the error says what isn't known")
    func dies() async throws {
        let answer = """
            if point == 'secret.read': return text('old', version='1')
            os.kill(os.getpid(), signal.SIGKILL)
            """
        try await withManager(answer, can: "'write', 'rotate'") { (secrets) async throws in
            let error = await #expect(throws: SecretRotationError.self) {
                try await secrets.rotate("a", to: .text("correct-horse-battery"))
            }
            #expect(error?.step == .writing && error?.written?.rawValue == "a")
            #expect(error?.description.contains("whether a was written isn't known") == true)
            #expect("\(error as Any)".contains("correct-horse") == false)
            #expect(try await secrets.read("a")?.content.text == "old")
        }
    }

    @Test("A value is in no argument, variable, log or error")
    func secrecy() async throws {
        let value = "correct-horse-battery-staple"
        let log = Recording<String>()
        let answer = """
            if point == 'secret.read': return text(' '.join(sys.argv + list(os.environ.values())))
            value = arguments['secret']['text']
            print('writing', value, file=sys.stderr, flush=True)
            return error('internal', 'cannot write ' + value, hint='store ' + value + ' by hand')
            """
        try await withManager(answer, can: "'write'", log: log) { (secrets) async throws in
            let error = try #require(await error { try await secrets.write(.text(value), to: "a") })
            var texts = ["\(error)", String(reflecting: error), "\(error.underlying as Any)"]
            dump(error, to: &texts[0])
            let process = try await secrets.read("a")?.content.text
            #expect(process?.contains("plugin.py") == true)
            #expect(!(texts + [process ?? ""]).contains { $0.contains(value) })
        }
        #expect(log.events.contains { $0.contains("writing") })
        #expect(!log.events.contains { $0.contains(value) })
    }
}
