import Foundation
import KeyHooks

@testable import PluginHost

extension PluginFixture {
    /// A Python plugin `test` that does what it likes, and notes its number; `body` begins where its hello is due.
    func misbehaving(
        services: String = "['openai']",
        hello: Int = 30_000,
        request: Int = 30_000,
        more: String = "",
        _ body: String
    ) throws {
        let manifest = """
            {id: 'test', version: '1', api: 1, entry: './run',
             hooks: [{point: 'getAPIKey', phase: 'start', services: \(services)}],
             timeouts: {hello_ms: \(hello), request_ms: \(request)} \(more.isEmpty ? "" : ", " + more)}
            """
        let place = try plugin("test", in: user, manifest: manifest)
        let note = """
            with open("\(root)/pids", "a") as notes: notes.write(f"{os.getpid()}\\n")
            def mark(text):
                with open("\(root)/marks", "a") as marks: marks.write(text + "\\n")

            """
        try write("\(place)/run", "#!/usr/bin/env -S python3 -S -E\n" + Script.preamble + note + body, mode: 0o755)
    }

    /// A plugin that does as it should, for `groq` alone.
    func wellBehaved() throws {
        try python(
            id: "good",
            hooks: "[{point: 'getAPIKey', phase: 'start', services: ['groq']}]",
            "return key('good')"
        )
    }

    /// The numbers of the processes that were started.
    var processes: [Int32] { lines("pids").compactMap { Int32($0) } }

    /// What a plugin has marked.
    var marks: [String] { lines("marks") }

    /// Whether all processes that were started are collected.
    var isEveryProcessGone: Bool { processes.allSatisfy { !PluginHostTests.exists($0) } }

    private func lines(_ name: String) -> [String] {
        ((try? String(contentsOfFile: "\(root)/\(name)", encoding: .utf8)) ?? "").split(separator: "\n")
            .map(String.init)
    }
}

/// A host and a resolver over a fixture's plugins; the environment has keys that must not answer for a plugin.
func withHost<Result>(
    _ fixture: PluginFixture,
    _ configuration: String = "{}",
    log: Recording<String> = Recording(),
    _ use: (KeyResolver, DropInPlugins) async throws -> Result
) async throws -> Result {
    let host = DropInPlugins(environment: fixture.environment, log: log.add)
    let keys = ["OPENAI_API_KEY": "sk-environment", "AZURE_API_KEY": "sk-azure", "GROQ_API_KEY": "sk-environment"]
    let resolver = try fixture.resolver(configuration, host: host, keys)
    do {
        let result = try await use(resolver, host)
        await host.shutdown()
        return result
    } catch {
        await host.shutdown()
        throw error
    }
}
