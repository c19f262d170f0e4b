#if CLI
import Foundation
import KeyHooksTesting
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
            let json = try await tool.run(
                ["plugins", "check", "./acme.vault", "--json"],
                environment: Self.environment
            )
            let report = try JSONDecoder().decode(ConformanceReport.self, from: Data(json.output))
            #expect(report.isConforming && report.entries.count == ConformanceReport.Rule.allCases.count)
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

    @Test(arguments: ["shell", "python"])
    func `With --install it lies where it is asked, and what to do next is said`(language: String) async throws {
        try await withTool { tool in
            let place = "\(tool.folder.path)/keyhooks/plugins/acme"
            let environment = Self.environment.merging(["XDG_CONFIG_HOME": tool.folder.path]) { $1 }
            let arguments = ["plugins", "new", "acme", "--language", language, "--install"]
            let new = try await tool.run(arguments, environment: environment)
            #expect(new.status == 0 && new.lines.first == "\(place)/plugin.json", "\(new.errors)")
            for words in ["needs no trust", "write in \(place)/plugin.", "keyhooks plugins check acme\n"] {
                #expect(new.errors.contains(words), "\(new.errors)")
            }
            let check = try await tool.run(["plugins", "check", "acme"], environment: environment)
            #expect(check.status == 0, "\(check.text)")
            let get = try await tool.run(["get", "openai"], environment: environment)
            #expect(get.status == 1, "\(get.errors)")
            // Nobody said yet where the keys are: the environment's are none that the plugin was to have.
            let key = environment.merging(["OPENAI_API_KEY": "sk-of-the-environment"]) { $1 }
            let weaker = try await tool.run(["get", "openai"], environment: key)
            #expect(weaker.status == 0 && weaker.errors.isEmpty, "\(weaker.errors)")
            // Nothing is overwritten, wherever the one of that id lies.
            for folder in [place, "\(tool.folder.path)/keyhooks/plugins/other"] {
                if folder != place { try FileManager.default.moveItem(atPath: place, toPath: folder) }
                let again = try await tool.run(arguments, environment: environment)
                #expect(again.status == 2 && again.text.isEmpty)
                #expect(again.errors.contains("is there already, in \(folder), and nothing"), "\(again.errors)")
            }
        }
    }

    @Test func `It is said where a plugin goes that was written elsewhere`() async throws {
        try await withTool { tool in
            let environment = Self.environment.merging(["XDG_CONFIG_HOME": tool.folder.path]) { $1 }
            let new = try await tool.run(["plugins", "new", "acme", "--language", "shell"], environment: environment)
            #expect(new.errors.contains("mv ./acme \(tool.folder.path)/keyhooks/plugins/\n"), "\(new.errors)")
            #expect(new.errors.contains("keyhooks plugins trust acme\n") && new.errors.contains("--install"))
            let both = ["plugins", "new", "other", "--language", "shell", "--install", "--folder", "x"]
            #expect(try await tool.run(both, environment: environment).status == 64)
        }
    }

    struct Fault: Sendable, CustomTestStringConvertible {
        let language: String
        /// What takes the place of what stands in the template.
        let change: (from: String, to: String)
        let words: String
        var testDescription: String { "\(language): \(words)" }
    }

    @Test(
        .timeLimit(.minutes(5)),
        arguments: [
            Fault(
                language: "python",
                change: ("    return None", "    return {}['sk-leak-0123456789'] + os.environ['HOME']"),
                words: "internal: KeyError at plugin.py line 49 in body, plugin.py line 23 in look_up."
            ),
            Fault(
                language: "python",
                change: ("    return None", "    return os.environ['ACME_TOKEN']"),
                words: "KeyError (it is given no variable ACME_TOKEN) at plugin.py"
            ),
            Fault(
                language: "python",
                change: ("    return None", "    return os.environ['ACME_TOKEN']"),
                words: "ACME_TOKEN is set here, and a plugin gets only the variables"
            ),
            Fault(
                language: "python",
                change: ("\nmain()", "\nraise ValueError('sk-leak-0123456789')"),
                words: "its last words: ValueError at plugin.py line "
            ),
            Fault(
                language: "shell",
                change: ("*) key= ;;", "*) key=$(echo sk-leak-0123456789; exit 7) || return ;;"),
                words: "internal: look_up ended with status 7."
            ),
            Fault(
                language: "shell",
                change: ("*) key= ;;", "*) key=$ACME_TOKEN ;;"),
                words: "ACME_TOKEN is set here, and a plugin gets only the variables"
            ),
            Fault(
                language: "shell",
                change: ("*) key= ;;", "*) key='a\"sk-leak-0123456789' ;;"),
                words: "internal: the key has a quote or a backslash."
            ),
            Fault(
                language: "swift",
                change: ("    nil\n", "    struct Odd: Error { let key = \"sk-leak-0123456789\" }; throw Odd()\n"),
                words: "internal: Odd from lookUp in main.swift."
            ),
            Fault(
                language: "swift",
                change: (
                    "func serve() throws {", "func serve() throws { throw Fault(kind: \"sk-leak-01\", message: \"\")"
                ),
                words: "its last words: Fault from serve in main.swift"
            ),
        ]
    )
    func `What new writes says where it fails, and no value`(fault: Fault) async throws {
        try await withTool { tool in
            let environment = Self.environment
                .merging(["XDG_CONFIG_HOME": tool.folder.path, "ACME_TOKEN": "sk-leak-9876543210"]) { $1 }
            let new = ["plugins", "new", "acme", "--language", fault.language, "--install"]
            #expect(try await tool.run(new, environment: environment).status == 0)
            let folder = "\(tool.folder.path)/keyhooks/plugins/acme"
            let file = "\(folder)/\(["python": "plugin.py", "shell": "plugin.sh"][fault.language] ?? "main.swift")"
            let text = try String(contentsOfFile: file, encoding: .utf8)
            let changed = text.replacing(fault.change.from, with: fault.change.to)
            try #require(changed != text)
            try changed.write(toFile: file, atomically: false, encoding: .utf8)
            if fault.language == "swift" {
                let build = try await tool.run([], environment: environment, launcher: ["\(folder)/build.sh"])
                try #require(build.status == 0, "\(build.errors)")
            }
            let get = try await tool.run(["get", "openai"], environment: environment)
            #expect(get.status == 2 && get.errors.contains(fault.words), "\(get.errors)")
            #expect(!get.errors.contains("leak"), "\(get.errors)")
            #expect(get.errors.split(separator: fault.words).count == 2, "each once: \(get.errors)")
        }
    }

    @Test(arguments: [["--lang", "python"], ["-l", "python"], ["--lang=python"]])
    func `An option that there is not is named before one that is missing`(option: [String]) async throws {
        try await withTool { tool in
            let run = try await tool.run(["plugins", "new", "acme"] + option)
            let name = option[0].prefix { $0 != "=" }
            #expect(run.status == 64 && run.errors.hasPrefix("error: there is no option '\(name)"), "\(run.errors)")
            #expect(run.errors.contains("Did you mean '--language'?"), "\(run.errors)")
        }
    }

    @Test(arguments: [[], ["--language", "ruby"]])
    func `The languages are named where none is chosen`(option: [String]) async throws {
        try await withTool { tool in
            let run = try await tool.run(["plugins", "new", "acme"] + option)
            #expect(run.status == 64 && run.errors.contains("The language: shell, python or swift."), "\(run.errors)")
        }
    }

    @Test(arguments: ["sk-from-the-shell", ""])
    func `The key that the shell's look_up sets is the answer`(key: String) async throws {
        try await withTool { tool in
            let environment = Self.environment.merging(["XDG_CONFIG_HOME": tool.folder.path]) { $1 }
            let new = ["plugins", "new", "acme", "--language", "shell", "--install"]
            #expect(try await tool.run(new, environment: environment).status == 0)
            let file = "\(tool.folder.path)/keyhooks/plugins/acme/plugin.sh"
            let text = try String(contentsOfFile: file, encoding: .utf8)
            try text.replacing("*) key= ;;", with: "openai) key='\(key)' ;;")
                .write(toFile: file, atomically: false, encoding: .utf8)
            let get = try await tool.run(["get", "openai"], environment: environment)
            #expect(get.status == (key.isEmpty ? 1 : 0) && get.text == (key.isEmpty ? "" : "\(key)\n"), "\(get.errors)")
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
    func `What isn't a valid id is wrong usage`(id: String) async throws {
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
