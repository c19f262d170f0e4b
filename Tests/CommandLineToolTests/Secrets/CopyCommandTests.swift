#if CLI
import Foundation
import Testing

@Suite("Copying secrets", .timeLimit(.minutes(5)))
struct CopyCommandTests {
    private let value = SecretTool.value

    private func other(_ tool: SecretTool) throws -> [String: Any] {
        let data = try Data(contentsOf: tool.tool.folder.appendingPathComponent("other.json"))
        return try JSONSerialization.jsonObject(with: data) as? [String: Any] ?? [:]
    }

    @Test("All are copied byte for byte; what is equal is left, what differs is overwritten, and no value is shown")
    func all() async throws {
        try await withSecretTool { tool in
            try tool.tool.write(
                "team.json",
                #"{"a": "\#(value)", "b": {"x": " 1.50\n", "n": 12345678901234567890}, "c": "same"}"#
            )
            try tool.tool.write("other.json", #"{"b": "old", "c": "same", "mine": "kept"}"#)
            let dry = try await tool.run("copy", "--from", "team", "--to", "other", "--dry-run")
            #expect(
                dry.status == 0 && dry.lines == ["a would copy new", "b would copy differs", "c equal"],
                "\(dry.text)"
            )
            #expect(try other(tool)["b"] as? String == "old")
            let run = try await tool.run("copy", "--from", "team", "--to", "other")
            #expect(run.status == 0 && run.lines == ["a copied", "b copied", "c equal"], "\(run.text)\(run.errors)")
            #expect(!(run.text + run.errors).contains(value))
            let text = try String(contentsOf: tool.tool.folder.appendingPathComponent("other.json"), encoding: .utf8)
            #expect(text.contains("12345678901234567890") && text.contains(#"" 1.50\n""#))
            #expect(try other(tool)["a"] as? String == value && other(tool)["mine"] as? String == "kept")
            #expect(
                try await tool.run("copy", "--from", "team", "--to", "other").lines == [
                    "a equal", "b equal", "c equal",
                ]
            )
        }
    }

    @Test("The named ones are copied; one that fails doesn't hold up the others, and the worst is the exit status")
    func named() async throws {
        try await withSecretTool { tool in
            try tool.tool.write("team.json", #"{"a": "1", "b": "2"}"#)
            let run = try await tool.run("copy", "none", "a", "--from", "team", "--to", "other", "--json")
            #expect(
                run.status == 1 && run.text.contains(#""status" : "absent""#)
                    && run.text.contains(#""status" : "copied""#)
            )
            #expect(try other(tool).keys.sorted() == ["a"])
            let refused = try await tool.run("copy", "--from", "plug", "--to", "other")
            #expect(refused.status == 3, "\(refused.text)")
            #expect(refused.lines.map { $0.split(separator: " ")[1] } == ["denied", "failed"])
        }
    }

    @Test(
        "Wrong usage is said with what to do",
        arguments: [
            (["--from", "team"], 64, "Missing expected argument '--to <name>'"),
            (["--from", "team", "--to", "team"], 64, "name the same manager"),
            (["--from", "team", "--to", "ro"], 3, "its access is read-only"),
            (["--from", "tem", "--to", "other"], 78, "Did you mean 'team'?"),
            (["--from", "wo", "--to", "other"], 3, "its access is write-only"),
            (["--from", "gone", "--to", "other"], 2, "isn't there"),
            (["..", "--from", "team", "--to", "other"], 64, "has a segment"),
        ]
    )
    func wrong(arguments: [String], status: Int32, words: String) async throws {
        try await withSecretTool { tool in
            let run = try await tool.tool.run(
                ["copy"] + arguments,
                environment: ["PATH": "/usr/local/bin:/usr/bin:/bin"]
            )
            #expect(run.status == status && run.errors.contains(words), "\(run.status) \(run.errors)")
        }
    }
}
#endif
