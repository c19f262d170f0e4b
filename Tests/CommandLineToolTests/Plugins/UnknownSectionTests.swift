#if CLI
import Foundation
import Testing

/// A configuration may be written for a program that has plugins of its own, which the tool does not have.
struct UnknownSectionTests {
    private static let text = """
        { "plugins": { "vault": { "address": 1 }, "openba": {} },
          "providers": { "openai": { "plugins": ["vault"] }, "groq": { "vault": { "name": "g" } } } }
        """

    @Test(arguments: [
        ["list"], ["list", "--set", "--json"], ["explain", "openai"], ["explain", "groq", "--json"],
    ])
    func `A command that only looks goes on, and says what it does not know`(arguments: [String]) async throws {
        let keys = ["OPENAI_API_KEY": "sk-1", "GROQ_API_KEY": "gsk-1"]
        try await withTool { tool in
            try tool.write("keyhooks.json", Self.text)
            let run = try await tool.run(arguments, environment: keys)
            #expect(run.status == 0 && !run.text.isEmpty, "\(run.errors)")
            let lines = run.errors.split(separator: "\n")
            #expect(
                lines.count { $0.hasPrefix("warning: ") && $0.contains("no plugin of this name") } == 2,
                "\(run.errors)"
            )
            #expect(run.errors.contains("keyhooks.json:1:25: plugins.vault: "), "\(run.errors)")
            #expect(run.errors.contains("Did you mean 'openbao'?"), "\(run.errors)")
            // Without plugins there is nothing to say.
            let off = try await tool.run(arguments + ["--no-plugins"], environment: keys)
            #expect(off.status == 0 && off.errors.isEmpty, "\(off.errors)")
        }
    }

    @Test(arguments: [["plugins", "list"], ["plugins", "info", "openbao"]])
    func `So do those about plugins`(arguments: [String]) async throws {
        try await withTool { tool in
            try tool.write("keyhooks.json", Self.text)
            let run = try await tool.run(arguments)
            #expect(run.status == 0 && run.text.contains("openbao"))
            #expect(run.errors.contains("warning: the configuration counts on plugin 'vault', which isn't installed"))
        }
    }

    @Test func `To get a key is refused, with what to do`() async throws {
        try await withTool { tool in
            try tool.write("keyhooks.json", Self.text)
            let run = try await tool.run(["get", "openai"], environment: ["OPENAI_API_KEY": "sk-1"])
            #expect(run.status == 78 && run.text.isEmpty)
            #expect(run.errors.contains("plugins.vault: there is no plugin of this name"))
            #expect(run.errors.contains("--no-plugins"))
        }
    }

    /// What is wrong with a plugin that a project brings, and which words of it are shown.
    @Test(arguments: [("trust", "untrusted: never trusted"), ("break", "broken: "), ("hide", "there is no plugin")])
    func `A command that only looks goes on without a plugin that does not run`(fault: String, words: String)
        async throws
    {
        try await withPluginTool { plugins in
            let tool = plugins.tool
            try plugins.plugin("acme")
            if fault == "break" { try tool.write("conf/Plugins/acme/plugin.json", #"{ "id": "acme", "api": 9 }"#) }
            if fault == "hide" { try FileManager.default.removeItem(at: tool.folder.appending(path: "conf/Plugins")) }
            try tool.write(
                "conf/keyhooks.json",
                "{ pluginPath: ['Plugins'], plugins: { acme: {} }, providers: { openai: { plugins: ['acme'] } } }"
            )
            let environment = ["HOME": plugins.home, "PATH": "/usr/bin:/bin", "GROQ_API_KEY": "gsk-1"]
            for arguments in [["list"], ["explain", "groq"]] {
                let run = try await tool.run(arguments + ["--config", "conf/keyhooks.json"], environment: environment)
                #expect(run.status == 0 && run.text.contains("groq"), "\(run.errors)")
                let told = run.errors.split(separator: "\n").filter { $0.hasPrefix("warning: ") && $0.contains("acme") }
                #expect(told.count == 1 && run.errors.contains("'keyhooks get' "), "\(run.errors)")
                #expect(fault == "hide" || told[0].contains(words), "\(run.errors)")
            }
            let get = try await tool.run(["get", "groq", "--config", "conf/keyhooks.json"], environment: environment)
            #expect(get.status == 78 && get.text.isEmpty && get.errors.contains(words), "\(get.errors)")
            #expect(!FileManager.default.fileExists(atPath: plugins.mark))
        }
    }

    @Test(arguments: [["trust"], ["trust", "--show"]])
    func `Who is to trust a file hears what get will say`(arguments: [String]) async throws {
        try await withTool { tool in
            try tool.write("keyhooks.json", Self.text)
            let run = try await tool.run(arguments, finding: true)
            #expect(!run.text.isEmpty)
            for place in ["1:25: plugins.vault", "1:53: plugins.openba"] {
                let words =
                    "warning: keyhooks.json:\(place): there is no plugin of this name, so 'keyhooks get' refuses"
                #expect(run.errors.contains(words), "\(run.errors)")
            }
            try tool.write(
                "keyhooks.json",
                "{ providers: { openai: { only: 'openbao' } }, plugins: { openbao: { path: 'p' } } }"
            )
            #expect(try await tool.run(arguments, finding: true).errors.isEmpty)
        }
    }

    @Test func `A plugin that is named without a section is still a mistake`() async throws {
        try await withTool { tool in
            try tool.write("keyhooks.json", #"{ "providers": { "openai": { "only": "vault" } } }"#)
            for command in ["explain", "get"] {
                let run = try await tool.run([command, "openai"])
                #expect(run.status == 78 && run.errors.contains("there is no plugin of this name"), "\(run.errors)")
            }
        }
    }
}
#endif
