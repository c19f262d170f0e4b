#if CLI && os(Linux)
import Foundation
import Testing

/// What root cannot test by itself, since nothing is forbidden to it: the tool is run as another user.
@Suite(
    "The tool as an ordinary user",
    .enabled(if: geteuid() == 0 && FileManager.default.isExecutableFile(atPath: "/usr/bin/setpriv"), "needs root")
)
struct OtherUserTests {
    private static let user: uid_t = 64_321

    /// A folder of the user's with a home, and a copy of the tool, which may lie where others cannot go.
    private struct Fixture {
        let root: String
        var plugins: String { "\(root)/home/.config/keyhooks/plugins" }

        func write(_ name: String, _ text: String, mode: Int = 0o644) throws {
            let file = URL(fileURLWithPath: "\(root)/\(name)")
            let folder = file.deletingLastPathComponent()
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
            try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file.path)
        }

        func give(_ name: String, to owner: uid_t = OtherUserTests.user) throws {
            var names = [name]
            for below in FileManager.default.enumerator(atPath: "\(root)/\(name)") ?? .init() {
                names.append("\(name)/\(below)")
            }
            for name in names { #expect(lchown("\(root)/\(name)", owner, owner) == 0) }
        }

        func run(_ arguments: String...) throws -> (status: Int32, output: String, errors: String) {
            let process = Process()
            process.executableURL = URL(fileURLWithPath: "/usr/bin/setpriv")
            let user = "\(OtherUserTests.user)"
            process.arguments =
                ["--reuid", user, "--regid", user, "--clear-groups", "\(root)/keyhooks"] + arguments
            process.environment = [
                "HOME": "\(root)/home", "PATH": "/usr/bin:/bin", "OPENAI_API_KEY": "sk-weaker",
            ]
            process.currentDirectoryURL = URL(fileURLWithPath: "\(root)/work")
            let (output, errors) = (Pipe(), Pipe())
            (process.standardOutput, process.standardError) = (output, errors)
            process.standardInput = FileHandle.nullDevice
            try process.run()
            // Little is written, so that neither pipe fills.
            let text = try output.fileHandleForReading.readToEnd() ?? Data()
            let words = try errors.fileHandleForReading.readToEnd() ?? Data()
            process.waitUntilExit()
            return (
                process.terminationStatus, String(decoding: text, as: UTF8.self), String(decoding: words, as: UTF8.self)
            )
        }
    }

    private func withFixture(_ body: (Fixture) throws -> Void) throws {
        let files = FileManager.default
        let root = files.temporaryDirectory.appendingPathComponent("keyhooks-\(UUID().uuidString)").path
        try files.createDirectory(atPath: "\(root)/work", withIntermediateDirectories: true)
        defer { try? files.removeItem(atPath: root) }
        try files.setAttributes([.posixPermissions: 0o755], ofItemAtPath: root)
        try files.copyItem(atPath: Tool.executable.path, toPath: "\(root)/keyhooks")
        try files.setAttributes([.posixPermissions: 0o755], ofItemAtPath: "\(root)/keyhooks")
        let fixture = Fixture(root: root)
        try fixture.write("home/x", "")
        try body(fixture)
    }

    private func deny(_ fixture: Fixture) throws {
        let manifest = """
            { "id": "policy", "version": "1", "api": 1, "mode": "oneshot", "entry": "./run",
              "hooks": [{ "point": "getAPIKey", "phase": "start" }] }
            """
        try fixture.write("home/.config/keyhooks/plugins/policy/plugin.json", manifest)
        let answer = #"{"type":"response","id":"1","error":{"kind":"permission-denied"}}"#
        try fixture.write(
            "home/.config/keyhooks/plugins/policy/run",
            "#!/bin/sh\nread -r request\nprintf '%s\\n' '\(answer)'\n",
            mode: 0o755
        )
        try fixture.give("home")
    }

    @Test(
        "A plugin that denies does not vanish when its folder, or the one above, cannot be read",
        arguments: [
            ("plugins/policy", 0o000), ("plugins/policy", 0o600), ("plugins", 0o000), ("plugins", 0o311), ("", 0o000),
            ("plugins/policy/plugin.json", 0o000),
        ]
    )
    func unreadable(name: String, mode: Int) throws {
        try withFixture { fixture in
            try deny(fixture)
            #expect(try fixture.run("get", "openai").status == 3)
            let place = "\(fixture.root)/home/.config/keyhooks/\(name)"
            try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: place)
            let run = try fixture.run("get", "openai")
            #expect(run.status == 78 && run.output.isEmpty, "\(run)")
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: place)
        }
    }

    @Test("Files of another user are refused, root's are not", arguments: ["keyhooks.json", ".env"])
    func foreign(name: String) throws {
        try withFixture { fixture in
            try fixture.write("work/\(name)", name == ".env" ? "OPENAI_API_KEY=sk-file" : "{}")
            if name == "keyhooks.json" { #expect(try fixture.run("trust").status == 78) }
            try fixture.give("home")
            if name == "keyhooks.json" { #expect(try fixture.run("trust").status == 0) }
            #expect(try fixture.run("get", "openai").status == 0)
            try fixture.give("work/\(name)", to: 1234)
            let run = try fixture.run("get", "openai")
            #expect(run.status == 78 && run.output.isEmpty)
            #expect(run.errors.contains("\(name) belongs to another user"))
        }
    }

    @Test("A user whom the system does not know has no home to fall back on, and is told what to do")
    func unknownUser() throws {
        try withFixture { fixture in
            try fixture.write("work/keyhooks.json", "{}")
            try fixture.give("work")
            let process = Process()
            process.executableURL = URL(fileURLWithPath: "/usr/bin/setpriv")
            process.arguments = [
                "--reuid", "\(Self.user)", "--regid", "\(Self.user)", "--clear-groups", "\(fixture.root)/keyhooks",
                "list",
            ]
            process.environment = [:]
            process.currentDirectoryURL = URL(fileURLWithPath: "\(fixture.root)/work")
            let errors = Pipe()
            process.standardError = errors
            process.standardOutput = FileHandle.nullDevice
            try process.run()
            let words = String(decoding: try errors.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
            process.waitUntilExit()
            #expect(process.terminationStatus == 78)
            #expect(words.contains("there is no folder in which your trust in it could be recorded"))
        }
    }
}
#endif
