#if CLI
import Foundation
import Testing

/// A plugin that asks the tool in turn.
@Suite(.timeLimit(.minutes(5)))
struct PluginRecursionTests {
    private func withPlugin(_ body: String, _ use: (Tool, [String: String]) async throws -> Void) async throws {
        try await withTool { tool in
            try tool.write(
                "home/keyhooks/plugins/own/plugin.json",
                """
                { "id": "own", "version": "1", "api": 1, "entry": "./run", "mode": "oneshot",
                  "environment": ["OPENAI_API_KEY", "XDG_CONFIG_HOME"], "timeouts": { "request_ms": 60000 },
                  "hooks": [{ "point": "getAPIKey", "phase": "start" }] }
                """
            )
            let script = try tool.write(
                "home/keyhooks/plugins/own/run",
                """
                #!/bin/sh
                echo run >> '\(tool.folder.path)/runs'
                # An end, should the tool find none.
                [ "$(wc -l < '\(tool.folder.path)/runs')" -ge 5 ] && exit 1
                read -r request
                rest=${request#*\\"id\\":\\"}; id=${rest%%\\"*}
                tool='\(Tool.executable.path)'
                \(body)
                printf '{"type":"response","id":"%s","ok":{"verdict":"finish","result":{"key":"%s"}}}\\n' "$id" "$key"
                """
            )
            try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: script)
            let home = tool.folder.appendingPathComponent("home").path
            try await use(
                tool,
                ["XDG_CONFIG_HOME": home, "PATH": "/usr/bin:/bin", "OPENAI_API_KEY": "sk-environment"]
            )
            #expect(try String(contentsOfFile: "\(tool.folder.path)/runs", encoding: .utf8) == "run\n")
        }
    }

    @Test func `A plugin that asks the tool for its own service is asked once and gets what the environment has`()
        async throws
    {
        try await withPlugin(#"key=$("$tool" get openai)-decorated"#) { tool, environment in
            let run = try await tool.run(["get", "openai"], environment: environment)
            #expect(run.status == 0 && run.text == "sk-environment-decorated\n", "\(run.errors)")
            #expect(run.errors.contains("own: warning: this runs inside of a plugin: KEYHOOKS_PLUGIN is set"))
        }
    }

    @Test(arguments: [
        ("explain openai", "KEYHOOKS_PLUGIN is set, so no plugin is asked"),
        ("plugins list", "KEYHOOKS_PLUGIN is set, so no plugin is asked"),
        ("plugins check ./", "KEYHOOKS_PLUGIN is set, so no plugin is asked"),
    ])
    func `The tool says there why it asks no plugin`(command: String, words: String) async throws {
        try await withPlugin(#"key=sk-plugin; "$tool" \#(command) > ../../../../said 2>&1"#) { tool, environment in
            let run = try await tool.run(["get", "openai"], environment: environment)
            #expect(run.status == 0 && run.text == "sk-plugin\n", "\(run.errors)")
            let said = try String(contentsOf: tool.folder.appendingPathComponent("said"), encoding: .utf8)
            #expect(said.contains(words), "\(said)")
        }
    }
}
#endif
