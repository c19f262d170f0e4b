#if CLI
import Foundation
import KeyHooks
import Testing

struct ExplainTests {
    @Test func `The text shows the whole chain at a glance`() async throws {
        try await withTool { tool in
            try tool.write("a.env", "COHERE_API_KEY=\n# note\nCO_API_KEY=sk-file\n")
            let run = try await tool.run(
                ["explain", "cohere_chat", "--env-file", "a.env"],
                environment: ["API_KEY_COHERE": "sk-process"]
            )
            #expect(run.status == 0 && run.errors.isEmpty)
            #expect(
                run.text == """
                    cohere (asked for as cohere_chat): CO_API_KEY in a.env:3

                    hooks:
                      none

                    places, strongest first (envPrecedence: process):
                      process environment
                      a.env

                    variables, in the order tried:
                        COHERE_API_KEY         set but empty  a.env:1
                      > CO_API_KEY             set, used  a.env:3
                        API_KEY_COHERE         set, shadowed  process environment  (generic name)
                        COHERE_API_TOKEN       unset  (generic name)
                        COHERE_TOKEN           unset  (generic name)
                        COHERE_KEY             unset  (generic name)
                        COHERE_CHAT_API_KEY    unset  (generic name)
                        API_KEY_COHERE_CHAT    unset  (generic name)
                        COHERE_CHAT_API_TOKEN  unset  (generic name)

                    warnings:
                      CO_API_KEY and API_KEY_COHERE hold different values for 'cohere'; CO_API_KEY is used. Unset one of them

                    """
            )
        }
    }

    @Test(
        arguments: [
            ("groq", 1, "groq: no key. Set GROQ_API_KEY in .env or in the environment"),
            ("ollama", 0, "ollama: no key is set and none is required"),
            ("opnai", 1, "unknown service: the generic rule applies. Did you mean 'openai'?"),
            ("qqqqqqqqqqqq", 1, "unknown service: the generic rule applies\n"),
            ("github", 1, "unset  (shared with other uses)"),
            ("bedrock", 1, "field region:"), ("bedrock", 1, "note: main key: the bearer token"),
            ("groq", 1, ".env  (missing)"),
        ] as [(String, Int32, String)]
    )
    func `What is to be said of a service is said`(service: String, status: Int32, text: String) async throws {
        let run = try await withTool { try await $0.run(["explain", service]) }
        #expect(run.status == status && run.errors.isEmpty)
        #expect(run.text.contains(text), "\(run.text)")
    }

    @Test func `What plugins read is listed in the order in which they are asked`() async throws {
        try await withTool { tool in
            for (id, priority) in [("a", 3), ("b", 2), ("c", 1)] {
                try tool.write(
                    "keyhooks/plugins/\(id)/plugin.json",
                    """
                    { "id": "\(id)", "version": "1", "api": 1, "entry": "./run", "mode": "oneshot",
                      "hooks": [{ "point": "getAPIKey", "phase": "start", "priority": \(priority) }] }
                    """
                )
                let run = try tool.write("keyhooks/plugins/\(id)/run", "#!/bin/sh\n")
                try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: run)
            }
            let environment = ["XDG_CONFIG_HOME": tool.folder.path]
            let run = try await tool.run(["explain", "openai"], environment: environment)
            let part = try #require(
                run.text.split(separator: "read by plugins:\n").last?.split(separator: "\n\n").first
            )
            #expect(part.split(separator: "\n").map { $0.prefix(3) } == ["  c", "  b", "  a"], "\(run.text)")
            let json = try await tool.run(["explain", "openai", "--json"], environment: environment)
            let explanation = try JSONDecoder().decode(KeyExplanation.self, from: Data(json.output))
            #expect(explanation.hooks.map { $0.id.prefix(1) } == ["c", "b", "a"])
            #expect(explanation.cached.map(\.plugin) == ["c", "b", "a"])
        }
    }

    @Test func `As JSON it can be read back, and names the configuration`() async throws {
        try await withTool { tool in
            try tool.write("keyhooks.json", "{providers: {acme: {env: ['ACME_KEY'], aliases: ['acme-ai']}}}")
            let run = try await tool.run(["explain", "acme-ai", "--json"], environment: ["ACME_KEY": "sk-1"])
            #expect(run.status == 0 && run.errors.isEmpty)
            let explanation = try JSONDecoder().decode(KeyExplanation.self, from: Data(run.output))
            #expect(explanation.service == "acme" && explanation.requested == "acme_ai" && explanation.isKnown)
            #expect(explanation.configuration == "keyhooks.json")
            #expect(explanation.winner?.variable == "ACME_KEY")
            #expect(explanation.variables.map(\.tier) == [.configured])
        }
    }

    @Test func `A folder that was named for plugins and is not there is warned of`() async throws {
        try await withTool { tool in
            try tool.write("keyhooks.json", "{pluginPath: ['Plugins']}")
            let run = try await tool.run(["explain", "groq"], environment: ["KEYHOOKS_PLUGIN_PATH": "nowhere"])
            #expect(run.status == 1 && run.errors.isEmpty)
            for folder in ["nowhere", "Plugins"] {
                #expect(
                    run.text.contains("\n  the plugin folder \(folder) can't be searched: No such file"),
                    "\(run.text)"
                )
            }
        }
    }

    @Test(arguments: [["explain", "openai"], ["explain", "openai", "--json"], ["list"], ["list", "--json"]])
    func `Neither shows a value`(arguments: [String]) async throws {
        try await withTool { tool in
            try tool.write(".env", "OPENAI_API_KEY=sk-leak\nGROQ_API_KEY=changeme-leak\nAWS_REGION=leak\n")
            let run = try await tool.run(arguments, environment: ["OPENAI_API_KEY": "sk-leak", "OPENAI_KEY": "leak"])
            #expect(run.status == 0)
            #expect(!run.text.contains("leak") && !run.errors.contains("leak"))
            #expect(run.text.contains("OPENAI_API_KEY"))
        }
    }
}
#endif
