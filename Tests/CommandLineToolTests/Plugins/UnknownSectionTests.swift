#if CLI
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
