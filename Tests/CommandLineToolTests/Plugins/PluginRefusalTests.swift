#if CLI
import Foundation
import Testing

struct PluginRefusalTests {
    @Test(arguments: ["info", "trust", "untrust", "enable", "disable"])
    func `An unknown id is status 1, with what was probably meant`(command: String) async throws {
        try await withPluginTool { plugins in
            try plugins.plugin("acme.vault")
            let run = try await plugins.plugins(command, "acme.valt")
            #expect(run.status == 1 && run.text.isEmpty)
            #expect(run.errors.contains("there is no plugin 'acme.valt'"))
            #expect(run.errors.contains("Did you mean 'acme.vault'?"))
        }
    }

    @Test(arguments: ["abc", String(repeating: "g", count: 64), "0x" + String(repeating: "0", count: 62)])
    func `What is no fingerprint is wrong usage, with what one looks like`(text: String) async throws {
        try await withPluginTool { plugins in
            try plugins.plugin("acme")
            let run = try await plugins.plugins("trust", "acme", "--sha256", text)
            #expect(run.status == 64 && run.text.isEmpty)
            #expect(run.errors.contains("is no fingerprint: one is 64 hexadecimal digits"))
        }
    }

    @Test func `A command to be copied stands in an error as it is, and nothing behind it`() async throws {
        try await withPluginTool { plugins in
            try plugins.plugin("acme", in: "home/.config/keyhooks/plugins")
            let entry = plugins.home + "/.config/keyhooks/plugins/acme/run"
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: entry)
            for arguments in [["get", "openai"], ["plugins", "trust", "acme"]] {
                let run = try await plugins.tool.run(arguments, environment: ["HOME": plugins.home])
                #expect(run.errors.contains(/[Rr]un: chmod u\+x \/\S*\/plugins\/acme\/run\n/), "\(run.errors)")
            }
        }
    }

    @Test func `A broken plugin is not trusted, and info shows all that is wrong`() async throws {
        try await withPluginTool { plugins in
            try plugins.plugin("acme", more: "\"hoks\": [], \"modus\": 1,")
            let trust = try await plugins.plugins("trust", "acme")
            #expect(trust.status == 2 && trust.text.isEmpty && trust.errors.contains("is broken"))
            let info = try await plugins.plugins("info", "acme")
            #expect(info.status == 0)
            #expect(info.lines.count { $0.hasPrefix("problem ") } == 2)
        }
    }

    @Test func `Without a place for it no decision is made`() async throws {
        try await withPluginTool { plugins in
            try plugins.plugin("acme")
            try plugins.tool.write("file", "where a folder should be")
            let run = try await plugins.tool.run(
                ["plugins", "trust", "acme", "--config", "conf/keyhooks.json"],
                environment: ["HOME": plugins.tool.folder.appendingPathComponent("file").path]
            )
            #expect(run.status == 2 && run.errors.contains("Not a directory"), "\(run.errors)")
        }
    }

    @Test func `A wrong configuration is 78, and one that is named must be there`() async throws {
        try await withPluginTool { plugins in
            try plugins.tool.write("conf/keyhooks.json", "{")
            #expect(try await plugins.plugins("list").status == 78)
            try FileManager.default.removeItem(at: plugins.tool.folder.appendingPathComponent("conf/keyhooks.json"))
            #expect(try await plugins.plugins("list").status == 78)
        }
    }

    @Test func `A folder that cannot be searched is a warning`() async throws {
        try await withPluginTool { plugins in
            let run = try await plugins.plugins("list")
            #expect(run.status == 0 && run.lines.count == Tool.builtIn.count)
            #expect(run.errors.contains("conf/Plugins can't be searched"))
        }
    }

    @Test(arguments: [["plugins", "info"], ["plugins", "info", "a", "b"], ["plugins", "nonsense"]])
    func `Wrong usage is 64`(arguments: [String]) async throws {
        #expect(try await withTool { try await $0.run(arguments) }.status == 64)
    }

    @Test func `No control character of an id or a manifest reaches the terminal`() async throws {
        try await withPluginTool { plugins in
            try plugins.plugin("acme", more: "\"a\u{7}b\": 1,")
            for run in [
                try await plugins.plugins("info", "a\u{1B}[31m"), try await plugins.plugins("disable", "a\u{1B}\n"),
                try await plugins.plugins("list"), try await plugins.plugins("info", "acme"),
            ] {
                let shown = (run.text + run.errors).unicodeScalars.filter { $0 != "\n" }
                #expect(!shown.contains { $0.properties.generalCategory == .control })
            }
        }
    }
}

extension String {
    fileprivate var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }

    @Test(
        arguments: [
            (
                "#!/bin/sh\r\nexit 0\r\n", #"/own/run names the interpreter '/bin/sh\r', which does not exist"#,
                "LF line ends"
            ),
            ("exit 0\n", "/own/run does not begin with '#!'", "begin it with #!"),
        ]
    )
    func `What no system can run is said by whatever looks at it`(text: String, reason: String, remedy: String)
        async throws
    {
        try await withTool { tool in
            try own(text, in: tool)
            let commands = [["get", "openai"], ["list"], ["plugins", "list"], ["plugins", "check", "own"]]
            for command in commands + [["plugins", "info", "own"]] {
                let environment = ["XDG_CONFIG_HOME": tool.folder.path, "OPENAI_API_KEY": "sk-1"]
                let run = try await tool.run(command, environment: environment)
                let told = run.text + run.errors
                #expect(told.contains(reason) && told.contains(remedy), "\(command): \(told)")
                #expect(!told.contains("sk-1"))
            }
        }
    }

    @Test(
        arguments: [
            ("#!/usr/bin/python33", "its interpreter '/usr/bin/python33' is not there"),
            ("#!/usr/bin/env pythn3", "its first line asks for 'pythn3', which isn't on PATH"),
        ]
    )
    func `An interpreter that is missing is no mistake of the plugin's, and is said where it is listed and asked`(
        line: String,
        words: String
    ) async throws {
        try await withTool { tool in
            try own("\(line)\n", in: tool)
            let environment = ["XDG_CONFIG_HOME": tool.folder.path, "PATH": "/usr/bin:/bin"]
            for command in [["get", "openai"], ["plugins", "list"], ["plugins", "check", "own"]] {
                let run = try await tool.run(command, environment: environment)
                #expect((run.text + run.errors).contains(words), "\(command): \(run.text)\(run.errors)")
            }
        }
    }

    private func own(_ text: String, in tool: Tool) throws {
        try tool.write(
            "keyhooks/plugins/own/plugin.json",
            """
            { "id": "own", "version": "1", "api": 1, "entry": "./run", "mode": "oneshot",
              "hooks": [{ "point": "getAPIKey", "phase": "start" }] }
            """
        )
        let run = try tool.write("keyhooks/plugins/own/run", text)
        try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: run)
    }
}
#endif
