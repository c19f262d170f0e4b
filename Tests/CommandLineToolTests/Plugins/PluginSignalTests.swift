#if CLI
import Foundation
import Testing

struct PluginSignalTests {
    @Test(.timeLimit(.minutes(5)), arguments: [SIGTERM, SIGINT], [["get", "openai"], ["plugins", "check", "hang"]])
    func `A signal ends a plugin that hangs, and then the tool`(number: Int32, arguments: [String]) async throws {
        try await withTool { tool in
            try await signal(tool, arguments, "exec sleep 300") { process in kill(process, number) }
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `A second signal ends a plugin that heeds none, and leaves it to nobody`() async throws {
        try await withTool { tool in
            try await signal(tool, ["get", "openai"], "trap '' TERM; while :; do sleep 300; done") { process in
                kill(process, SIGINT)
                try await Task.sleep(for: .milliseconds(100))
                kill(process, SIGINT)
            }
        }
    }

    /// Sends signals to the tool while it asks a plugin, and sees to it that neither is left.
    private func signal(
        _ tool: Tool,
        _ arguments: [String],
        _ body: String,
        _ send: (Int32) async throws -> Void
    ) async throws {
        let pid = tool.folder.appendingPathComponent("pid")
        let script = try tool.write(
            "home/keyhooks/plugins/hang/run",
            "#!/bin/sh\necho $$ > '\(pid.path)'\n\(body)\n"
        )
        try tool.write(
            "home/keyhooks/plugins/hang/plugin.json",
            """
            { "id": "hang", "version": "1", "api": 1, "entry": "./run", "timeouts": { "hello_ms": 60000 },
              "hooks": [{ "point": "getAPIKey", "phase": "start" }] }
            """
        )
        try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: script)
        let process = Process()
        process.executableURL = Tool.executable
        process.arguments = arguments
        process.environment = [
            "XDG_CONFIG_HOME": tool.folder.appendingPathComponent("home").path, "PATH": "/usr/bin:/bin",
        ]
        process.currentDirectoryURL = tool.folder
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        let (ends, continuation) = AsyncStream.makeStream(of: Int32.self)
        process.terminationHandler = { continuation.yield($0.terminationStatus) }
        try process.run()
        let plugin = try await waiting { Int32((try? String(contentsOf: pid, encoding: .utf8))?.dropLast() ?? "") }
        try await send(process.processIdentifier)
        for await status in ends {
            #expect([SIGINT, SIGTERM].contains(status) && process.terminationReason == .uncaughtSignal)
            break
        }
        // No verdict on what was not looked at to the end.
        #expect(try output.fileHandleForReading.readToEnd()?.isEmpty ?? true)
        // Collected by the tool before it ended.
        #expect(kill(plugin, 0) == -1 && errno == ESRCH)
    }

    /// What another process brings about, as soon as it is there.
    private func waiting<Value>(for value: () -> Value?) async throws -> Value {
        while true {
            if let value = value() { return value }
            try await Task.sleep(for: .milliseconds(20))
        }
    }
}
#endif
