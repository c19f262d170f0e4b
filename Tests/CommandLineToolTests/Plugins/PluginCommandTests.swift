#if CLI
import Foundation
import PluginHost
import Testing

struct PluginCommandTests {
    @Test(.timeLimit(.minutes(5)))
    func `Get leaves no process behind, whatever the plugin does at the end of its input`() async throws {
        try await withPluginTool { plugins in
            try plugins.plugin("acme", in: "home/.config/keyhooks/plugins")
            let answer = #"{"type":"response","id":"1","ok":{"verdict":"finish","result":{"key":"sk-plugin"}}}"#
            let executable = try plugins.tool.write(
                "home/.config/keyhooks/plugins/acme/run",
                """
                #!/bin/sh
                trap '' TERM
                echo $$ > '\(plugins.mark)'
                echo '{"type":"hello","v":[1]}'
                read init; read request
                echo '\(answer)'
                exec sleep 600
                """
            )
            try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: executable)
            let run = try await plugins.tool.run(
                ["get", "openai"],
                environment: ["HOME": plugins.home, "PATH": "/usr/bin:/bin"]
            )
            #expect(run.status == 0 && run.text == "sk-plugin\n", "\(run.errors)")
            let mark = try String(contentsOfFile: plugins.mark, encoding: .utf8)
            let process = try #require(pid_t(mark.trimmingCharacters(in: .whitespacesAndNewlines)))
            #expect(kill(process, 0) == -1)
        }
    }

    @Test func `List shows what runs, why the rest does not, and what to do`() async throws {
        try await withPluginTool { plugins in
            try plugins.plugin("acme.vault")
            let run = try await plugins.plugins("list")
            #expect(run.status == 0 && run.errors.isEmpty)
            #expect(
                run.lines
                    == Tool.builtIn.map {
                        "\($0) - ready built in part of the program; does nothing without a section in the configuration"
                    } + [
                        "acme.vault 1.4.0 untrusted project never trusted",
                        "-> look at its folder, then: keyhooks plugins trust acme.vault",
                    ]
            )
            #expect(!FileManager.default.fileExists(atPath: plugins.mark))
        }
    }

    @Test func `List as JSON is the listings`() async throws {
        try await withPluginTool { plugins in
            try plugins.plugin("acme.vault")
            let run = try await plugins.plugins("list", "--json")
            let listings = try JSONDecoder().decode([PluginListing].self, from: Data(run.output))
            #expect(listings.compactMap { $0.id?.rawValue } == Tool.builtIn + ["acme.vault"])
            #expect(listings.map(\.origin) == Tool.builtIn.map { _ in .builtIn } + [.project])
            #expect(listings.last?.environment == ["ACME_TOKEN"] && listings.last?.entry == "./run")
        }
    }

    @Test func `Trust shows what is trusted, and ends with a change`() async throws {
        try await withPluginTool { plugins in
            try plugins.plugin("acme.vault")
            let run = try await plugins.plugins("trust", "acme.vault")
            #expect(run.status == 0 && run.errors.isEmpty)
            #expect(run.lines.first == "This plugin is trusted as it is now:")
            #expect(run.lines.contains("plugin acme.vault 1.4.0"))
            #expect(run.lines.contains { $0.hasPrefix("folder /") && $0.hasSuffix("conf/Plugins/acme.vault") })
            #expect(run.lines.contains("entry ./run") && run.lines.contains("variables ACME_TOKEN"))
            #expect(run.lines.contains("hook getAPIKey.start; priority 100; for openai, azure*"))
            #expect(run.lines.last == "acme.vault 1.4.0 ready project trusted, and unchanged since")
            try plugins.plugin("acme.vault", more: "\"arguments\": [\"-x\"],")
            let after = try await plugins.plugins("info", "acme.vault")
            #expect(after.lines.contains("status untrusted: changed since it was trusted"))
        }
    }

    @Test func `Trust can be bound to a fingerprint, and grants values that are asked for`() async throws {
        try await withPluginTool { plugins in
            try plugins.plugin("acme")
            let info = try await plugins.plugins("info", "acme")
            let line = try #require(info.lines.first { $0.hasPrefix("sha256 ") })
            let digits = line.dropFirst("sha256 ".count)
            #expect(digits.count == 64)
            let other = try await plugins.plugins("trust", "acme", "--sha256", String(repeating: "0", count: 64))
            #expect(other.status == 2 && other.text.isEmpty && other.errors.contains("not what was looked at"))
            #expect(try await plugins.plugins("trust", "acme", "--sha256", String(digits)).status == 0)
            let none = try await plugins.plugins("trust", "acme", "--grant-values")
            #expect(none.status == 2 && none.errors.contains("asks for no values of keys"))

            let hooks = #"[{ "point": "getAPIKey", "phase": "end", "values": true }]"#
            let manifest = #"{ "id": "watch", "version": "1", "api": 1, "entry": "./run", "hooks": \#(hooks) }"#
            try plugins.plugin("watch")
            try plugins.tool.write("conf/Plugins/watch/plugin.json", manifest)
            let plain = try await plugins.plugins("trust", "watch")
            #expect(plain.lines.contains("values asked for, not granted"))
            let granted = try await plugins.plugins("trust", "watch", "--grant-values")
            #expect(granted.lines.contains("values asked for and granted"))
        }
    }

    @Test func `Untrust, disable and enable take effect and say so`() async throws {
        try await withPluginTool { plugins in
            try plugins.plugin("acme")
            let steps = [
                ("trust", "ready"), ("disable", "disabled"), ("enable", "ready"), ("untrust", "untrusted"),
                ("untrust", "untrusted"),
            ]
            for (command, status) in steps {
                let run = try await plugins.plugins(command, "acme", "--json")
                #expect(run.status == 0, "\(command): \(run.errors)")
                let listing = try JSONDecoder().decode(PluginListing.self, from: Data(run.output))
                #expect(listing.status.rawValue == status, "\(command)")
            }
            #expect(!FileManager.default.fileExists(atPath: plugins.mark))
        }
    }

    @Test func `A plugin that is part of the program can be switched off, and needs no trust`() async throws {
        try await withPluginTool { plugins in
            let off = try await plugins.plugins("disable", "openbao")
            #expect(off.lines.first == "openbao - disabled built in switched off by the user")
            #expect(
                try await plugins.plugins("info", "openbao").lines
                    .contains("to do run: keyhooks plugins enable openbao")
            )
            #expect(try await plugins.plugins("enable", "openbao").status == 0)
            let trust = try await plugins.plugins("trust", "openbao")
            #expect(trust.status == 0 && trust.text.isEmpty && trust.errors.contains("needs no trust"))
        }
    }

    @Test func `What takes the id of a built-in plugin never runs`() async throws {
        try await withPluginTool { plugins in
            try plugins.plugin("openbao", in: "home/.config/keyhooks/plugins")
            let run = try await plugins.plugins("list")
            #expect(
                run.lines.contains("openbao 1.4.0 shadowed user a plugin that is part of the program has the same id")
            )
        }
    }

    @Test func `The user's own plugins run, and all are shown as off when they are`() async throws {
        try await withPluginTool { plugins in
            try plugins.plugin("own", in: "home/.config/keyhooks/plugins")
            #expect(
                try await plugins.plugins("list").lines.last == "own 1.4.0 ready user in the user's own plugins folder"
            )
            for run in [
                try await plugins.plugins("list", "--no-plugins"),
                try await plugins.plugins("list", environment: ["KEYHOOKS_NO_PLUGINS": "1"]),
            ] {
                #expect(run.status == 0 && run.lines.count { $0.contains("disabled") } == Tool.builtIn.count + 1)
            }
        }
    }
}
#endif
