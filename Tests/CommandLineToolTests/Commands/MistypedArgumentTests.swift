#if CLI
import Foundation
import Testing

/// Arguments as people type them, and as web pages and word processors change them.
struct MistypedArgumentTests {
    struct Row: CustomTestStringConvertible, Sendable {
        let arguments: [String]
        let words: String
        var testDescription: String { arguments.joined(separator: " ") }

        init(_ arguments: String..., says words: String) {
            (self.arguments, self.words) = (arguments, words)
        }
    }

    @Test(arguments: [["get", "--", "openai"], ["--", "get", "openai"], ["get", "openai", "--"]])
    func `Two hyphens alone end the options, and do no harm in front of the command`(arguments: [String]) async throws {
        let run = try await withTool { try await $0.run(arguments, environment: ["OPENAI_API_KEY": "sk-1"]) }
        #expect(run.status == 0 && run.text == "sk-1\n", "\(run.errors)")
    }

    @Test(
        arguments: [
            Row("get", "-", says: "nothing is read from it here. Write the name itself, or leave it out"),
            Row("get", "openai", "-", says: "nothing is read from it here"),
            Row("explain", "-", says: "'keyhooks explain --help'"),
            Row("plugins", "check", "-", says: "'keyhooks plugins check --help'"),
            Row("trust", "-", says: "nothing is read from it here"), Row("-", "get", says: "Write a command"),
            Row("get", "openai", "--config", "-", says: "'-' is not read from standard input after --config"),
            Row("get", "openai", "-env-file", "x", says: "no option '-env-file'. Did you mean '--env-file'?"),
            Row("get", "openai", "-env_file=x", says: "Did you mean '--env-file'?"),
            Row("get", "openai", "--env_file", "x", says: "Did you mean '--env-file'?"),
            Row("get", "openai", "--ENV_FILE", "x", says: "Did you mean '--env-file'?"),
            Row("get", "openai", "--JSON", says: "Did you mean '--json'?"),
            Row("get", "openai", "-json", says: "Did you mean '--json'?"),
            Row("get", "openai", "-xyz", says: "argument 3 isn't a valid option"),
            Row(
                "get",
                "openai",
                "\u{2013}config",
                "x",
                says: "(U+2013), as texts that were copied have it. Write --config"
            ),
            Row("get", "openai", "\u{2014}config", "x", says: "(U+2014)"),
            Row("get", "openai", "\u{2010}\u{2010}config=x", says: "Write --config"),
            Row("\u{2013}help", says: "Write --help"), Row("get", "openai", "-\u{2013}json", says: "Write --json"),
            Row("get", "openai", "--", "--json", says: "after '--' nothing is an option. Write --json before it"),
            Row("-version", says: "Did you mean '--version'?"), Row("version", says: "Did you mean '--version'?"),
            Row("--get", "openai", says: "'get' is a command, and has no dashes before it"),
            Row("plugins", "-list", says: "'list' is a command"),
        ]
    )
    func `What was meant is named`(row: Row) async throws {
        let run = try await withTool { try await $0.run(row.arguments, environment: ["OPENAI_API_KEY": "sk-1"]) }
        #expect(run.status == 64 && run.text.isEmpty)
        #expect(run.errors.hasPrefix("error: ") && run.errors.contains(row.words), "\(run.errors)")
        #expect(run.errors.contains("--help'\n"), "\(run.errors)")
    }

    @Test(arguments: ["-", "\u{2013}", "--"])
    func `A key that was pasted with it is not repeated`(dashes: String) async throws {
        let key = "sk-proj-leakAbC123dEf456GhI789"
        let run = try await withTool { try await $0.run(["get", "openai", "\(dashes)\(key)"]) }
        #expect(run.status == 64 && !run.errors.contains("leak"), "\(run.errors)")
    }

    @Test(
        arguments: [
            (["get", "openai", "\u{2014}sosecret"], "argument 3 begins with a dash that is not a hyphen (U+2014)"),
            (["get", "openai", "-mysecretpw"], "argument 3 isn't a valid option"),
            (["get", "-mysecretpw", "openai"], "argument 2 isn't a valid option"),
            (["get", "openai", "-jsonsecretn"], "argument 3 isn't a valid option"),
            (["get", "openai", "-env-file=sosecret"], "there is no option '-env-file'. Did you mean"),
        ]
    )
    func `Nor is a secret of a kind that nobody knows`(arguments: [String], words: String) async throws {
        let run = try await withTool { try await $0.run(arguments) }
        #expect(run.status == 64 && run.text.isEmpty && !run.errors.contains("secret"), "\(run.errors)")
        #expect(run.errors.hasPrefix("error: \(words)"), "\(run.errors)")
    }

    @Test func `Nor is one whose bytes arrive changed`() async throws {
        let run = try await withTool { tool in
            try await tool.run(
                [],
                environment: ["PATH": "/usr/bin:/bin"],
                launcher: ["/bin/sh", "-c", #"exec "$0" get openai "$(printf 'abc\377secret')""#]
            )
        }
        #expect(run.status == 64 && !run.errors.contains("secret") && !run.errors.contains("abc"), "\(run.errors)")
        #expect(run.errors.hasPrefix("error: argument 3 has bytes that are not UTF-8"), "\(run.errors)")
    }

    @Test(arguments: [["get", "openai"], ["explain", "openai"], ["list"], ["list", "--json"], ["list", "--set"]])
    func `Nor is one that stands where a file's path belongs`(arguments: [String]) async throws {
        for secret in ["sk-proj-abcDEF0123456789abcDEF0123456789", "hunter2hunter2"] {
            let run = try await withTool {
                try await $0.run(arguments, environment: ["OPENAI_API_KEY_FILE": secret])
            }
            #expect(!(run.text + run.errors).contains(secret), "\(run.text)\(run.errors)")
        }
    }

    @Test func `A name that is not UTF-8 is said to be one, and not to be missing`() async throws {
        try await withTool { tool in
            let script = #"d=$(printf 'f\377'); mkdir "$d"; echo OPENAI_API_KEY=sk-1 > "$d/.env"; "#
            let named = try await tool.run(
                [],
                environment: ["PATH": "/usr/bin:/bin"],
                launcher: ["/bin/sh", "-c", script + #"exec "$0" get openai --env-file "$d/.env""#]
            )
            #expect(named.status == 64 && named.errors.contains("has bytes that are not UTF-8"), "\(named.errors)")
            let inside = try await tool.run(
                [],
                environment: ["PATH": "/usr/bin:/bin"],
                launcher: ["/bin/sh", "-c", #"cd "$(printf 'f\377')" && exec "$0" get openai"#]
            )
            #expect(inside.text == "sk-1\n", "\(inside.errors)")
        }
    }

    @Test func `A file of variables can come by standard input`() async throws {
        try await withTool { tool in
            try tool.write("keys", "OPENAI_API_KEY=sk-file\n")
            let script = try tool.write(
                "run.sh",
                """
                '\(Tool.executable.path)' get openai --env-file - < keys
                cat keys | '\(Tool.executable.path)' get openai --env-file=/dev/stdin
                """
            )
            let run = try await tool.run([], launcher: ["/bin/sh", script])
            #expect(run.text == "sk-file\nsk-file\n", "\(run.errors)")
        }
    }

    @Test func `The example of the help keeps the exit status`() async throws {
        try await withTool { tool in
            let help = try await tool.run(["get", "--help"]).text
            let line = try #require(help.split(separator: "\n").first { $0.hasPrefix("Example: ") })
            let example = line.dropFirst("Example: ".count).replacing("keyhooks", with: "'\(Tool.executable.path)'")
            let script = try tool.write("run.sh", "\(example)\necho \"goes on with $OPENAI_API_KEY\"\n")
            let without = try await tool.run([], launcher: ["/bin/sh", script])
            #expect(without.status == 1 && without.text.isEmpty, "\(without.text)")
            let with = try await tool.run([], environment: ["OPENAI_API_KEY": "sk-1"], launcher: ["/bin/sh", script])
            #expect(with.status == 0 && with.text == "goes on with sk-1\n")
        }
    }

    @Test(arguments: [["get", "openai"], ["get", "xai"], ["explain", "openai"], ["list"], ["plugins", "list"]])
    func `A command that looks leaves nothing in a new home`(arguments: [String]) async throws {
        try await withTool { tool in
            let home = tool.folder.deletingLastPathComponent().appendingPathComponent("home")
            try FileManager.default.createDirectory(at: home, withIntermediateDirectories: true)
            // A vault that nobody serves is asked where no variable is.
            let vault = home.deletingLastPathComponent().appendingPathComponent("vault.json")
            try Data(#"{"plugins": {"openbao": {"address": "http://127.0.0.1:1", "path": "ai"}}}"#.utf8)
                .write(to: vault)
            for more in [["OPENAI_API_KEY": "sk-1"], ["KEYHOOKS_CONFIG": vault.path, "BAO_TOKEN": "s.1"]] {
                let environment = more.merging(["PATH": "/usr/bin:/bin"]) { own, _ in own }
                _ = try await tool.run(arguments, environment: environment)
            }
            #expect(try FileManager.default.subpathsOfDirectory(atPath: home.path) == [])
            #expect(try FileManager.default.subpathsOfDirectory(atPath: tool.folder.path) == [])
        }
    }
}
#endif
