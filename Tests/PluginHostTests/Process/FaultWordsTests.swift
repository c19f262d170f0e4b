import Foundation
import KeyHooks
import Testing

@testable import PluginHost

/// An error names what its reader can change.
@Suite("What the errors of a plugin name", .timeLimit(.minutes(5)))
struct FaultWordsTests {
    @Test("A hang names the time, and the setting unless the caller chose the time", arguments: [true, false])
    func hang(isCallersTime: Bool) async throws {
        let deadline = isCallersTime ? Duration.milliseconds(250) : nil
        let words =
            isCallersTime
            ? "no answer within 0.25 s" : "no answer within 0.3 s (timeouts.request_ms of its plugin.json)"
        try await withFolder { folder in
            var launch = try Script.shell("exec sleep 60", in: folder)
            launch.requestTimeout = .milliseconds(300)
            let oneshot = OneshotPlugin(launch)
            let error = try await fault { try await oneshot.answer(to: .key("openai", within: deadline)) }
            #expect(error.kind == .deadlineExceeded && error.message == words)
        }
        guard !isCallersTime else { return }
        try await withFolder { folder in
            var launch = try Script.python("hello(); read(); time.sleep(60)", in: folder)
            launch.requestTimeout = .milliseconds(300)
            let session = PluginSession(launch, limits: .quick)
            let error = try await fault { try await session.key("openai") }
            await session.shutdown()
            #expect(error.kind == .deadlineExceeded && error.message == words)
        }
    }

    struct Line: CustomTestStringConvertible, Sendable {
        let interpreter: String
        let words: String?
        var testDescription: String { interpreter.debugDescription }
    }

    @Test(
        "Status 126 and 127 are explained by the first line of the entry",
        arguments: [
            Line(
                interpreter: "/usr/bin/env python9",
                words: "it ended with status 127: its first line asks for 'python9', which isn't on PATH"
            ),
            Line(
                interpreter: "/usr/bin/env -S python9 -u",
                words: "it ended with status 127: its first line asks for 'python9', which isn't on PATH"
            ),
            Line(
                interpreter: "/usr/bin/env python3\r",
                words: "it ended with status 127: its first line ends with a carriage return: save the entry with LF "
                    + "line ends"
            ),
            Line(interpreter: "/bin/sh", words: nil),
        ],
        [PluginManifest.Mode.oneshot, .session]
    )
    func firstLine(line: Line, mode: PluginManifest.Mode) async throws {
        try await withFolder { folder in
            let entry = "\(folder.path)/entry"
            try install("#!\(line.interpreter)\nexit 127\n", at: entry)
            let launch = Script.launch(entry, [], folder)
            let runner: any PluginRunner =
                mode == .oneshot ? OneshotPlugin(launch) : PluginSession(launch, limits: .quick)
            let error = try await fault { try await runner.answer(to: .key("openai")) }
            await runner.shutdown()
            let words = line.words ?? "it ended with status 127"
            #expect(error.kind == .crashed && error.message.contains(words), "\(error)")
            #expect(error.message.contains("first line") == (line.words != nil), "\(error)")
        }
    }

    @Test(
        "A variable that isn't set is named where the plugin crashes or reports an internal fault",
        arguments: [1, 2]
    )
    func missing(count: Int) async throws {
        let words =
            count == 1
            ? "; its manifest asks for ACME_TOKEN, which isn't set"
            : "; its manifest asks for ACME_TOKEN and ACME_ADDRESS, which aren't set"
        let bodies = [
            "hello(); read(); sys.exit(3)": true,
            "hello(); r = next(requests()); fault(r['id'], 'internal'); read()": true,
            "hello(); r = next(requests()); fault(r['id'], 'unauthenticated'); read()": false,
        ]
        for (body, isNamed) in bodies {
            try await withFolder { folder in
                var launch = try Script.python(body, in: folder)
                launch.missingVariables = Array(["ACME_TOKEN", "ACME_ADDRESS"].prefix(count))
                let session = PluginSession(launch, limits: .quick)
                let error = try await fault { try await session.key("openai") }
                await session.shutdown()
                #expect(error.message.contains(words) == isNamed, "\(error)")
            }
        }
        try await withFolder { folder in
            var launch = try Script.shell("exit 3", in: folder)
            launch.missingVariables = Array(["ACME_TOKEN", "ACME_ADDRESS"].prefix(count))
            let error = try await fault { try await OneshotPlugin(launch).answer(to: .key("openai")) }
            #expect(error.message == "it ended with status 3\(words)")
        }
    }

    @Test(
        "The error for a plugin that ends well and wrote nothing says what to write",
        arguments: [PluginManifest.Mode.oneshot, .session],
        ["", "hello(); read()", "hello(); next(requests())"]
    )
    func nothing(mode: PluginManifest.Mode, body: String) async throws {
        if mode == .oneshot, !body.isEmpty { return }
        let proceed = #"a plugin that has no key answers {"verdict":"proceed"}"#
        let words =
            mode == .oneshot
            ? "it ended with status 0 and wrote nothing; \(proceed)"
            : body.isEmpty
                ? "it ended with status 0 before it said hello; one that answers one request and ends has "
                    + #""mode": "oneshot" in its manifest"# : "it ended with status 0 instead of answering; \(proceed)"
        try await withFolder { folder in
            let launch = try mode == .oneshot ? Script.shell("exit 0", in: folder) : Script.python(body, in: folder)
            var limits = SessionLimits.quick
            limits.restarts = 0
            let runner: any PluginRunner =
                mode == .oneshot ? OneshotPlugin(launch) : PluginSession(launch, limits: limits)
            let error = try await fault { try await runner.answer(to: .key("openai")) }
            await runner.shutdown()
            #expect(error.message == words)
        }
    }

    @Test("A variable that is set here and isn't passed is named", arguments: [true, false])
    func withheld(isAsked: Bool) async throws {
        // Set for every test, and passed to no plugin.
        setenv("KEYHOOKS_TEST_OF_WORDS", "1", 1)
        let words = "; KEYHOOKS_TEST_OF_WORDS is set here, and a plugin gets only the variables that 'environment' in"
        for body in [
            "hello(); read(); os.environ['KEYHOOKS_TEST_OF_WORDS']",
            """
            hello(); r = next(requests())
            send({"type": "response", "id": r["id"],
                  "error": {"kind": "internal", "message": "no KEYHOOKS_TEST_OF_WORDS"}}); read()
            """,
        ] {
            try await withFolder { folder in
                var launch = try Script.python(body, in: folder)
                if isAsked { launch.askedVariables = ["KEYHOOKS_TEST_OF_WORDS"] }
                let session = PluginSession(launch, limits: .quick)
                let error = try await fault { try await session.key("openai") }
                await session.shutdown()
                #expect(error.message.contains(words) != isAsked, "\(error)")
            }
        }
    }

    @Test("An empty key is called that, and the session goes on")
    func emptyKey() async throws {
        let body =
            "hello(); r = next(requests()); key(r['id'], ''); r = next(requests()); key(r['id'], 'my-key'); read()"
        try await withSession(body) { session in
            let error = try await fault { try await session.key("openai") }
            #expect(error.kind == .protocolViolation && error.message == "its 'key' is empty")
            #expect(error.hint == #"a plugin that has no key answers {"verdict":"proceed"}"#)
            #expect(try await session.key("openai") == "key my-key")
            #expect(session.spawnCount == 1)
        }
    }
}
