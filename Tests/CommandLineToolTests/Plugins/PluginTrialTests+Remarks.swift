#if CLI
import Foundation
import Testing

/// What is said beside the answer.
extension PluginTrialTests {
    @Test func `What a resolver would warn of in a key is said to its author`() async throws {
        try await withTool { tool in
            let answer = Self.answer.replacing("battery", with: #"battery\\n"#)
            let absent = #"{"type":"response","id":"%s","error":{"kind":"not-found"}}"#
            let body = #"case $line in *nobody*) printf '\#(absent)' "$id" ;; *) printf '\#(answer)' "$id" ;; esac"#
            try plugin(tool, in: "p", body)
            for arguments in [["try", "./p", "openai"], ["check", "./p"]] {
                let run = try await tool.run(["plugins"] + arguments, environment: ["PATH": "/usr/bin:/bin"])
                #expect(run.status == 0, "\(run.text)\(run.errors)")
                #expect(run.text.contains("its key has blanks or line ends around its value"), "\(run.text)")
                #expect(!run.text.contains("horse"))
            }
        }
    }

    @Test func `The command that shows everything is named with its option once`() async throws {
        try await withTool { tool in
            try plugin(tool, in: "p", "echo no")
            for more in [[], ["--show-output"]] {
                let run = try await tool.run(
                    ["plugins", "try", "./p", "openai"] + more,
                    environment: ["PATH": "/usr/bin:/bin"]
                )
                #expect(run.errors.contains("keyhooks plugins try ./p openai --show-output\n"), "\(run.errors)")
            }
        }
    }

    @Test(arguments: ["exit 3", #"printf '{"type":"response","id":"%s","error":{"kind":"internal"}}' "$id""#])
    func `A variable that the manifest asks for and that isn't set is to be set`(body: String) async throws {
        try await withTool { tool in
            try plugin(tool, in: "home/keyhooks/plugins/policy", body)
            try tool.write(".env", "ACME_TOKEN=correct-horse")
            let home = tool.folder.appendingPathComponent("home").path
            for command in [["get", "openai"], ["plugins", "try", "policy", "openai"]] {
                let run = try await tool.run(command, environment: ["XDG_CONFIG_HOME": home, "PATH": "/usr/bin:/bin"])
                let words = "Set ACME_TOKEN in the process environment; .env isn't read for it."
                #expect(run.status == 2 && run.errors.contains(words), "\(run.errors)")
            }
        }
    }

    @Test func `What is wrong is said once`() async throws {
        try await withTool { tool in
            let home = tool.folder.appendingPathComponent("home").path
            let environment = ["XDG_CONFIG_HOME": home, "PATH": "/usr/bin:/bin", "ACME_TOKEN": "t"]
            func errors(of command: String) async throws -> String {
                let run = try await tool.run(
                    [command] + (command == "list" ? [] : ["openai"]),
                    environment: environment
                )
                #expect(run.status != 0, "\(run.text)")
                return run.errors
            }
            let entry = try plugin(tool, in: "home/keyhooks/plugins/policy", "echo sealed >&2; exit 4")
            var get = try await errors(of: "get")
            #expect(get.split(separator: "sealed").count == 2, "\(get)")
            try "#!/usr/bin/env nosuchinterpreter\n".write(toFile: entry, atomically: false, encoding: .utf8)
            get = try await errors(of: "get")
            #expect(get.split(separator: "nosuchinterpreter").count == 2, "\(get)")
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: entry)
            for command in ["get", "list", "explain"] {
                let errors = try await errors(of: command)
                #expect(errors.split(separator: "is not executable").count == 2, "\(errors)")
            }
        }
    }

    @Test func `A plugin that the configuration counts on and nobody installed is listed as missing`() async throws {
        try await withTool { tool in
            try plugin(tool, in: "home/keyhooks/plugins/policy", "exit 0")
            try tool.write(
                "own.json",
                "{plugins: {polcy: {}}, providers: {groq: {plugins: ['acme']}, openai: {plugins: ['policy']}}}"
            )
            let run = try await run(tool, "list", "--config", "own.json")
            #expect(run.status == 0, "\(run.errors)")
            let warnings = run.errors.split(separator: "\n")
            #expect(warnings.count == 2, "\(run.errors)")
            #expect(warnings.first?.contains("counts on plugin 'acme', which isn't installed") == true)
            #expect(warnings.last?.hasSuffix("Did you mean 'policy'?") == true, "\(run.errors)")
        }
    }

    @Test(arguments: ["check", "try"])
    func `An author who asks for it sees everything, marked and on standard error`(command: String) async throws {
        try await withTool { tool in
            try plugin(tool, in: "p", "printf 'looked up\\n\(Self.key)' ; printf 'got \(Self.key)\\033[31m' >&2")
            let more = command == "try" ? ["openai"] : []
            let run = try await tool.run(
                ["plugins", command, "./p"] + more + ["--show-output"],
                environment: ["PATH": "/usr/bin:/bin"]
            )
            #expect(run.status == 2 && !run.text.contains("horse"), "\(run.text)")
            let lines = run.errors.split(separator: "\n")
            #expect(lines.contains("warning: what the plugin writes is shown as it is, keys included"))
            #expect(lines.contains("[stdout] looked up") && lines.contains("[stdout] \(Self.key)"))
            #expect(lines.contains(#"[stderr] got \#(Self.key)\u{1b}[31m"#), "\(run.errors)")
        }
    }

    @Test func `Check shows what the plugin wrote on standard error where a rule is broken`() async throws {
        try await withTool { tool in
            try plugin(tool, in: "p", "echo 'No module named requests, \(Self.key)' >&2; exit 1")
            let run = try await run(tool, "check", "./p")
            #expect(run.status == 2)
            #expect(run.lines.contains("stderr: No module named requests, [21 characters]"), "\(run.text)")
            // Once, and not for every rule that is broken by it.
            #expect(run.lines.count { $0.hasPrefix("stderr:") } == 1)
            #expect(!run.text.contains("horse"))
            let json = try await self.run(tool, "check", "./p", "--json")
            #expect(json.text.contains(#""standardError" : ["#) && json.text.contains("No module named requests"))
        }
    }
}

#endif
