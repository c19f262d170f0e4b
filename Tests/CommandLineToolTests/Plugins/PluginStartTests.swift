#if CLI
import Foundation
import Testing

/// A plugin that denies, and a weaker source that must not answer when it cannot be started.
@Suite(.timeLimit(.minutes(5)), .serialized)
struct PluginStartTests {
    private func install(_ tool: Tool, mode: String = "oneshot", _ body: String? = nil) throws -> String {
        try tool.write("keyhooks.json", #"{ "providers": { "openai": { "fallback": "unavailable" } } }"#)
        try tool.write(
            "home/keyhooks/plugins/own/plugin.json",
            """
            { "id": "own", "version": "1", "api": 1, "entry": "./run", "mode": "\(mode)",
              "timeouts": { "request_ms": 60000, "hello_ms": 60000 },
              "hooks": [{ "point": "getAPIKey", "phase": "start" }] }
            """
        )
        let deny = #"read -r r; echo '{"type":"response","id":"1","error":{"kind":"permission-denied"}}'"#
        let greet = mode == "session" ? #"echo '{"type":"hello","v":[1],"plugin":{"id":"own"}}'; read -r init; "# : ""
        let script = try tool.write("home/keyhooks/plugins/own/run", "#!/bin/sh\n\(body ?? greet + deny)\n")
        try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: script)
        return script
    }

    private func environment(_ tool: Tool) -> [String: String] {
        [
            "XDG_CONFIG_HOME": tool.folder.appendingPathComponent("home").path, "PATH": "/usr/bin:/bin",
            "OPENAI_API_KEY": "sk-weaker", "KEYHOOKS_CONFIG": tool.folder.appendingPathComponent("keyhooks.json").path,
        ]
    }

    private func get(_ tool: Tool, launcher: [String] = []) async throws -> Tool.Run {
        try await tool.run(
            ["get", "openai", "--config", "keyhooks.json"],
            environment: environment(tool),
            launcher: launcher
        )
    }

    @Test(arguments: ["oneshot", "session"])
    func `With room the plugin denies`(mode: String) async throws {
        try await withTool { tool in
            _ = try install(tool, mode: mode)
            let run = try await get(tool)
            #expect(run.status == 3 && run.text.isEmpty, "\(run.errors)")
        }
    }

    @Test(arguments: ["oneshot", "session"])
    func `Too few descriptors never let a weaker source answer, and are no crash`(mode: String) async throws {
        try await withTool { tool in
            _ = try install(tool, mode: mode)
            var failures: [Int] = []
            // The loader needs one beside the standard streams; with enough of them the plugin denies.
            for count in 4...24 {
                let run = try await get(tool, launcher: ["/bin/sh", "-c", "ulimit -n \(count); exec \"$0\" \"$@\""])
                #expect(!run.isBySignal && run.text.isEmpty, "\(count): \(run.errors)")
                #expect(
                    run.status == 2 && run.errors.contains("(ulimit -n)") || run.status == 3,
                    "\(count): \(run.errors)"
                )
                if run.status == 2 { failures.append(count) }
            }
            // Else nothing was shown.
            #expect(failures.contains(10))
        }
    }

    @Test(arguments: ["oneshot", "session"])
    func `A file that is open for writing never lets a weaker source answer`(mode: String) async throws {
        try await withTool { tool in
            let script = try install(tool, mode: mode)
            let writer = open(script, O_WRONLY | O_CLOEXEC)
            try #require(writer >= 0)
            defer { close(writer) }
            let run = try await get(tool)
            #expect(run.status == 2 && run.text.isEmpty, "\(run.errors)")
            #expect(run.errors.contains("cannot-start"), "\(run.errors)")
        }
    }

    @Test(.enabled(if: OtherUser.isThere), arguments: [1, 3, 5, 7, 9])
    func `Too few processes and threads never let a weaker source answer`(count: Int) async throws {
        try await withTool { tool in
            _ = try install(tool)
            try OtherUser.own(tool)
            let run = try await get(tool, launcher: OtherUser.launcher(processes: count))
            #expect(run.status == 2 && run.text.isEmpty, "\(run.errors)")
            #expect(run.errors.contains("(ulimit -u,"), "\(run.errors)")
        }
    }

    @Test(.enabled(if: OtherUser.isThere))
    func `A signal ends the tool and its plugin where no further thread is to be had`() async throws {
        try await withTool { tool in
            let mark = tool.folder.appendingPathComponent("mark")
            _ = try install(tool, "trap '' TERM; echo $$ > '\(mark.path)'; while :; do read -r r; done")
            try OtherUser.own(tool)
            // The smallest limit under which the plugin runs.
            for count in 6..<64 {
                let process = Process()
                let words =
                    OtherUser.launcher(processes: count)
                    + [Tool.executable.path, "get", "openai", "--config", "keyhooks.json"]
                process.executableURL = URL(fileURLWithPath: words[0])
                process.arguments = Array(words.dropFirst())
                process.environment = environment(tool)
                process.currentDirectoryURL = tool.folder
                process.standardOutput = FileHandle.nullDevice
                process.standardError = FileHandle.nullDevice
                try process.run()
                var plugin: pid_t?
                while process.isRunning, plugin == nil {
                    plugin = pid_t((try? String(contentsOf: mark, encoding: .utf8))?.dropLast() ?? "")
                    try await Task.sleep(for: .milliseconds(10))
                }
                guard let plugin else { continue }
                kill(process.processIdentifier, SIGTERM)
                let sent = ContinuousClock.now
                process.waitUntilExit()
                #expect(process.terminationReason == .uncaughtSignal && process.terminationStatus == SIGTERM)
                #expect(sent.duration(to: .now) < .seconds(8))
                let due = ContinuousClock.now + .seconds(2)
                while try ProcessTable().rows.contains(where: { $0.pid == plugin }) {
                    try #require(ContinuousClock.now < due, "the plugin goes on")
                    try await Task.sleep(for: .milliseconds(10))
                }
                return
            }
            Issue.record("the plugin ran under no limit")
        }
    }
}
#endif
