import ExtensionHooks
import Foundation
import KeyHooks
import Testing

@Suite("Plugins that are compiled into the program")
struct KeyPluginTests {
    private func resolver(
        _ text: String,
        plugins: [any PluginSource] = [ScriptedPlugin.plugin],
        environment: [String: String] = [:]
    ) async throws -> KeyResolver {
        try await withFolder { folder in
            try KeyResolver.made(by: text, plugins: plugins, in: folder, environment: environment)
        }
    }

    private func mistakes(_ section: String) async throws -> [String] {
        let error = try await failure { try await resolver("{plugins: {acme:\n\(section)\n}}") }
        #expect(error.code == .invalidConfiguration)
        #expect(!error.description.contains("leak") && !error.remedy.isEmpty)
        return error.message.split(separator: "\n")
            .map { line in
                #expect(line.contains("keyhooks.json:"), "\(line)")
                return line.components(separatedBy: "keyhooks.json:").last ?? ""
            }
    }

    @Test(
        "A section is decoded as its type says",
        arguments: [
            ("{address: 'a'}", "a"), ("{address: 'a', timeout: '30s'}", "a 30.0 seconds"),
            ("{address: 'a', timeout: '1h30m'}", "a 5400.0 seconds"), ("{address: 'a', mode: 'safe'}", "a safe"),
            ("{address: 'a', timeout: null, mode: null}", "a"),
            ("{address: 'a', servers: [{host: 'x'}, {host: 'y', port: 8200}]}", "a x:443,y:8200"),
            ("{address: 'a', servers: []}", "a"), ("{address: 'a', limits: {b: 2, a: 1}}", "a a=1,b=2"),
            ("{address: 'a', share: 0.5}", "a 0.5"), ("{address: 'a', share: 1}", "a 1.0"),
        ]
    )
    func decoded(_ section: String, _ answer: String) async throws {
        let resolver = try await resolver("{plugins: {acme: \(section)}}")
        #expect(try await resolver.value("openai") == answer)
        #expect(try await resolver.getAPIKey(service: "openai")?.provenance?.source == .hook("acme/keys", detail: nil))
    }

    @Test(
        "A mistake in a section is reported with its place, and the value is not echoed",
        arguments: [
            ("{}", "2:1: plugins.acme.address: a required key is missing"),
            ("{timeout: '3s', mode: 'safe'}", "2:1: plugins.acme.address: a required key is missing"),
            ("{address: 1}", "2:11: plugins.acme.address: expected a string, found a number"),
            ("{address: null}", "2:11: plugins.acme.address: expected a string, found null"),
            ("{address: 'leak', adress: 1}", "2:19: plugins.acme.adress: unknown key. Did you mean 'address'?"),
            ("{address: 'a', timeout: 30}", "2:25: plugins.acme.timeout: a duration needs a unit: write \"30s\""),
            ("{address: 'a', timeout: 'leak'}", "2:25: plugins.acme.timeout: expected a duration such as \"30s\""),
            ("{address: 'a', mode: 'leak'}", "2:22: plugins.acme.mode: expected one of 'fast', 'safe'"),
            (
                "{address: 'a', mode: 'fst'}",
                "2:22: plugins.acme.mode: expected one of 'fast', 'safe'. Did you mean 'fast'?"
            ),
            (
                "{address: 'a', colour: 'leak'}",
                "2:24: plugins.acme.colour: is none of the values that are allowed here"
            ),
            ("{address: 'a', mode: 1}", "2:22: plugins.acme.mode: expected a string, found a number"),
            ("{address: 'a', servers: {}}", "2:25: plugins.acme.servers: expected an array, found an object"),
            ("{address: 'a', servers: ['leak']}", "2:26: plugins.acme.servers[0]: expected an object, found a string"),
            ("{address: 'a', servers: [{}]}", "2:26: plugins.acme.servers[0].host: a required key is missing"),
            (
                "{address: 'a', servers: [{host: 'a', prt: 1}]}",
                "2:38: plugins.acme.servers[0].prt: unknown key. Did you mean 'port'?"
            ),
            (
                "{address: 'a', servers: [{host: 'a', port: 70000}]}",
                "2:44: plugins.acme.servers[0].port: expected a whole number from 0 to 65535"
            ),
            ("{address: 'a', limits: {b: 'leak'}}", "2:28: plugins.acme.limits.b: expected a whole number, found a"),
            ("{address: 'a', share: '1'}", "2:23: plugins.acme.share: expected a number, found a string"),
            ("{address: 'a', share: Infinity}", "2:23: plugins.acme.share: expected a finite number"),
            ("{address: 'throws'}", "2:1: plugins.acme: the plugin cannot be made ("),
        ]
    )
    func mistake(_ section: String, _ mistake: String) async throws {
        let found = try await mistakes(section)
        #expect(found.count == 1, "\(found)")
        #expect(found.first?.hasPrefix(mistake) == true, "\(found)")
    }

    @Test("What does not fit and what is unknown are reported at once")
    func all() async throws {
        let found = try await mistakes("{address: 'a', servers: [{host: 'a', prt: 1}], mode: 5, shares: 1}")
        #expect(found.contains { $0.hasPrefix("2:54: plugins.acme.mode: expected a string") }, "\(found)")
        #expect(found.contains { $0.hasPrefix("2:57: plugins.acme.shares: unknown key") }, "\(found)")
    }

    @Test("A plugin refuses in its own words")
    func refuses() async throws {
        let error = try await failure { try await resolver("{plugins: {acme: {address: 'refuses'}}}") }
        #expect(error.message == "acme needs ACME_TOKEN" && error.remedy == "set ACME_TOKEN")
    }

    @Test("A plugin gets the environment that the resolver got")
    func environment() async throws {
        let resolver = try await resolver("{plugins: {acme: {address: 'a'}}}", environment: ["ACME_TOKEN": "token"])
        #expect(try await resolver.value("openai") == "a token")
    }

    @Test("A plugin that was handed over and has no section is a mistake: a weaker source would answer for it")
    func noSection() async throws {
        let error = try await failure { try await resolver("{providers: {openai: {ttl: '5s'}}}") }
        #expect(error.code == .invalidConfiguration)
        #expect(error.message.hasSuffix("keyhooks.json has no section for plugin 'acme', which the program hands over"))
        #expect(
            error.remedy == "write its section, \"plugins\": { \"acme\": { … } }, or take it out of the program"
        )
        let made = try await failure { try KeyResolver(plugins: [ScriptedPlugin.plugin], environment: [:]) }
        #expect(made.message.hasPrefix("the configuration has no section for plugin 'acme'"))
    }

    /// A plugin that is content with what it knows.
    private struct Frugal: KeyPlugin, KeySource {
        struct Configuration: Decodable { var key: String? }
        static let id: PluginID = "frugal"
        static let needsSection = false
        let key: String

        init(_ configuration: Configuration, in context: PluginContext) { key = configuration.key ?? "none said" }
        func read(_ request: KeyRequest) async throws -> String? { key }
    }

    @Test("A plugin that needs no section is made with an empty one, or with the one that there is")
    func needsNone() async throws {
        for (text, answer) in [("{}", "none said"), ("{plugins: {frugal: {key: 'sk-1'}}}", "sk-1")] {
            let resolver = try await resolver(text, plugins: [Frugal.plugin])
            #expect(try await resolver.value("openai") == answer)
        }
        let named = try await resolver("{providers: {openai: {only: 'frugal'}}}", plugins: [Frugal.plugin])
        #expect(try await named.value("openai") == "none said")
    }

    @Test("With plugins switched off the section need not even be right")
    func switchedOff() async throws {
        let off = ["KEYHOOKS_NO_PLUGINS": "1", "OPENAI_API_KEY": "sk"]
        let resolver = try await resolver("{plugins: {acme: {}}}", environment: off)
        #expect(try await resolver.value("openai") == "sk")
    }
}
