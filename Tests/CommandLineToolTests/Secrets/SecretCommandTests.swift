#if CLI
import Foundation
import Testing

@Suite("Writing, rotating and deleting secrets", .timeLimit(.minutes(5)))
struct SecretCommandTests {
    private let value = SecretTool.value

    @Test("set writes what standard input has, without one line end, and shows no value")
    func set() async throws {
        try await withSecretTool { tool in
            for (input, stored) in [
                ("\(value)\n", value), (value, value), ("\(value)\r\n", value), ("\(value)\n\n", "\(value)\n"),
            ] {
                let run = try await tool.run("set", "a/b", "--manager", "team", input: input)
                #expect(run.status == 0 && run.errors.isEmpty, "\(run.errors)")
                #expect(!run.text.contains(value))
                #expect(try tool.file()["a/b"] as? String == stored)
            }
            let exact = try await tool.run("set", "a/b", "--manager", "team", "--exact", "--json", input: "x\n")
            #expect(exact.text.contains(#""status" : "written""#) && exact.status == 0)
            #expect(try tool.file()["a/b"] as? String == "x\n")
            #expect(
                try await tool.run("set", "a/b", "--manager", "team", "--exact", input: "x\n").text.contains("already")
            )
        }
    }

    @Test("set writes one field, and doesn't replace fields by one text")
    func fields() async throws {
        try await withSecretTool { tool in
            for field in ["A", "B"] {
                let run = try await tool.run("set", "s", "--field", field, "--manager", "team", input: "\(field)-value")
                #expect(run.status == 0, "\(run.errors)")
            }
            let run = try await tool.run("set", "s", "--manager", "team", input: value)
            #expect(run.status == 64 && run.errors.contains("has fields (A, B)") && !run.errors.contains(value))
            #expect(try tool.file()["s"] as? [String: String] == ["A": "A-value", "B": "B-value"])
            #expect(try await tool.run("delete", "s", "--field", "A", "--manager", "team").status == 0)
            #expect(try tool.file()["s"] as? [String: String] == ["B": "B-value"])
            // A manager that is never read can't be asked what is there.
            #expect(try await tool.run("set", "t", "--manager", "wo", input: "x").status == 0)
            #expect(try await tool.run("set", "t", "--field", "A", "--manager", "wo", input: "x").status == 3)
        }
    }

    @Test(
        "Of two values of an option none is taken for the one that was meant",
        arguments: [
            (["set", "s", "--field", "A", "--field", "B", "--manager", "team"], "--field is given twice"),
            (["set", "s", "--manager", "team", "--manager=ro"], "--manager is given twice"),
            (["rotate", "s", "--field=A", "--field", "B", "--manager", "team"], "--field is given twice"),
            (["delete", "s", "--manager", "team", "--manager", "ro"], "--manager is given twice"),
            (["get", "openai", "--profile", "a", "--profile", "b"], "--profile is given twice"),
        ]
    )
    func repeated(arguments: [String], words: String) async throws {
        try await withSecretTool { tool in
            try tool.tool.write("team.json", #"{"s": {"A": "1", "B": "2"}}"#)
            let run = try await tool.tool.run(arguments, environment: ["PATH": "/usr/bin:/bin"], input: value)
            #expect(run.status == 64 && run.errors.contains(words), "\(run.status) \(run.errors)")
            #expect(try tool.file()["s"] as? [String: String] == ["A": "1", "B": "2"])
        }
    }

    @Test(
        "A key in the place of a name is refused, and isn't repeated",
        arguments: [
            ["set", "s", "--field", "OPENAI_API_KEY=sk-proj-leakAbC123dEf456GhI789", "--manager", "team"],
            ["set", "s", "--manager", "team=sk-proj-leakAbC123dEf456GhI789"],
            ["rotate", "s", "--field", "A", "--as", "sk-proj-leakAbC123dEf456GhI789", "--manager", "team"],
            ["delete", "sk-proj-leakAbC123dEf456GhI789", "--manager", "team"],
            ["copy", "sk-proj-leakAbC123dEf456GhI789", "--from", "team", "--to", "other"],
        ]
    )
    func pastedNames(arguments: [String]) async throws {
        try await withSecretTool { tool in
            try tool.tool.write("team.json", #"{"s": {"A": "1", "B": "2"}}"#)
            let run = try await tool.tool.run(arguments, environment: ["PATH": "/usr/bin:/bin"], input: value)
            #expect(run.status == 64 && !(run.text + run.errors).contains("leakAbC"), "\(run.status) \(run.errors)")
            #expect(try tool.file()["s"] as? [String: String] == ["A": "1", "B": "2"])
        }
    }

    @Test(
        "What can't be rotated or isn't a value changes nothing, and the error says why",
        arguments: [
            (["rotate", "s", "--field", "A_KY", "--manager", "team"], "new", 1, "Did you mean"),
            (["rotate", "s", "--field", "A_KEY", "--manager", "team"], "1", 2, "is the one it has"),
            (["rotate", "s", "--field", "/A", "--manager", "team"], "new", 64, "JSON pointer"),
            (["set", "s", "--field", "/A", "--manager", "team"], "new", 64, "JSON pointer"),
            (["set", "s", "--field", "A", "--manager", "team"], "a\0b", 64, "NUL"),
            (["rotate", "gone", "--manager", "team"], "new", 1, "keyhooks set gone --manager team"),
            (["set", "s", "--manager", "gone"], "new", 2, "can't write"),
        ]
    )
    func refused(arguments: [String], input: String, status: Int32, words: String) async throws {
        try await withSecretTool { tool in
            try tool.tool.write("team.json", #"{"s": {"A_KEY": "1", "B": "2"}}"#)
            let run = try await tool.tool.run(
                arguments,
                environment: ["PATH": "/usr/local/bin:/usr/bin:/bin"],
                input: input
            )
            #expect(run.status == status && run.errors.contains(words), "\(run.status) \(run.errors)")
            #expect(try tool.file()["s"] as? [String: String] == ["A_KEY": "1", "B": "2"])
        }
    }

    @Test("--generate makes a value that nobody sees, another one each time")
    func generate() async throws {
        try await withSecretTool { tool in
            var seen: Set<String> = []
            for _ in 1...3 {
                let run = try await tool.run("set", "g", "--generate", "48", "--manager", "team")
                let made = try #require(try tool.file()["g"] as? String)
                #expect(run.status == 0 && !(run.text + run.errors).contains(made))
                #expect(made.count == 48 && made.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) })
                seen.insert(made)
            }
            #expect(seen.count == 3)
        }
    }

    @Test("rotate replaces a secret, under its name or another, and a field of it")
    func rotate() async throws {
        try await withSecretTool { tool in
            try tool.tool.write("team.json", #"{"a": "old", "f": {"x": "old", "y": "kept"}}"#)
            let run = try await tool.run("rotate", "a", "--manager", "team", input: value)
            #expect(run.status == 0 && run.text.contains("written and read back") && !run.text.contains(value))
            #expect(try tool.file()["a"] as? String == value)
            #expect(
                try await tool.run("rotate", "f", "--field", "x", "--generate", "20", "--manager", "team").status == 0
            )
            let fields = try tool.file()["f"] as? [String: String]
            #expect(fields?["x"]?.count == 20 && fields?["y"] == "kept")
            let renamed = try await tool.run(
                "rotate",
                "a",
                "--as",
                "b",
                "--generate",
                "20",
                "--manager",
                "team",
                "--json"
            )
            #expect(renamed.status == 0 && renamed.text.contains(#""newName" : "b""#))
            #expect(try tool.file()["a"] == nil && tool.file()["b"] != nil)
            let absent = try await tool.run("rotate", "none", "--generate", "20", "--manager", "team")
            #expect(absent.status == 1 && absent.errors.contains("'team' has no secret 'none'"))
            #expect(try await tool.run("rotate", "f", "--generate", "20", "--manager", "team").status == 64)
        }
    }

    @Test(
        "A value among the arguments is refused, not repeated, and nothing is written",
        arguments: [
            ["set", "a", "hunter2-leak"], ["set", "a=hunter2-leak"], ["set", "a", "--value", "hunter2-leak"],
            ["set", "a", "--value=hunter2-leak"], ["set", "sk-proj-leakAbC123dEf456GhI789"],
            ["rotate", "a", "hunter2-leak"],
        ]
    )
    func inArguments(arguments: [String]) async throws {
        try await withSecretTool { tool in
            let run = try await tool.tool.run(arguments + ["--manager", "team"], input: "x")
            #expect(run.status == 64 && run.errors.contains("a value is never an argument"), "\(run.errors)")
            #expect(run.errors.contains("< FILE") && !run.errors.contains("leak"))
            #expect(try tool.file().isEmpty)
        }
    }

    @Test(
        "Wrong usage is said with what to do",
        arguments: [
            (["set", "a", "--manager", "tema"], 78, "Did you mean 'team'?"),
            (["set", "a"], 64, "Missing expected argument '--manager <name>'"),
            (["set", "../a", "--manager", "team"], 64, "has a segment '.' or '..'"),
            (["set", "a", "--manager", "team", "--generate", "8"], 64, "a length from 16 to 4096"),
            (["set", "a", "--manager", "team"], 64, "standard input is empty; nothing was written"),
            (["set", "a", "--manager", "ro", "--generate", "20"], 3, "its access is read-only"),
            (["set", "denied", "--manager", "plug", "--generate", "20"], 3, "permission-denied"),
            (["set", "away", "--manager", "plug", "--generate", "20"], 2, "unavailable"),
            (["rotate", "a", "--manager", "team", "--as", "..", "--generate", "20"], 64, "has a segment"),
            (["rotate", "a", "--manager", "ro", "--generate", "20"], 3, "its access is read-only"),
            (["rotate", "", "--manager", "team", "--generate", "20"], 64, "the name of the secret is empty"),
            (["delete", "a", "b", "--manager", "team"], 64, "'delete' takes one secret at a time"),
            (["delete", "a", "--manager", "team", "--recoverable-for", "7"], 64, "a duration needs a unit"),
            (["delete", "a", "--manager", "plug"], 2, "can't delete"),
            (["delete", "a", "--manager", "team", "--recoverable-for", "7d"], 78, "keeps nothing that was deleted"),
        ]
    )
    func wrong(arguments: [String], status: Int32, words: String) async throws {
        try await withSecretTool { tool in
            let run = try await tool.tool.run(arguments, environment: ["PATH": "/usr/local/bin:/usr/bin:/bin"])
            #expect(run.status == status && run.errors.contains(words), "\(run.status) \(run.errors)")
            #expect(run.output.isEmpty)
        }
    }

    @Test("What isn't text, or too much of it, is refused")
    func notText() async throws {
        try await withSecretTool { tool in
            let run = try await tool.run(
                "set",
                "a",
                "--manager",
                "team",
                input: String(repeating: "x", count: (1 << 20) + 1)
            )
            #expect(run.status == 64 && run.errors.contains("more than 1048576 bytes"))
            #expect(try tool.file().isEmpty)
        }
    }

    @Test("At a terminal the value is asked for and not shown; delete asks, and takes only a yes for one")
    func terminal() async throws {
        try await withSecretTool { tool in
            let set = try await tool.type("\(value)\n", "set", "a", "--manager", "team", "--config", "keyhooks.json")
            #expect(
                set.status == 0 && set.text.contains("Value of a (not shown): ") && !set.text.contains(value),
                "\(set.text)"
            )
            #expect(try tool.file()["a"] as? String == value)
            let ended = try await tool.type("\u{4}", "set", "a", "--manager", "team", "--config", "keyhooks.json")
            #expect(ended.status == 64 && ended.text.contains("there is no value"))
            for answer in ["n\n", "\n", "yesterday\n"] {
                let kept = try await tool.type(answer, "delete", "a", "--manager", "team", "--config", "keyhooks.json")
                #expect(kept.status == 2 && kept.text.contains("nothing was deleted"), "\(kept.text)")
            }
            #expect(try tool.file()["a"] as? String == value)
            #expect(
                try await tool.type("y\n", "delete", "a", "--manager", "team", "--config", "keyhooks.json").status == 0
            )
            #expect(try tool.file().isEmpty)
            // Nowhere else.
            try tool.tool.write("team.json", #"{"a": "b"}"#)
            #expect(try await tool.run("delete", "a", "--manager", "team").status == 0)
            #expect(try await tool.run("delete", "a", "--manager", "team").status == 0)
            #expect(try tool.file().isEmpty)
        }
    }
}
#endif
