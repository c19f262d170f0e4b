#if CLI
import Foundation
import Testing

@Suite("The tool and plugins that manage secrets", .timeLimit(.minutes(5)))
struct PluginManagerToolTests {
    @Test("check writes only where it may, info and trust show what it can do")
    func check() async throws {
        try await withSecretTool { tool in
            let info = try await tool.run("plugins", "info", "refuser")
            #expect(info.lines.contains("secrets read, write, list"), "\(info.text)\(info.errors)")
            let plain = try await tool.run("plugins", "check", "refuser")
            #expect(plain.status == 0, "\(plain.text)")
            #expect(
                plain.lines.contains(
                    "write - not tried: name a secret that may be written and deleted (--writable NAME)"
                )
            )
            // It has nothing of what it was told to keep.
            let failed = try await tool.run("plugins", "check", "refuser", "--writable", "probe")
            #expect(failed.status == 2 && failed.lines.contains { $0.hasPrefix("write FAILED") }, "\(failed.text)")
            let wrong = try await tool.run("plugins", "check", "refuser", "--writable", "../probe")
            #expect(wrong.status == 64 && wrong.errors.contains("has a segment"))
        }
    }

    @Test("The example on a JSON file is written, rotated and read as a source of keys")
    func jsonstore() async throws {
        try await withSecretTool { tool in
            let folder = tool.tool.folder.appendingPathComponent("../home/.config/keyhooks/plugins").standardized
            let example = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
                .deletingLastPathComponent().deletingLastPathComponent()
                .appendingPathComponent("Plugins/Examples/jsonstore")
            try FileManager.default.copyItem(at: example, to: folder.appendingPathComponent("jsonstore"))
            try tool.tool.write(
                "keyhooks.json",
                """
                { managers: { store: { kind: 'jsonstore', file: '\(tool.tool.folder.path)/store.json', access: 'read-write' } },
                  providers: { openai: { source: 'store', secret: 'openai' } } }
                """
            )
            let value = SecretTool.value
            let set = try await tool.run("set", "openai", "--manager", "store", input: value)
            #expect(set.status == 0 && set.text == "store: openai is written (version 1)\n", "\(set.errors)")
            #expect(try await tool.run("get", "openai").text == value + "\n")
            let rotate = try await tool.run("rotate", "openai", "--generate", "20", "--manager", "store")
            #expect(rotate.text == "store: openai is written and read back (version 2); the old one is retired\n")
            let text = try String(contentsOf: tool.tool.folder.appendingPathComponent("store.json"), encoding: .utf8)
            #expect(!text.contains(value))
            #expect(try await tool.run("managers", "test", "store", "--writable", "probe").status == 0)
            #expect(try await tool.run("delete", "openai", "--manager", "store").status == 0)
            #expect(try await tool.run("check", "openai").status == 1)
        }
    }
}
#endif
