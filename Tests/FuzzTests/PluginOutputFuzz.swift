import Foundation
import FuzzSupport
import JSON5Syntax
import KeyHooks
import Synchronization
import Testing

@testable import PluginHost

extension Fuzzing {
    /// Real processes, so that whatever the host says of an answer is seen, wherever it is put together.
    @Suite("Fuzz: what plugins write")
    struct PluginOutputFuzz {
        @Test("No error and no log line repeats what a plugin wrote on standard output", arguments: [true, false])
        func answers(isSession: Bool) async throws {
            try await withPlugin { plugin in
                let name = isSession ? "session-answers" : "oneshot-answers"
                try await Fuzzer(name, corpus: WireFuzz.corpus, mutator: WireFuzz.mutator)
                    .run { input, _ in
                        try Data(input).write(to: plugin.reply)
                        try Data().write(to: plugin.errors)
                        try Self.check(await isSession ? plugin.askSession() : plugin.askOnce())
                    }
            }
        }

        private static let remarks = Canary.values.flatMap {
            ["got \($0)\n", "\u{1B}[1m\($0)\u{1B}[0m \($0)", "\($0)\n\($0)"]
        }

        @Test("No log line repeats the key that a one-shot plugin is about to return")
        func remarks() async throws {
            try await withPlugin { plugin in
                let mutator = Mutator(tokens: Canary.values + ["\u{1B}[31m", "\n", "\r", "key=", "\u{301}", "\0"])
                try await Fuzzer("oneshot-remarks", corpus: Self.remarks, mutator: mutator)
                    .run { input, _ in
                        // All of them are in the answer, which is a good one.
                        let keys = Dictionary(uniqueKeysWithValues: Canary.values.enumerated().map { ("key\($0)", $1) })
                        let message: [String: Any] = [
                            "type": "response", "id": "1", "ok": ["verdict": "finish", "result": keys],
                        ]
                        try JSONSerialization.data(withJSONObject: message).write(to: plugin.reply)
                        try Data(input).write(to: plugin.errors)
                        try Self.check(await plugin.askOnce())
                    }
            }
        }

        private static func check(_ shown: [String]) throws {
            for text in shown {
                try Canary.check(text, in: "what is said of a plugin")
                try Broken.unless(text.utf8.count <= 65_536, "what is said of a plugin is longer than 64 KiB")
            }
        }
    }
}

/// A plugin that writes what stands in two files.
private struct WritingPlugin {
    let folder: URL

    /// What it answers.
    var reply: URL { folder.appendingPathComponent("reply") }
    /// What it says on standard error before.
    var errors: URL { folder.appendingPathComponent("errors") }

    private func launch(_ script: String) -> PluginLaunch {
        var launch = PluginLaunch(id: "test", executable: "/bin/sh", folder: folder.path)
        launch.arguments = ["-c", script]
        launch.environment = ["PATH": "/usr/bin:/bin", "KEYHOOKS_PLUGIN": "1"]
        launch.helloTimeout = .seconds(30)
        launch.requestTimeout = .seconds(30)
        return launch
    }

    private static let request = PluginRequest(point: "getAPIKey", arguments: .object(["service": .string("openai")]))

    /// All that is shown of one question to a process of its own.
    func askOnce() async -> [String] {
        let lines = Mutex<[String]>([])
        let script = "cat errors >&2; cat >/dev/null; cat reply"
        var settings = RunnerSettings(launch(script))
        settings.log = { line in lines.withLock { $0.append(line) } }
        let plugin = OneshotPlugin(settings)
        var shown = await Self.words { try await plugin.answer(to: Self.request) }
        shown += lines.withLock(\.self)
        return shown
    }

    /// All that is shown of one question to a session, whose hello is a good one.
    func askSession() async -> [String] {
        let lines = Mutex<[String]>([])
        let script = #"echo '{"type":"hello","v":[1]}'; read -r init; read -r request; cat reply; echo"#
        var settings = RunnerSettings(launch(script))
        settings.limits.firstPause = .milliseconds(1)
        settings.limits.graces = ChildProcess.Graces(closing: .milliseconds(100), terminating: .milliseconds(100))
        settings.log = { line in lines.withLock { $0.append(line) } }
        let session = PluginSession(settings)
        var shown = await Self.words { try await session.answer(to: Self.request) }
        await session.shutdown()
        shown += lines.withLock(\.self)
        return shown
    }

    /// What people get to see of an answer or of its absence.
    private static func words(_ ask: () async throws -> PluginAnswer) async -> [String] {
        do {
            let answer = try await ask()
            var dumped = "\(answer) \(String(reflecting: answer))"
            dump(answer, to: &dumped)
            if case .finish(let result) = answer { dumped += "\(result.source ?? "") \(result.version ?? "")" }
            return [dumped]
        } catch let error as PluginError {
            let told = error.keyResolutionError(for: "openai")
            return ["\(error)", "\(told)", told.message, told.remedy, error.hint ?? ""]
        } catch {
            return ["\(error)"]
        }
    }
}

private func withPlugin(_ body: (WritingPlugin) async throws -> Void) async throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("keyhooks-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(at: folder) }
    try await body(WritingPlugin(folder: folder))
}
