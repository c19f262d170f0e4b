import Foundation
import Testing

@testable import PluginHost

/// An executable that somebody writes at the moment cannot be started.
@Suite("A file that is open for writing", .timeLimit(.minutes(5)))
struct BusyExecutableTests {
    /// A plugin whose file is open for writing while a closure runs, which may close it.
    private func whileBusy(
        _ mode: PluginManifest.Mode,
        _ body: String,
        _ use: (any PluginRunner, _ finish: () -> Void) async throws -> Void
    ) async throws {
        try await withFolder { folder in
            var launch = try mode == .session ? Script.python(body, in: folder) : Script.shell(body, in: folder)
            // What is executed is the interpreter's script, so the file itself has to be the executable.
            let file = folder.path + "/run"
            let words = ([launch.executable] + launch.arguments).map { "'\($0)'" }.joined(separator: " ")
            try install("#!/bin/sh\nexec \(words)\n", at: file)
            launch.executable = file
            launch.arguments = []
            launch.mode = mode
            // Not for the children of other tests, which may live long.
            let writer = open(file, O_WRONLY | O_CLOEXEC)
            try #require(writer >= 0)
            var isOpen = true
            func finish() {
                if isOpen { _ = close(writer) }
                isOpen = false
            }
            defer { finish() }
            let plugin: any PluginRunner = mode == .session ? PluginSession(launch) : OneshotPlugin(launch)
            try await use(plugin, finish)
            await plugin.shutdown()
        }
    }

    @Test("It is started as soon as it is closed", arguments: [PluginManifest.Mode.session, .oneshot])
    func patience(mode: PluginManifest.Mode) async throws {
        let session = "hello()\nfor r in requests(): key(r['id'], 'x')"
        let oneshot = #"read -r l; echo '{"type":"response","id":"1","ok":{"verdict":"finish","result":{"key":"x"}}}'"#
        try await whileBusy(mode, mode == .session ? session : oneshot) { plugin, finish in
            async let answer = plugin.answer(to: .key("openai", within: .seconds(60)))
            try await Task.sleep(for: .milliseconds(50))
            finish()
            #expect(try await answer.summary == "key x")
            if let session = plugin as? PluginSession { #expect(session.spawnCount == 1) }
        }
    }

    @Test("Patience has an end", arguments: [PluginManifest.Mode.session, .oneshot])
    func end(mode: PluginManifest.Mode) async throws {
        try await whileBusy(mode, "exit 0") { plugin, _ in
            let error = try await fault { try await plugin.answer(to: .key("openai", within: .seconds(60))) }
            #expect(error.kind == .cannotStart)
            #expect(error.message.contains("cannot be started"))
        }
    }

    @Test("Deadlines hold meanwhile", arguments: [PluginManifest.Mode.session, .oneshot])
    func deadline(mode: PluginManifest.Mode) async throws {
        try await whileBusy(mode, "exit 0") { plugin, _ in
            let error = try await fault { try await plugin.answer(to: .key("openai", within: .milliseconds(200))) }
            // And not one that a weaker source may answer for.
            #expect(error.kind == .cannotStart)
        }
    }
}
