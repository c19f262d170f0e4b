import Foundation
import KeyHooks
import KeyHooksTesting
import Testing

@testable import PluginHost

@Suite("Plugins as secret managers of a configuration", .timeLimit(.minutes(5)))
struct PluginManagerHostTests {
    private static let manifest = """
        {id: 'safe', version: '1', api: 1, entry: './run', secrets: {operations: ['write']},
         timeouts: {hello_ms: 30000, request_ms: 30000},
         configuration: {type: 'object', required: ['key'], additionalProperties: false, properties: {key: {type: 'string'}}}}
        """

    private static let answer = """
        if request["point"] == "secret.write": return {"ok": {"verdict": "finish", "result": {}}}
        if arguments["name"] == "none": return fault("not-found")
        return {"ok": {"verdict": "finish", "result": {"text": config["key"] + " " + arguments["name"]}}}
        """

    private func host(_ fixture: PluginFixture, log: Recording<String> = Recording()) -> DropInPlugins {
        let environment = fixture.environment.merging(["PATH": "/usr/local/bin:/usr/bin:/bin"]) { $1 }
        return DropInPlugins(environment: environment, log: log.add)
    }

    private func withSafe(_ body: (PluginFixture) async throws -> Void) async throws {
        try await withPlugins { fixture in
            try fixture.python(id: "safe", Self.answer)
            try fixture.write("\(fixture.user)/safe/plugin.json", Self.manifest)
            try await body(fixture)
        }
    }

    @Test("Each manager has settings and a process of its own; keys come from it, and a reload keeps the process")
    func managers() async throws {
        try await withSafe { fixture in
            let host = host(fixture)
            let resolver = try fixture.resolver(
                """
                {managers: {team: {kind: 'safe', key: 'of the team', access: 'read-write', prefix: 'p/'},
                            mine: {kind: 'safe', key: 'mine', timeout: '45s'}},
                 providers: {openai: {source: 'team', secret: 'openai'}, groq: {source: 'mine', secret: 'none'}}}
                """,
                host: host
            )
            #expect(try await resolver.value("openai") == "of the team p/openai")
            // As long as its manifest lets it take, unless somebody says.
            #expect(try resolver.secrets(in: "team").timeout == .seconds(61))
            #expect(try resolver.secrets(in: "mine").timeout == .seconds(45))
            let secrets = try resolver.secrets(in: "mine")
            #expect(try await secrets.read("a")?.content.text == "mine a")
            #expect(try await secrets.read("none") == nil)
            #expect(fixture.log("safe").filter { $0 == "spawned" }.count == 2)
            try resolver.reload()
            #expect(try await resolver.secrets(in: "mine").read("b")?.content.text == "mine b")
            #expect(fixture.log("safe").filter { $0 == "spawned" }.count == 2)
            try await resolver.secrets(in: "team").write(.text("x"), to: "a")
            await host.shutdown(atOnce: true)
        }
    }

    @Test(
        "What is wrong with a manager is said with its place",
        arguments: [
            ("{managers: {team: {kind: 'safe'}}}", "managers.team.key: a required key is missing"),
            ("{managers: {team: {kind: 'safe', key: 'a', colour: 1}}}", "managers.team.colour: unknown key"),
            ("{managers: {team: {kind: 'sfae', key: 'a'}}}", "Did you mean 'safe'?"),
            ("{plugins: {safe: {key: 'a'}}}", "plugins.safe: the plugin only manages secrets"),
        ]
    )
    func mistakes(configuration: String, words: String) async throws {
        try await withSafe { fixture in
            let error = #expect(throws: KeyResolutionError.self) {
                _ = try fixture.resolver(configuration, host: host(fixture))
            }
            #expect(
                error?.code == .invalidConfiguration && error?.description.contains(words) == true,
                "\(error as Any)"
            )
        }
    }

    @Test("One that waits for trust is reported as that")
    func untrusted() async throws {
        try await withPlugins { fixture in
            try fixture.python(id: "safe", in: fixture.named, Self.answer)
            try fixture.write("\(fixture.named)/safe/plugin.json", Self.manifest)
            let error = #expect(throws: KeyResolutionError.self) {
                _ = try fixture.resolver("{managers: {team: {kind: 'safe', key: 'a'}}}", host: host(fixture))
            }
            #expect(error?.message.contains("plugin 'safe' does not run: never trusted") == true, "\(error as Any)")
            #expect(error?.remedy.contains("keyhooks plugins trust safe") == true)
            #expect(fixture.log("safe").isEmpty)
        }
    }

    @Test("One that is dropped in and used by nobody needs no settings")
    func unused() async throws {
        try await withSafe { fixture in
            let resolver = try fixture.resolver("{}", host: host(fixture), ["OPENAI_API_KEY": "sk"])
            #expect(try await resolver.value("openai") == "sk")
            #expect(fixture.log("safe").isEmpty)
        }
    }
}
