#if CLI
import Foundation
import KeyHooks
import Testing

struct ListTests {
    @Test func `Every known service is listed with what is set`() async throws {
        try await withTool { tool in
            try tool.write(".env", "\nGROQ_API_KEY=sk-1\n")
            let run = try await tool.run(["list"], environment: ["OPENAI_API_KEY": "sk-2"])
            let lines = run.text.split(separator: "\n").map { $0.split(separator: " ").joined(separator: " ") }
            #expect(run.status == 0 && run.errors.isEmpty)
            #expect(lines.count == ServiceCatalogue.standard.all.count)
            #expect(lines.contains("openai set OPENAI_API_KEY process environment"))
            #expect(lines.contains("groq set GROQ_API_KEY .env:2"))
            #expect(lines.contains("ollama not required OLLAMA_API_KEY"))
            #expect(lines.contains("xai unset XAI_API_KEY"))
        }
    }

    @Test func `--set lists only what is set, also as JSON`() async throws {
        try await withTool { tool in
            let environment = ["OPENAI_API_KEY": "sk-2", "OLLAMA_API_KEY": "gate"]
            let run = try await tool.run(["list", "--set"], environment: environment)
            #expect(run.text.split(separator: "\n").map { $0.prefix(while: { $0 != " " }) }.contains("openai"))
            let json = try await tool.run(["list", "--set", "--json"], environment: environment)
            let services = try JSONDecoder().decode([ServiceSummary].self, from: Data(json.output))
            #expect(services.map(\.service) == ["ollama", "ollama_cloud", "openai"])
            #expect(run.errors.isEmpty && json.errors.isEmpty)
            let proxy = try await tool.run(["list", "--set"], environment: ["LITELLM_API_KEY": "sk-3"])
            #expect(proxy.text.hasPrefix("litellm_proxy "))
        }
    }

    @Test(arguments: ["sk-1\nX-Evil: 1", "sk\u{1}-1", "a\u{7F}b"])
    func `What no key has is worded as get words it`(key: String) async throws {
        try await withTool { tool in
            let environment = ["OPENAI_API_KEY": key]
            let get = try await tool.run(["get", "openai"], environment: environment)
            let words = try #require(get.errors.split(separator: ".").first?.dropFirst("error: ".count))
            #expect(get.status == 78 && words.contains("has a control character"), "\(get.errors)")
            for arguments in [["list", "--set"], ["explain", "openai"]] {
                let run = try await tool.run(arguments, environment: environment)
                #expect(run.text.contains(words) && !run.text.contains("no HTTP header"), "\(run.text)")
            }
        }
    }

    @Test func `Nothing set is an empty list`() async throws {
        let run = try await withTool { try await $0.run(["list", "--set"]) }
        #expect(run.status == 0 && run.text.isEmpty)
    }

    @Test(arguments: [[], ["--help"], ["get", "--help"], ["explain", "--help"], ["list", "--help"]])
    func `Help goes to standard output`(arguments: [String]) async throws {
        let run = try await withTool { try await $0.run(arguments) }
        #expect(run.status == 0 && run.errors.isEmpty)
        #expect(run.text.contains("USAGE: keyhooks"))
    }

    @Test(arguments: ["get", "explain", "list"])
    func `Every command takes the common options`(command: String) async throws {
        let run = try await withTool { try await $0.run([command, "--help"]) }
        for option in ["--env-file", "--config", "--no-plugins", "--json", "--profile", "--project"] {
            #expect(run.text.contains(option), "\(option)")
        }
    }
}
#endif
