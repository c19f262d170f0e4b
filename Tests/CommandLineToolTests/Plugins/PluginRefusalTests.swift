#if CLI
import Foundation
import Testing

struct PluginRefusalTests {
    @Test(arguments: ["info", "trust", "untrust", "enable", "disable"])
    func `An unknown id is status 1, with what was probably meant`(command: String) async throws {
        try await withPluginTool { plugins in
            try plugins.plugin("acme.vault")
            let run = try await plugins.plugins(command, "acme.valt")
            #expect(run.status == 1 && run.text.isEmpty)
            #expect(run.errors.contains("there is no plugin 'acme.valt'"))
            #expect(run.errors.contains("Did you mean 'acme.vault'?"))
        }
    }

    @Test(arguments: ["abc", String(repeating: "g", count: 64), "0x" + String(repeating: "0", count: 62)])
    func `What is no fingerprint is wrong usage, with what one looks like`(text: String) async throws {
        try await withPluginTool { plugins in
            try plugins.plugin("acme")
            let run = try await plugins.plugins("trust", "acme", "--sha256", text)
            #expect(run.status == 64 && run.text.isEmpty)
            #expect(run.errors.contains("is no fingerprint: one is 64 hexadecimal digits"))
        }
    }

    @Test func `A command to be copied stands in an error as it is, and nothing behind it`() async throws {
        try await withPluginTool { plugins in
            try plugins.plugin("acme", in: "home/.config/keyhooks/plugins")
            let entry = plugins.home + "/.config/keyhooks/plugins/acme/run"
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: entry)
            for arguments in [["get", "openai"], ["plugins", "trust", "acme"]] {
                let run = try await plugins.tool.run(arguments, environment: ["HOME": plugins.home])
                #expect(run.errors.contains(/[Rr]un: chmod u\+x \/\S*\/plugins\/acme\/run\n/), "\(run.errors)")
            }
        }
    }

    @Test func `A broken plugin is not trusted, and info shows all that is wrong`() async throws {
        try await withPluginTool { plugins in
            try plugins.plugin("acme", more: "\"hoks\": [], \"modus\": 1,")
            let trust = try await plugins.plugins("trust", "acme")
            #expect(trust.status == 2 && trust.text.isEmpty && trust.errors.contains("is broken"))
            let info = try await plugins.plugins("info", "acme")
            #expect(info.status == 0)
            #expect(info.lines.count { $0.hasPrefix("problem ") } == 2)
        }
    }

    @Test func `Without a place for it no decision is made`() async throws {
        try await withPluginTool { plugins in
            try plugins.plugin("acme")
            try plugins.tool.write("file", "where a folder should be")
            let run = try await plugins.tool.run(
                ["plugins", "trust", "acme", "--config", "conf/keyhooks.json"],
                environment: ["HOME": plugins.tool.folder.appendingPathComponent("file").path]
            )
            #expect(run.status == 2 && run.errors.contains("Not a directory"), "\(run.errors)")
        }
    }

    @Test func `A wrong configuration is 78, and one that is named must be there`() async throws {
        try await withPluginTool { plugins in
            try plugins.tool.write("conf/keyhooks.json", "{")
            #expect(try await plugins.plugins("list").status == 78)
            try FileManager.default.removeItem(at: plugins.tool.folder.appendingPathComponent("conf/keyhooks.json"))
            #expect(try await plugins.plugins("list").status == 78)
        }
    }

    @Test func `A folder that cannot be searched is a warning`() async throws {
        try await withPluginTool { plugins in
            let run = try await plugins.plugins("list")
            #expect(run.status == 0 && run.lines.count == 1)
            #expect(run.errors.contains("conf/Plugins can't be searched"))
        }
    }

    @Test(arguments: [["plugins", "info"], ["plugins", "info", "a", "b"], ["plugins", "nonsense"]])
    func `Wrong usage is 64`(arguments: [String]) async throws {
        #expect(try await withTool { try await $0.run(arguments) }.status == 64)
    }

    @Test func `No control character of an id or a manifest reaches the terminal`() async throws {
        try await withPluginTool { plugins in
            try plugins.plugin("acme", more: "\"a\u{7}b\": 1,")
            for run in [
                try await plugins.plugins("info", "a\u{1B}[31m"), try await plugins.plugins("disable", "a\u{1B}\n"),
                try await plugins.plugins("list"), try await plugins.plugins("info", "acme"),
            ] {
                let shown = (run.text + run.errors).unicodeScalars.filter { $0 != "\n" }
                #expect(!shown.contains { $0.properties.generalCategory == .control })
            }
        }
    }
}

extension String {
    fileprivate var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
#endif
