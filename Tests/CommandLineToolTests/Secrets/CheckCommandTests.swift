#if CLI
import ArgumentParser
import ExtensionHooks
import Foundation
import KeyHooks
import KeyHooksTesting
import Synchronization
import Testing

@testable import CommandLineTool

@Suite("Checking keys", .timeLimit(.minutes(5)))
struct CheckCommandTests {
    private let value = SecretTool.value

    @Test("Every configured service is asked for, with its source and time, and without its value")
    func configured() async throws {
        try await withSecretTool { tool in
            try tool.tool.write("team.json", #"{"providers": {"OPENAI_API_KEY": "\#(value)"}, "groq": "\#(value)"}"#)
            let run = try await tool.run("check")
            #expect(run.status == 0 && !(run.text + run.errors).contains(value), "\(run.text)\(run.errors)")
            #expect(run.lines.count == 2)
            #expect(
                run.lines[0].range(of: #"^groq found \d+ ms plugin 'team' \(groq\)$"#, options: .regularExpression)
                    != nil
            )
            #expect(run.lines[1].contains("openai found") && run.lines[1].contains("field OPENAI_API_KEY"))
        }
    }

    @Test("Found, absent, denied, failed and not required are told apart, in words, in JSON and in the exit status")
    func outcomes() async throws {
        try await withSecretTool { tool in
            let environment = ["HF_TOKEN": value]
            for (services, status) in [
                (["huggingface"], 0), (["ollama", "huggingface"], 0), (["groq", "huggingface"], 1),
                (["groq", "xai"], 2), (["groq", "xai", "mistral"], 3), (["cohere"], 2),
            ] {
                let arguments = ["check"] + services + ["--profile", "broken"]
                let path = environment.merging(["PATH": "/usr/local/bin:/usr/bin:/bin"]) { own, _ in own }
                let run = try await tool.tool.run(arguments, environment: path)
                #expect(run.status == status, "\(services): \(run.text)\(run.errors)")
                #expect(!run.text.contains(value))
            }
            let run = try await tool.run("check", "--profile", "broken", "--json", environment: environment)
            let checks = try #require(try JSONSerialization.jsonObject(with: Data(run.output)) as? [[String: Any]])
            let outcomes = Dictionary(
                uniqueKeysWithValues: checks.map { ($0["service"] as? String ?? "", $0["outcome"] as? String ?? "") }
            )
            #expect(
                outcomes == [
                    "openai": "absent", "groq": "absent", "xai": "failed", "mistral": "denied", "cohere": "failed",
                ]
            )
            #expect(checks.allSatisfy { $0["milliseconds"] is Int })
            #expect(run.status == 3)
        }
    }

    @Test("A key that is the last known one is stale")
    func stale() async throws {
        // In a process that has just begun, no answer is known yet.
        final class Failing: KeySource {
            let reads = Mutex(0)
            func read(_ request: KeyRequest) async throws -> String? {
                let isFirst = reads.withLock { reads in
                    reads += 1
                    return reads == 1
                }
                if isFirst { return SecretTool.value }
                throw KeyResolutionError(.unavailable, "scripted", remedy: "none")
            }
        }
        let registry = HookRegistry()
        let clock = ManualClock()
        var settings = SourceSettings()
        settings.cache.timeToLive = .seconds(60)
        settings.cache.staleIfError = .seconds(3600)
        try registry.register { [settings] hooks in
            hooks.answer(from: Failing(), id: "safe", settings: settings, clock: clock)
        }
        let resolver = try KeyResolver(registry: registry, environment: [:])
        let first = await ServiceCheck(asking: resolver, for: "openai", KeyScope())
        #expect(first.outcome == "found" && first.exit == .success)
        clock.advance(by: .seconds(100))
        let second = await ServiceCheck(asking: resolver, for: "openai", KeyScope())
        #expect(second.outcome == "stale" && second.exit.rawValue == 2, "\(second)")
        let text = ServiceCheck.text([second])
        #expect(text.contains("stale") && text.contains("safe") && !text.contains(value), "\(text)")
    }

    @Test("Without configured services those are asked for whose variables are set")
    func unconfigured() async throws {
        try await withTool { tool in
            let run = try await tool.run(["check"], environment: ["GROQ_API_KEY": value])
            #expect(run.status == 0 && run.lines.count == 1 && run.lines[0].hasPrefix("groq found"), "\(run.text)")
            let pair = ["AWS_ACCESS_KEY_ID": "AKIA1", "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI/K7MDENG/bPx"]
            let fields = try await tool.run(["check"], environment: pair)
            #expect(fields.status == 0 && fields.text.contains("its fields are set"), "\(fields.text)")
            let nothing = try await tool.run(["check"])
            #expect(
                nothing.status == 0 && nothing.output.isEmpty
                    && nothing.errors.contains("there is no service to ask for")
            )
        }
    }

    @Test(
        "Wrong usage is said with what to do",
        arguments: [
            (["sk-proj-leakAbC123dEf456GhI789"], 64, "looks like a key"), (["opnai"], 1, "Did you mean 'openai'?"),
            (["--profile", "brokn"], 64, "broken"),
        ]
    )
    func wrong(arguments: [String], status: Int32, words: String) async throws {
        try await withSecretTool { tool in
            let run = try await tool.tool.run(
                ["check"] + arguments,
                environment: ["PATH": "/usr/local/bin:/usr/bin:/bin"]
            )
            #expect((run.text + run.errors).contains(words), "\(run.status) \(run.text)\(run.errors)")
            #expect(!(run.text + run.errors).contains("leakAbC"))
            if status != 64 || words != "broken" { #expect(run.status == status) } else { #expect(run.status != 0) }
        }
    }
}
#endif
