#if CLI
import Foundation
import Testing

/// What root cannot test by itself, since nothing is forbidden to it.
@Suite("The tool as an ordinary user", .enabled(if: OtherUser.isThere))
struct OtherUserTests {
    private static let plugins = "../home/.config/keyhooks/plugins"

    private func run(_ tool: Tool, _ arguments: String..., environment: [String: String] = [:]) async throws -> Tool.Run
    {
        let environment = ["PATH": "/usr/bin:/bin", "OPENAI_API_KEY": "sk-weaker"].merging(environment) { $1 }
        return try await tool.run(
            arguments,
            environment: environment,
            finding: true,
            launcher: OtherUser.launcher()
        )
    }

    /// Puts a plugin that denies into the user's own folder.
    private func deny(_ tool: Tool) throws {
        let manifest = """
            { "id": "policy", "version": "1", "api": 1, "mode": "oneshot", "entry": "./run",
              "hooks": [{ "point": "getAPIKey", "phase": "start" }] }
            """
        try tool.write("\(Self.plugins)/policy/plugin.json", manifest)
        let answer = #"{"type":"response","id":"1","error":{"kind":"permission-denied"}}"#
        let run = try tool.write(
            "\(Self.plugins)/policy/run",
            "#!/bin/sh\nread -r request\nprintf '%s\\n' '\(answer)'\n"
        )
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: run)
        try OtherUser.own(tool)
    }

    @Test(
        "A plugin that denies does not vanish when its folder, or one above, cannot be read",
        arguments: [
            ("plugins/policy", 0o000), ("plugins/policy", 0o600), ("plugins", 0o000), ("plugins", 0o311),
            ("", 0o000), ("plugins/policy/plugin.json", 0o000),
        ]
    )
    func unreadable(name: String, mode: Int) async throws {
        try await withTool { tool in
            try deny(tool)
            #expect(try await run(tool, "get", "openai").status == 3)
            let place = tool.folder.appendingPathComponent("../home/.config/keyhooks/\(name)").path
            try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: place)
            let run = try await run(tool, "get", "openai")
            #expect(run.status == 78 && run.text.isEmpty, "\(run.errors)")
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: place)
        }
    }

    @Test("Files of another user are refused, root's are not", arguments: ["keyhooks.json", ".env"])
    func foreign(name: String) async throws {
        try await withTool { tool in
            try OtherUser.own(tool)
            let file = try tool.write(name, name == ".env" ? "OPENAI_API_KEY=sk-file" : "{}")
            let home = tool.folder.appendingPathComponent("../home").path
            try FileManager.default.createDirectory(atPath: home, withIntermediateDirectories: true)
            let attributes: [FileAttributeKey: Any] = [.ownerAccountID: OtherUser.number]
            try FileManager.default.setAttributes(attributes, ofItemAtPath: home)
            try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: file)
            if name == "keyhooks.json" { #expect(try await run(tool, "trust").status == 0) }
            #expect(try await run(tool, "get", "openai").status == 0)
            try FileManager.default.setAttributes([.ownerAccountID: 1234], ofItemAtPath: file)
            let run = try await run(tool, "get", "openai")
            #expect(run.status == 78 && run.text.isEmpty)
            #expect(run.errors.contains("\(name) belongs to another user"))
        }
    }

    @Test("A user whom the system does not know has no home to fall back on, and is reported what to do")
    func unknownUser() async throws {
        try await withTool { tool in
            try tool.write("keyhooks.json", "{}")
            try OtherUser.own(tool)
            let run = try await run(tool, "list", environment: ["HOME": ""])
            #expect(run.status == 78)
            #expect(run.errors.contains("there is no folder in which your trust in it could be recorded"))
        }
    }
}
#endif
