#if CLI
import Foundation
import Testing

struct PluginSignalTests {
    @Test(.timeLimit(.minutes(5)), arguments: [SIGTERM, SIGINT], [["get", "openai"], ["plugins", "check", "hang"]])
    func `A signal ends a plugin that hangs, and then the tool`(number: Int32, arguments: [String]) async throws {
        try await withTool { tool in
            let pid = tool.folder.appendingPathComponent("pid")
            let script = try tool.write(
                "home/keyhooks/plugins/hang/run",
                "#!/bin/sh\necho $$ > '\(pid.path)'\nexec sleep 300\n"
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
            process.standardOutput = FileHandle.nullDevice
            process.standardError = FileHandle.nullDevice
            let (ends, continuation) = AsyncStream.makeStream(of: Int32.self)
            process.terminationHandler = { continuation.yield($0.terminationStatus) }
            try process.run()
            let plugin = try await waiting { Int32((try? String(contentsOf: pid, encoding: .utf8))?.dropLast() ?? "") }
            kill(process.processIdentifier, number)
            for await status in ends {
                #expect(status == number && process.terminationReason == .uncaughtSignal)
                break
            }
            // Collected by the tool before it ended.
            #expect(kill(plugin, 0) == -1 && errno == ESRCH)
        }
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
