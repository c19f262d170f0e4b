#if CLI
import Foundation
import Testing

@Suite("Getting the keys of several services", .timeLimit(.minutes(5)))
struct GetSeveralTests {
    private static let odd = "it's a \"k\"$HOME `x` \\ \u{e9} # no"
    private static let keys = ["OPENAI_API_KEY": "sk-1", "GROQ_API_KEY": odd]

    @Test("shell: what a shell evaluates is what they are, whatever is in them")
    func shell() async throws {
        try await withTool { tool in
            let run = try await tool.run(
                ["get", "openai", "groq", "ollama", "--format", "shell"],
                environment: Self.keys
            )
            #expect(run.status == 0 && run.text.hasPrefix("export OPENAI_API_KEY='sk-1'\n"), "\(run.errors)")
            #expect(run.errors.contains("'ollama' requires no key"))
            let script = try tool.write("env.sh", run.text + "printf '%s' \"$GROQ_API_KEY\"")
            let shell = try await tool.run([], launcher: ["/bin/sh", script])
            #expect(shell.text == Self.odd)
        }
    }

    @Test("dotenv: what is written is read again as it was; json: under their variables")
    func dotenv() async throws {
        try await withTool { tool in
            let run = try await tool.run(["get", "openai", "groq", "--format", "dotenv"], environment: Self.keys)
            #expect(run.status == 0 && run.text.hasPrefix("OPENAI_API_KEY=sk-1\nGROQ_API_KEY="))
            try tool.write("other.env", run.text)
            #expect(try await tool.run(["get", "groq", "--env-file", "other.env"]).text == Self.odd + "\n")
            let json = try await tool.run(["get", "openai", "groq", "--format", "json"], environment: Self.keys)
            #expect(try JSONSerialization.jsonObject(with: Data(json.output)) as? [String: String] == Self.keys)
            let reports = try await tool.run(["get", "openai", "groq", "--json"], environment: Self.keys)
            let services = try JSONSerialization.jsonObject(with: Data(reports.output)) as? [[String: String]]
            #expect(services?.map { $0["service"] } == ["openai", "groq"])
            let one = try await tool.run(["get", "openai", "--format", "dotenv"], environment: Self.keys)
            #expect(one.text == "OPENAI_API_KEY=sk-1\n")
        }
    }

    @Test("All or none: one that can't be had leaves nothing to use, and the worst is the exit status")
    func allOrNone() async throws {
        try await withSecretTool { tool in
            try tool.tool.write("team.json", #"{"providers": {"OPENAI_API_KEY": "sk-1"}}"#)
            for (services, status) in [
                (["openai", "groq"], 1), (["openai", "groq", "xai"], 2), (["openai", "xai", "mistral"], 3),
            ] {
                for form in [["--format", "shell"], ["--format", "json"], ["--json"]] {
                    let arguments = ["get"] + services + form + ["--profile", "broken"]
                    let run = try await tool.tool.run(arguments, environment: ["PATH": "/usr/local/bin:/usr/bin:/bin"])
                    #expect(run.status == status && run.output.isEmpty, "\(services) \(run.status) \(run.errors)")
                    #expect(run.errors.split(separator: "\n").count { $0.hasPrefix("error: ") } == services.count - 1)
                }
            }
        }
    }

    @Test(
        "Wrong usage is said with what to do",
        arguments: [
            (["openai", "groq"], "--format dotenv, json or shell"),
            (["openai", "--format", "yaml"], "'dotenv', 'json' or 'shell'"),
            (["openai", "groq", "--format", "json", "-n"], "-n is for one key"),
            (["openai", "groq", "--json", "--field", "x"], "--field is for one service"),
            (["openai", "--json", "--format", "json"], "leave one out"),
            (["302ai", "--format", "shell"], "can't be a variable of a shell"),
        ]
    )
    func wrong(arguments: [String], words: String) async throws {
        try await withTool { tool in
            let environment = Self.keys.merging(["302AI_API_KEY": "sk-302"]) { $1 }
            let run = try await tool.run(["get"] + arguments, environment: environment)
            #expect(run.status == 64 && run.errors.contains(words) && run.output.isEmpty, "\(run.status) \(run.errors)")
        }
    }
}
#endif
