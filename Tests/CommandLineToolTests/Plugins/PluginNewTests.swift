#if CLI
import Foundation
import PluginHost
import Testing

struct PluginNewTests {
    private static let environment = ["PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"]

    @Test(.timeLimit(.minutes(5)), arguments: ["shell", "python", "swift"])
    func `What new writes passes check unchanged`(language: String) async throws {
        try await withTool { tool in
            let new = try await tool.run(
                ["plugins", "new", "acme.vault", "--language", language],
                environment: Self.environment
            )
            #expect(new.status == 0, "\(new.errors)")
            #expect(new.lines.contains("./acme.vault/plugin.json"))
            #expect(new.errors.contains("keyhooks plugins check ./acme.vault"))
            let check = try await tool.run(["plugins", "check", "./acme.vault"], environment: Self.environment)
            #expect(check.status == 0, "\(check.text)\(check.errors)")
            #expect(check.lines.last == "acme.vault: conforming")
            let json = try await tool.run(["plugins", "check", "./acme.vault", "--json"], environment: Self.environment)
            let report = try JSONDecoder().decode(ConformanceReport.self, from: Data(json.output))
            #expect(report.isConforming && report.entries.count == ConformanceRule.allCases.count)
        }
    }

    @Test func `Without a compiler the plugin is there all the same, and how to build it is said`() async throws {
        try await withTool { tool in
            let arguments = ["plugins", "new", "acme", "--language", "swift"]
            let new = try await tool.run(arguments, environment: ["PATH": "/nonexistent"])
            #expect(new.status == 0 && new.errors.contains("build it: ./acme/build.sh"))
            let check = try await tool.run(["plugins", "check", "./acme"])
            #expect(check.status == 2 && check.text.contains("/acme/plugin "))
        }
    }

    @Test func `An installed plugin is checked by its id, and the id of one that is built in is not taken`()
        async throws
    {
        try await withTool { tool in
            let environment = Self.environment.merging(["XDG_CONFIG_HOME": tool.folder.path]) { $1 }
            let arguments = ["plugins", "new", "acme", "--language", "shell", "--folder", "keyhooks/plugins/acme"]
            #expect(try await tool.run(arguments, environment: environment).status == 0)
            let check = try await tool.run(["plugins", "check", "acme"], environment: environment)
            #expect(check.status == 0 && check.lines.last == "acme: conforming", "\(check.text)\(check.errors)")
            let taken = try await tool.run(["plugins", "new", "openbao", "--language", "shell"])
            #expect(taken.status == 78 && taken.errors.contains("part of the program"))
        }
    }

    @Test func `Nothing is overwritten`() async throws {
        try await withTool { tool in
            try tool.write("there/mine", "mine")
            let run = try await tool.run(["plugins", "new", "acme", "--language", "shell", "--folder", "there"])
            #expect(run.status == 2 && run.text.isEmpty && run.errors.contains("is there already"))
            let names = try FileManager.default.contentsOfDirectory(atPath: tool.folder.path + "/there")
            #expect(names == ["mine"])
        }
    }

    @Test(arguments: ["", "a b", "../x", "a/b", "-x", ".x", "a\u{1B}", String(repeating: "a", count: 65)])
    func `What is no id is wrong usage`(id: String) async throws {
        try await withTool { tool in
            let run = try await tool.run(["plugins", "new", "--language", "shell", "--", id])
            #expect(run.status == 64)
            #expect(try FileManager.default.contentsOfDirectory(atPath: tool.folder.path).isEmpty)
        }
    }

    @Test func `A plugin that breaks a rule is status 2, and a folder that is not there 1`() async throws {
        try await withTool { tool in
            try tool.write("bad/plugin.json", "{}")
            let bad = try await tool.run(["plugins", "check", "./bad"])
            #expect(bad.status == 2 && bad.lines.contains { $0.hasPrefix("manifest FAILED") })
            #expect(try await tool.run(["plugins", "check", "./nowhere"]).status == 1)
        }
    }
}
#endif
