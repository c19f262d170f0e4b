import Foundation
import KeyHooks
import KeyHooksTesting
import Testing

@testable import PluginHost

/// What is on standard error may be the key that is about to be returned.
@Suite("Lines on standard error and the answer they come before", .timeLimit(.minutes(5)))
struct HeldLinesTests {
    @Test("A one-shot plugin that writes the key before it returns it does not show it", arguments: ValueFreeTests.keys)
    func beforeAnswer(key: String) async throws {
        try await withFolder { folder in
            let log = Recording<String>()
            let body = "cat >/dev/null; echo 'got \(key)' >&2; sleep 0.05; echo '\(ValueFreeTests.answer(key))'"
            let plugin = OneshotPlugin(try Script.shell(body, in: folder), log: log.add)
            _ = try await plugin.answer(to: .key("openai"))
            #expect(log.events == ["test: got [hidden]"])
        }
    }

    @Test(
        "Without an answer of every doubtful word the length is left",
        arguments: ["exit 3", "sleep 60", "echo nonsense", "kill -9 $$"],
        ValueFreeTests.keys
    )
    func withoutAnswer(end: String, key: String) async throws {
        try await withFolder { folder in
            let log = Recording<String>()
            let plugin = OneshotPlugin(
                try Script.shell("cat >/dev/null; echo 'got \(key) of it' >&2; \(end)", in: folder),
                log: log.add
            )
            let error = try await fault { try await plugin.answer(to: .key("openai", within: .milliseconds(500))) }
            let told = "\(error) \(log.events)"
            #expect(!ValueFreeTests.leak(of: key, in: told), "\(told.replacing(key, with: "KEY"))")
            let line = try #require(log.events.first)
            #expect(line.hasPrefix("test: got [") && line.hasSuffix("] of it"))
        }
    }

    @Test("What a plugin that only failed to find anything writes is shown")
    func plainWords() async throws {
        try await withFolder { folder in
            let log = Recording<String>()
            let trace = #"  File "/usr/lib/python3.11/json/decoder.py", line 355, in raw_decode"#
            let body = """
                cat >/dev/null
                printf '%s\\n' '\(trace)' "ModuleNotFoundError: No module named requests" \
                    "env: python33: No such file or directory" >&2
                exit 1
                """
            let plugin = OneshotPlugin(try Script.shell(body, in: folder), log: log.add)
            _ = try await fault { try await plugin.answer(to: .key("openai")) }
            #expect(
                log.events[0].hasSuffix("line 355, in raw_decode") && log.events[0].contains("/usr/lib/python3.11/")
            )
            #expect(log.events[1] == "test: ModuleNotFoundError: No module named requests")
            #expect(log.events[2].hasSuffix("No such file or directory"))
        }
    }

    @Test("A plugin that may ask somebody is heard at once")
    func interactive() async throws {
        try await withFolder { folder in
            let body = """
                cat >/dev/null; echo 'touch your key' >&2
                while [ ! -e touched ]; do sleep 0.01; done
                echo '\(ValueFreeTests.answer("sk-1"))'
                """
            var launch = try Script.shell(body, in: folder)
            launch.interactive = "if-available"
            let plugin = OneshotPlugin(launch) { line in
                if line == "test: touch your key" { _ = try? folder.write("touched", "") }
            }
            #expect(try await plugin.answer(to: .key("openai")).summary == "key sk-1")
        }
    }

    private static let session = """
        hello(); r = next(requests())
        print("got correct-horse-battery", file=sys.stderr, flush=True)
        open("written.part", "w").close(); os.rename("written.part", "written")
        while not os.path.exists("go"): time.sleep(0.01)
        key(r["id"], "correct-horse-battery")
        read()
        """

    @Test("In a session lines wait for the answer that is due")
    func sessionWaits() async throws {
        try await withFolder { folder in
            let log = Recording<String>()
            let launch = try Script.python(Self.session, in: folder)
            let session = PluginSession(launch, limits: .quick, clock: ManualClock(), log: log.add)
            async let answer = session.key("openai")
            try await until { FileManager.default.fileExists(atPath: "\(folder.path)/written") }
            #expect(log.events.isEmpty)
            _ = try folder.write("go", "")
            #expect(try await answer == "key correct-horse-battery")
            await session.shutdown()
            #expect(log.events == ["test: got [hidden]"])
        }
    }

    @Test("They do not wait longer than their patience, and are shown without what may be a key")
    func patience() async throws {
        try await withFolder { folder in
            let log = Recording<String>()
            let clock = ManualClock()
            let session = PluginSession(
                try Script.python(Self.session, in: folder),
                limits: .quick,
                clock: clock,
                log: log.add
            )
            let answer = Task { try await session.key("openai") }
            try await until { FileManager.default.fileExists(atPath: "\(folder.path)/written") }
            while log.events.isEmpty {
                // One step will do once the line was read; until then nobody has begun to wait.
                clock.advance(by: StandardErrorLog.patience / 100)
                try await Task.sleep(for: .milliseconds(1))
            }
            #expect(log.events == ["test: got [21 characters]"])
            _ = try folder.write("go", "")
            #expect(try await answer.value == "key correct-horse-battery")
            await session.shutdown()
        }
    }
}
