import Foundation
import KeyHooks
import KeyHooksTesting
import Testing

@testable import PluginHost

@Suite("A host's plugins as secret managers", .timeLimit(.minutes(5)))
struct PluginManagerHostTests {
    private static let manifest = """
        {id: 'safe', version: '1', api: 1, entry: './run', secrets: {operations: ['list']},
         configuration: {type: 'object', required: ['key']}}
        """

    @Test("One that only manages secrets may have a section, and shares its process with all who ask it")
    func managerOnly() async throws {
        try await withPlugins { fixture in
            let environment = fixture.environment.merging(["PATH": "/usr/local/bin:/usr/bin:/bin"]) { $1 }
            let host = DropInPlugins(environment: environment)
            try fixture.python(
                id: "safe",
                "return key(config['key']) if 'service' in arguments else {'ok': {'verdict': 'finish', 'result': {'text': config['key']}}}"
            )
            try fixture.write("\(fixture.user)/safe/plugin.json", Self.manifest)
            try fixture.python(id: "plain", "return key('x')")
            let resolver = try fixture.resolver("{plugins: {safe: {key: 'of the section'}}}", host: host)
            let secrets = ManagedSecrets(in: try host.secretManager("safe"))
            for _ in 1...2 { #expect(try await secrets.read("a")?.content.text == "of the section") }
            #expect(fixture.log("safe") == ["spawned", "request", "request"])
            for id in ["plain", "gone"] as [PluginID] {
                let error = #expect(throws: KeyResolutionError.self) { _ = try host.secretManager(id) }
                #expect(error?.code == .invalidConfiguration)
            }
            _ = resolver
            await host.shutdown(atOnce: true)
        }
    }
}
