#if CLI
import Foundation
import Testing

/// What the tool says of configurations that aren't as they are meant.
struct ConfigurationCommandTests {
    private func home(of tool: Tool) -> String { tool.folder.appendingPathComponent("home").path }

    @Test func `Files, folders and options may begin with ~/ where no shell replaces it`() async throws {
        try await withTool { tool in
            let environment = ["HOME": home(of: tool)]
            try tool.write("home/keys.env", "GROQ_API_KEY=gsk-fake\n")
            try tool.write("home/conf.json", #"{ "envFiles": ["~/keys.env"], "pluginPath": ["~/plugs"] }"#)
            try tool.write("home/plugs/.keep", "")
            for options in [["--config=~/conf.json"], ["--env-file=~/keys.env"]] {
                let run = try await tool.run(["get", "groq"] + options, environment: environment)
                #expect(run.status == 0 && run.text == "gsk-fake\n" && run.errors.isEmpty, "\(run.errors)")
            }
            let named = environment.merging(["KEYHOOKS_CONFIG": "~/conf.json"]) { $1 }
            #expect(try await tool.run(["get", "groq"], environment: named).text == "gsk-fake\n")
            let missing = try await tool.run(["get", "groq", "--env-file=~/no.env"], environment: environment)
            #expect(missing.status == 78 && missing.errors.contains("\(home(of: tool))/no.env does not exist"))
        }
    }

    @Test func `Relative files are looked for beside the configuration, and shown whole`() async throws {
        try await withTool { tool in
            try tool.write("my.env", "GROQ_API_KEY=gsk-fake\n")
            let section = #"{ "address": "http://127.0.0.1:1", "path": "ai/openai", "token": "file:tok" }"#
            try tool.write("rel.json", #"{ "envFiles": ["my.env"], "plugins": { "openbao": \#(section) } }"#)
            try tool.write("sub/.keep", "")
            let inner = Tool(folder: tool.folder.appendingPathComponent("sub"))
            let groq = try await inner.run(["get", "groq", "--config", "../rel.json", "--no-plugins"])
            #expect(groq.text == "gsk-fake\n", "\(groq.errors)")
            let run = try await inner.run(["get", "openai", "--config", "../rel.json"])
            let place = "the file \(tool.folder.path)/tok, which should hold"
            #expect(run.status == 2 && run.errors.contains(place), "\(run.errors)")
        }
    }

    @Test func `A plugin that isn't there is reported with the rest`() async throws {
        try await withTool { tool in
            let text = """
                { "plugins": { "acme": {}, "openbao": { "path": "ai/{servce}" } },
                  "providers": { "openai": { "only": "openbau" }, "xai": { "plugins": ["acme"] } },
                  "profiles": { "dev": { "envFiles": ".env" } } }
                """
            try tool.write("keyhooks.json", text)
            let missing = try await tool.run(["get", "openai"])
            #expect(missing.status == 78)
            let lines = missing.errors.split(separator: "\n")
            for (line, part) in zip(
                lines,
                [
                    "keyhooks.json:1:24: plugins.acme: there is no plugin of this name",
                    "path of OpenBao has a '{' that doesn't begin one of",
                    "providers.openai.only: 'openbau': there is no plugin of this name. Did you mean 'openbao'?",
                    "profiles.dev.envFiles: unknown key: a profile has 'providers'",
                ]
            ) {
                #expect(line.contains(part), "\(missing.errors)")
            }
            #expect(lines.count == 4, "\(missing.errors)")
            let folder = "home/.config/keyhooks/plugins/acme"
            let manifest = #"""
                { "id": "acme", "version": "1.0.0", "api": 1, "mode": "oneshot", "entry": "./run",
                  "hooks": [ { "point": "getAPIKey", "phase": "start" } ] }
                """#
            try tool.write("\(folder)/plugin.json", manifest)
            let script = try tool.write("\(folder)/run", "#!/bin/sh\nexit 3\n")
            try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: script)
            let environment = ["HOME": home(of: tool), "PATH": "/usr/bin:/bin"]
            let present = try await tool.run(["get", "openai"], environment: environment)
            #expect(present.errors.split(separator: "\n").count == 3, "\(present.errors)")
            #expect(!present.errors.contains("acme"), "\(present.errors)")
        }
    }

    @Test func `All mistakes come at once, those of OpenBao's section with the others`() async throws {
        try await withTool { tool in
            let text = """
                { "plugins": { "openbao": { "adress": "https://bao", "ttl": "5 minutes" } },
                  "providers": { "openai": { "falback": "never", "apiKey": "${MY_KEY}" } },
                  "provider": {} }
                """
            try tool.write("keyhooks.json", text)
            for command in [["get", "openai"], ["list"], ["explain", "openai"], ["plugins", "list"]] {
                let run = try await tool.run(command)
                #expect(run.status == 78 && run.text.isEmpty)
                for part in [
                    "openbao.adress: unknown key. Did you mean 'address'?", "openbao.path: a required key is missing",
                    "openbao.ttl: expected a duration", "falback: unknown key. Did you mean 'fallback'?",
                    #"apiKey: unknown key: write "env": ["MY_KEY"]"#,
                    "provider: unknown key. Did you mean 'providers'?",
                ] {
                    #expect(run.errors.contains(part), "\(command): \(run.errors)")
                }
            }
        }
    }

    @Test func `A profile that the configuration doesn't have is a mistake`() async throws {
        try await withTool { tool in
            try tool.write("keyhooks.json", #"{ "profiles": { "prod": {}, "dev": {} } }"#)
            let environment = ["OPENAI_API_KEY": "sk-fake"]
            let run = try await tool.run(["get", "openai", "--profile", "prdo"], environment: environment)
            #expect(run.status == 78 && run.text.isEmpty)
            let words = "the configuration has no profile 'prdo'. Did you mean 'prod'?"
            #expect(run.errors.contains(words), "\(run.errors)")
            let known = try await tool.run(["get", "openai", "--profile", "dev"], environment: environment)
            #expect(known.text == "sk-fake\n")
        }
    }

    @Test func `A hook that fails at the end leaves one remark`() async throws {
        try await withTool { tool in
            let folder = "home/.config/keyhooks/plugins/audit"
            let manifest = #"""
                { "id": "audit", "version": "1.0.0", "api": 1, "mode": "oneshot", "entry": "./run",
                  "hooks": [ { "point": "getAPIKey", "phase": "end" } ] }
                """#
            try tool.write("\(folder)/plugin.json", manifest)
            let script = try tool.write("\(folder)/run", "#!/bin/sh\nexit 3\n")
            try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: script)
            let environment = ["HOME": home(of: tool), "OPENAI_API_KEY": "sk-fake", "PATH": "/usr/bin:/bin"]
            let run = try await tool.run(["get", "openai"], environment: environment)
            #expect(run.status == 0 && run.text == "sk-fake\n")
            #expect(run.errors == "warning: plugin 'audit' (end): crashed: it ended with status 3\n")
        }
    }

    @Test func `A file of another name is mentioned`() async throws {
        try await withTool { tool in
            try tool.write("keyhooks.yaml", "providers: {}\n")
            let run = try await tool.run(["get", "openai"], environment: ["OPENAI_API_KEY": "sk-fake"])
            #expect(run.status == 0 && run.text == "sk-fake\n")
            #expect(run.errors.hasPrefix("warning: keyhooks.yaml isn't read, only keyhooks.json is: "), "\(run.errors)")
        }
    }
}
#endif
