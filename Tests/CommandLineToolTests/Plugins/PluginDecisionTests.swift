#if CLI
import Foundation
import PluginHost
import Testing

@Suite("Decisions about plugins that cannot be read, are gone, or belong to a project that isn't trusted")
struct PluginDecisionTests {
    /// What is done to a manifest; nil takes it away.
    @Test("An own plugin whose manifest can't be read is switched off and on", arguments: [nil, "{", "{}"])
    func broken(manifest: String?) async throws {
        try await withPluginTool { plugins in
            try plugins.plugin("zed", in: "home/.config/keyhooks/plugins")
            let environment = ["HOME": plugins.home, "PATH": "/usr/bin:/bin", "GROQ_API_KEY": "sk-groq"]
            let get = { try await plugins.tool.run(["get", "groq"], environment: environment) }
            #expect(try await get().status == 0)
            let place = "home/.config/keyhooks/plugins/zed/plugin.json"
            if let manifest {
                try plugins.tool.write(place, manifest)
            } else {
                try FileManager.default.removeItem(at: plugins.tool.folder.appendingPathComponent(place))
            }
            #expect(try await get().status == 78)
            let off = try await plugins.plugins("disable", "zed")
            #expect(off.status == 0 && off.errors.isEmpty, "\(off.errors)")
            #expect(off.text == "zed  disabled  user  switched off; its manifest can't be read\n")
            #expect(try await plugins.plugins("disable", "zed", "--json").status == 0)
            #expect(try await get().status == 0)
            let on = try await plugins.plugins("enable", "zed")
            #expect(on.status == 0 && on.errors.isEmpty, "\(on.errors)")
            #expect(on.lines.first?.hasPrefix("zed broken user ") == true && on.lines.count == 2, "\(on.text)")
            #expect(try await get().status == 78)
        }
    }

    @Test("Trust is taken back from a plugin whose manifest can't be read")
    func untrusted() async throws {
        try await withPluginTool { plugins in
            try plugins.plugin("acme")
            #expect(try await plugins.plugins("trust", "acme").status == 0)
            try plugins.tool.write("conf/Plugins/acme/plugin.json", "{")
            let run = try await plugins.plugins("untrust", "acme")
            #expect(run.status == 0 && run.errors.isEmpty, "\(run.errors)")
            #expect(run.text.hasPrefix("acme  broken  project  "), "\(run.text)")
        }
    }

    @Test("About a plugin that is gone it is said what was decided")
    func gone() async throws {
        try await withPluginTool { plugins in
            try plugins.plugin("team")
            #expect(try await plugins.plugins("trust", "team").status == 0)
            try FileManager.default.removeItem(at: plugins.tool.folder.appendingPathComponent("conf/Plugins/team"))
            for (command, words) in [
                ("disable", "'team' is switched off"), ("enable", "'team' is switched on again"),
                ("untrust", "Trust in 'team' is taken back"),
            ] {
                let run = try await plugins.plugins(command, "team")
                #expect(run.status == 0 && run.text.isEmpty, "\(command): \(run.errors)")
                #expect(run.errors == "\(words); it isn't in any folder that is searched now\n")
            }
            #expect(try await plugins.plugins("untrust", "team").status == 1)
        }
    }

    @Test("What isn't missed isn't forgotten, and what is part of the program can't be missed")
    func forgotten() async throws {
        try await withPluginTool { plugins in
            let program = try await plugins.plugins("forget", "openbao")
            #expect(program.status == 2 && program.errors.contains("'openbao' is part of the program"))
            let unknown = try await plugins.plugins("forget", "nosuch")
            #expect(unknown.status == 1 && unknown.errors.contains("no plugin 'nosuch' is missing"))
        }
    }

    @Test("A keyhooks.json that isn't trusted leaves the way out open")
    func wayOut() async throws {
        try await withPluginTool { plugins in
            try plugins.plugin("own", in: "home/.config/keyhooks/plugins")
            try plugins.plugin("acme")
            let environment = ["HOME": plugins.home, "PATH": "/usr/bin:/bin", "GROQ_API_KEY": "sk-groq"]
            let run = { (arguments: [String]) in
                try await plugins.tool.run(arguments, environment: environment, finding: true)
            }
            #expect(try await plugins.plugins("trust", "acme").status == 0)
            #expect(try await run(["get", "groq"]).status == 0)
            try plugins.tool.write("keyhooks.json", "{ pluginPath: ['conf/Plugins'] }")
            for arguments in [
                ["disable", "own"], ["enable", "own"], ["disable", "acme"], ["enable", "acme"], ["untrust", "acme"],
                ["disable", "never.seen"], ["enable", "never.seen"], ["disable", "openbao"], ["disable", "never.seen"],
            ] {
                let run = try await run(["plugins"] + arguments)
                #expect(run.status == 0, "\(arguments): \(run.errors)")
                #expect(run.errors.hasPrefix("warning: /") && run.errors.contains("you haven't trusted it"))
            }
            #expect(try await run(["plugins", "disable", "no/id"]).status == 1)
            #expect(try await run(["plugins", "enable", "unheard.of"]).status == 1)
            try FileManager.default.removeItem(atPath: plugins.home + "/.config/keyhooks/plugins/own")
            let forgotten = try await run(["plugins", "forget", "own"])
            #expect(forgotten.status == 0, "\(forgotten.errors)")
            #expect(forgotten.errors.hasSuffix("plugin 'own' is forgotten; you won't be warned about it again\n"))
            for arguments in [["list"], ["info", "openbao"], ["trust", "acme"]] {
                #expect(try await run(["plugins"] + arguments).status == 78, "\(arguments)")
            }
            // What was switched off there is off once the configuration is obeyed.
            try plugins.plugin("never.seen")
            #expect(try await run(["trust"]).status == 0)
            let listed = try await run(["plugins", "list"])
            #expect(listed.lines.contains { $0.hasPrefix("never.seen 1.4.0 disabled project") }, "\(listed.text)")
        }
    }

    @Test("A configuration of one's own that is wrong, or one that is named, is not passed over")
    func notPassedOver() async throws {
        try await withPluginTool { plugins in
            try plugins.tool.write("keyhooks.json", "{}")
            try plugins.tool.write("wrong.json", "{")
            let named = try await plugins.tool.run(["plugins", "disable", "openbao", "--config", "wrong.json"])
            #expect(named.status == 78)
            try plugins.tool.write("home/.config/keyhooks/keyhooks.json", "{")
            let own = try await plugins.tool.run(
                ["plugins", "disable", "openbao"],
                environment: ["HOME": plugins.home],
                finding: true
            )
            #expect(own.status == 78 && own.errors.contains("home/.config/keyhooks/keyhooks.json:1"))
        }
    }

    @Test("Explain names the plugins that are switched off")
    func explained() async throws {
        try await withPluginTool { plugins in
            try plugins.plugin("own", in: "home/.config/keyhooks/plugins")
            #expect(try await plugins.plugins("disable", "own").status == 0)
            let run = try await plugins.tool.run(["explain", "openai"], environment: ["HOME": plugins.home])
            #expect(run.lines.contains("not asked: own (switched off)"), "\(run.text)")
        }
    }
}
#endif
