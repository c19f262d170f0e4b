#if CLI
import Foundation
import Testing

/// What the tool does to its own process before anything else.
struct ToolProcessTests {
    @Test(.enabled(if: OtherUser.isThere || getuid() != 0))
    func `No key gets into a core file, and nobody of the same user looks into the memory`() async throws {
        try await withTool { tool in
            try tool.write(
                "home/keyhooks/plugins/own/plugin.json",
                """
                { "id": "own", "version": "1", "api": 1, "entry": "./run", "mode": "oneshot",
                  "hooks": [{ "point": "getAPIKey", "phase": "start" }] }
                """
            )
            #if os(Linux)
            let look = #"core=$(ulimit -Sc)/$(ulimit -Hc)/$(stat -c %u /proc/$PPID/mem)"#
            #else
            let look = #"core=$(ulimit -Sc)/$(ulimit -Hc)/0"#
            #endif
            let script = try tool.write(
                "home/keyhooks/plugins/own/run",
                """
                #!/bin/bash
                read -r request
                \(look)
                echo '{"type":"response","id":"1","ok":{"verdict":"finish","result":{"key":"'"$core"'"}}}'
                """
            )
            try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: script)
            if OtherUser.isThere { try OtherUser.own(tool) }
            let run = try await tool.run(
                ["get", "openai"],
                environment: [
                    "XDG_CONFIG_HOME": tool.folder.appendingPathComponent("home").path, "PATH": "/usr/bin:/bin",
                ],
                launcher: OtherUser.isThere ? OtherUser.launcher() : []
            )
            // The owner of what is not to be looked at is root.
            #expect(run.status == 0 && run.text == "0/0/0\n", "\(run.text)\(run.errors)")
        }
    }

    #if os(Linux)
    @Test(.enabled(if: OtherMounts.areThere))
    func `Without its arguments the tool fails, and prints nothing in place of a key`() async throws {
        try await withTool { tool in
            let run = try await tool.run(
                ["get", "openai"],
                environment: ["OPENAI_API_KEY": "sk-1", "PATH": "/usr/bin:/bin"],
                launcher: OtherMounts.launcher("mount -t tmpfs none /proc")
            )
            #expect(run.status == 2 && !run.isBySignal && run.text.isEmpty)
            #expect(run.errors.contains("Mount /proc"), "\(run.errors)")
        }
    }
    #endif
}
#endif
