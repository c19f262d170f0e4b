#if CLI
import Foundation
import Testing

/// What is left of plugins when the tool that asks them has ended.
@Suite(.timeLimit(.minutes(5)))
struct PluginOrphanTests {
    /// Installs a plugin of the user's own; `body` follows the first line of a script.
    private func install(_ mode: String, shell: String = "/bin/sh", _ body: String, in tool: Tool) throws {
        try tool.write(
            "home/keyhooks/plugins/own/plugin.json",
            """
            { "id": "own", "version": "1", "api": 1, "entry": "./run", "mode": "\(mode)",
              "timeouts": { "hello_ms": 60000, "request_ms": 60000 },
              "hooks": [{ "point": "getAPIKey", "phase": "start" }] }
            """
        )
        let script = try tool.write("home/keyhooks/plugins/own/run", "#!\(shell)\n\(body)\n")
        try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: script)
    }

    private func environment(_ tool: Tool) -> [String: String] {
        ["XDG_CONFIG_HOME": tool.folder.appendingPathComponent("home").path, "PATH": "/usr/bin:/bin"]
    }

    private func start(_ tool: Tool) throws -> Process {
        let process = Process()
        process.executableURL = Tool.executable
        process.arguments = ["get", "openai"]
        process.environment = environment(tool)
        process.currentDirectoryURL = tool.folder
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        return process
    }

    /// Waits until none of the processes runs that a closure picks, and says which do after the time they may take.
    private func left(_ isMeant: (ProcessTable.Row) -> Bool) async throws -> [String] {
        let due = ContinuousClock.now + .seconds(2)
        while true {
            let left = try ProcessTable().rows.filter(isMeant)
            if left.isEmpty || ContinuousClock.now > due { return left.map { "\($0.pid) \($0.command)" } }
            try await Task.sleep(for: .milliseconds(10))
        }
    }

    @Test(arguments: ["oneshot", "session"])
    func `Nothing outlives a tool that is killed: no plugin, no child of it, no watchdog`(mode: String) async throws {
        try await withTool { tool in
            let mark = tool.folder.appendingPathComponent("mark").path
            try install(mode, "trap '' HUP INT TERM\nsleep 600 &\necho here > '\(mark)'\nsleep 600", in: tool)
            let process = try start(tool)
            while !FileManager.default.fileExists(atPath: mark) { try await Task.sleep(for: .milliseconds(10)) }
            // The plugin, its two children, and the watchdog.
            var rows: [ProcessTable.Row] = []
            while rows.count < 4 { rows = try ProcessTable().descendants(of: process.processIdentifier) }
            #expect(rows.count == 4 && rows.contains { $0.command.contains("keyhooks-watchdog") })
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
            #expect(process.terminationReason == .uncaughtSignal)
            let numbers = Set(rows.map(\.pid))
            #expect(try await left { numbers.contains($0.pid) } == [])
        }
    }

    @Test(arguments: ["oneshot", "session"])
    func `The moment at which the tool is killed does not matter`(mode: String) async throws {
        try await withTool { tool in
            // The folder's name is in the command of the plugin, and of its child.
            try install(mode, "sh -c 'sleep 600; :' '\(tool.folder.path)' &\nsleep 600; :", in: tool)
            for delay in stride(from: 1, to: 120, by: 4) {
                let process = try start(tool)
                try await Task.sleep(for: .milliseconds(delay))
                kill(process.processIdentifier, SIGKILL)
                process.waitUntilExit()
            }
            #expect(try await left { $0.command.contains(tool.folder.path) } == [])
        }
    }

    @Test(.enabled(if: OtherMounts.areThere))
    func `Without a shell for the watchdog plugins answer all the same`() async throws {
        try await withTool { tool in
            let shell = tool.folder.appendingPathComponent("shell").path
            try FileManager.default.copyItem(
                at: URL(fileURLWithPath: "/bin/sh").resolvingSymlinksInPath(),
                to: URL(fileURLWithPath: shell)
            )
            let answer = #"{"type":"response","id":"1","ok":{"verdict":"finish","result":{"key":"sk-plugin"}}}"#
            try install("oneshot", shell: shell, "read -r request; echo '\(answer)'", in: tool)
            let run = try await tool.run(
                ["get", "openai"],
                environment: environment(tool),
                launcher: OtherMounts.launcher("mount --bind /dev/null \"$(readlink -f /bin/sh)\"")
            )
            #expect(run.status == 0 && run.text == "sk-plugin\n", "\(run.errors)")
        }
    }

    @Test func `After an ordinary end there is no watchdog`() async throws {
        try await withTool { tool in
            let list = tool.folder.appendingPathComponent("children").path
            try install(
                "oneshot",
                """
                read -r request
                rest=${request#*\\"id\\":\\"}; id=${rest%%\\"*}
                ps -A -o pid=,ppid=,args= | while read -r pid parent command; do
                    [ "$parent" = "$PPID" ] && echo "$pid $command"
                done > '\(list)'
                printf '{"type":"response","id":"%s","ok":{"verdict":"finish","result":{"key":"sk-plugin"}}}\\n' "$id"
                """,
                in: tool
            )
            let run = try await tool.run(["get", "openai"], environment: environment(tool))
            #expect(run.status == 0 && run.text == "sk-plugin\n", "\(run.errors)")
            let children = try String(contentsOfFile: list, encoding: .utf8).split(separator: "\n")
            #expect(children.count == 2 && children.contains { $0.contains("keyhooks-watchdog") })
            for child in children {
                let pid = try #require(pid_t(child.prefix { $0 != " " }))
                // The tool doesn't wait until whoever collects orphans has collected it.
                for _ in 0..<200 where kill(pid, 0) == 0 { try await Task.sleep(for: .milliseconds(50)) }
                #expect(kill(pid, 0) == -1 && errno == ESRCH, "\(child)")
            }
        }
    }
}
#endif
