import ExtensionHooks
import Foundation
import KeyHooks
import Testing

/// All mistakes of a configuration come in one go, whatever level each is on.
struct AllMistakesTests {
    struct Strict: KeyPlugin {
        struct Configuration: Decodable {
            enum Mode: String, Decodable, CaseIterable { case fast, safe }

            struct Server: Decodable {
                var host: String
                var port: UInt16
            }

            var address: String
            var ttl: Duration
            var mode: Mode
            var servers: [Server]?
        }

        struct ServiceSettings: Decodable { var path: String }

        static let id: PluginID = "acme"

        init(_ configuration: Configuration, in context: PluginContext) throws {}
        func register(in hooks: inout HookBundle) {
            hooks.onStart(.getAPIKey, id: HookID(Self.id)) { $0.answer(APIKey("sk-acme")) }
        }
    }

    /// Takes nothing but an address that it knows.
    struct Picky: KeyPlugin {
        struct Refused: Error {}

        struct Configuration: Decodable {
            let ttl: Duration
            let name: String

            enum CodingKeys: CodingKey { case ttl, name }

            init(from decoder: any Decoder) throws {
                let container = try decoder.container(keyedBy: CodingKeys.self)
                ttl = try container.decode(Duration.self, forKey: .ttl)
                name = try container.decode(String.self, forKey: .name)
                guard ttl > .seconds(5), name == "known" else { throw Refused() }
            }
        }

        static let id: PluginID = "picky"

        init(_ configuration: Configuration, in context: PluginContext) throws {}
        func register(in hooks: inout HookBundle) {}
    }

    /// The places and first words of what is wrong.
    private func mistakes(
        _ text: String,
        plugins: [any PluginSource] = [Strict.plugin],
        env: String? = nil
    ) async throws -> [String] {
        try await withFolder { folder in
            let path = try folder.write("keyhooks.json", text)
            if let env { try folder.write("my.env", env) }
            let error = try await failure {
                try KeyResolver(
                    configuration: .read(from: path, environment: [:], plugins: plugins),
                    plugins: plugins,
                    environment: [:]
                )
            }
            #expect(error.code == .invalidConfiguration)
            return error.message.split(separator: "\n").map { String($0).replacing("\(folder.path)/", with: "") }
        }
    }

    @Test func `The file's own mistakes come with those of a plugin's section and of its services`() async throws {
        let found = try await mistakes(
            """
            {
              plugins: {acme: {adress: 'a', ttl: '5 minutes', mode: 'fst'}},
              provider: {openai: {falback: 'never', acme: {pth: 'x'}}},
            }
            """
        )
        let expected = [
            "keyhooks.json:3:3: provider: unknown key. Did you mean 'providers'?",
            "keyhooks.json:3:23: provider.openai.falback: unknown key. Did you mean 'fallback'?",
            "keyhooks.json:2:19: plugins.acme.address: a required key is missing",
            "keyhooks.json:2:20: plugins.acme.adress: unknown key. Did you mean 'address'?",
            "keyhooks.json:2:38: plugins.acme.ttl: expected a duration",
            "keyhooks.json:2:57: plugins.acme.mode: expected one of 'fast', 'safe'. Did you mean 'fast'?",
            "keyhooks.json:3:47: providers.openai.acme.path: a required key is missing",
            "keyhooks.json:3:48: providers.openai.acme.pth: unknown key. Did you mean 'path'?",
        ]
        #expect(found.count == expected.count, "\(found)")
        for mistake in expected { #expect(found.contains { $0.hasPrefix(mistake) }, "\(mistake) in \(found)") }
    }

    @Test func `They come as they stand in the file, each place once`() async throws {
        let found = try await mistakes(
            """
            {
              plugins: {acme: {ttl: 5, mode: 'fast', address: 'sk-proj-Ab1Cd2Ef3Gh4Ij5Kl6Mn7Op8'}},
              providers: {
                openai: {only: 'acme', fallback: 'unavailble', falback: 1},
              },
              provider: 1,
            }
            """
        )
        let places = found.map { $0.split(separator: ": ").prefix(2).joined(separator: ": ") }
        #expect(
            places == [
                "keyhooks.json:2:25: plugins.acme.ttl", "keyhooks.json:2:51: plugins.acme.address",
                "keyhooks.json:4:38: providers.openai.fallback", "keyhooks.json:4:52: providers.openai.falback",
                "keyhooks.json:6:3: provider",
            ],
            "\(found)"
        )
        #expect(found[1].contains("looks like a key") && found[1].hasSuffix("and treat it as compromised"), "\(found)")
        #expect(found[2].contains("'only' says who answers"), "\(found)")
    }

    @Test func `A plugin that isn't there comes with the rest, where the sources are all there can be`() async throws {
        let text = """
            {
              plugins: {acme: {address: 'a', ttl: '5s', mode: 'fast'}, nobody: {}},
              providers: {xai: {only: 'acmee'}, groq: {plugins: ['acme', 'other']}, openai: {falback: 1}},
            }
            """
        try await withFolder { folder in
            let path = try folder.write("keyhooks.json", text)
            func mistakes(hasAll: Bool, _ environment: [String: String] = [:]) async throws -> [String] {
                let reading = ConfigurationReading(
                    environment: environment,
                    plugins: [Strict.plugin],
                    hasAllPlugins: hasAll
                )
                let error = try await failure { try KeyConfiguration.read(from: path, reading) }
                return error.message.split(separator: "\n").map { String($0).replacing("\(path):", with: "") }
            }
            let all = try await mistakes(hasAll: true)
            for (mistake, start) in zip(
                all,
                [
                    "2:68: plugins.nobody: there is no plugin of this name. Install 'nobody'",
                    "3:27: providers.xai.only: 'acmee': there is no plugin of this name. Did you mean 'acme'?",
                    "3:62: providers.groq.plugins[1]: 'other': there is no plugin of this name",
                    "3:82: providers.openai.falback: unknown key",
                ]
            ) {
                #expect(mistake.hasPrefix(start), "\(all)")
            }
            #expect(all.count == 4, "\(all)")
            // A program may have hooks of its own, and whoever switches plugins off misses none.
            #expect(try await mistakes(hasAll: false).count == 1)
            #expect(try await mistakes(hasAll: true, ["KEYHOOKS_NO_PLUGINS": "1"]).count == 1)
        }
    }

    @Test func `One place is one place, and an unknown key of a profile says what a profile has`() async throws {
        let error = try await failure { try await readConfiguration("{profiles: {dev: {envFiles: '.env'}}}") }
        let words = "profiles.dev.envFiles: unknown key: a profile has 'providers' and nothing else"
        #expect(error.message.hasSuffix(words))
        #expect(error.remedy == "fix this place")
        let misspelt = try await failure { try await readConfiguration("{profiles: {dev: {provider: {}}, a: {x: 1}}}") }
        #expect(misspelt.message.contains("profiles.dev.provider: unknown key. Did you mean 'providers'?"))
        #expect(misspelt.remedy == "fix these places")
    }

    @Test func `A section that is the only thing wrong is read to its end`() async throws {
        let found = try await mistakes("{plugins: {acme: {ttl: 5, mode: 'x', servers: [{port: 70000}, 1], more: 2}}}")
        let paths = found.map { $0.split(separator: ": ")[1] }
        #expect(
            paths == [
                "plugins.acme.address", "plugins.acme.ttl", "plugins.acme.mode", "plugins.acme.servers[0].host",
                "plugins.acme.servers[0].port", "plugins.acme.servers[1]", "plugins.acme.more",
            ],
            "\(found)"
        )
    }

    @Test func `What stands in for a wrong value is not blamed`() async throws {
        let plugins = [Picky.plugin]
        #expect(try await mistakes("{plugins: {picky: {ttl: 5}}}", plugins: plugins).count == 2)
        let one = try await mistakes("{plugins: {picky: {ttl: 5, name: 'known'}}}", plugins: plugins)
        #expect(one.count == 1 && one[0].contains("picky.ttl: a duration needs a unit"), "\(one)")
        let refused = try await mistakes("{plugins: {picky: {ttl: '5s', name: 'known'}}}", plugins: plugins)
        #expect(refused.count == 1 && refused[0].contains("is refused by the plugin"), "\(refused)")
    }

    @Test func `A broken dotenv file comes with what is wrong in a section`() async throws {
        let found = try await mistakes("{envFiles: 'my.env', plugins: {acme: {}, nobody: {}}}", env: "A B=1\n")
        #expect(found.contains { $0.hasPrefix("my.env:1:") }, "\(found)")
        #expect(found.contains { $0.contains("plugins.acme.address: a required key is missing") }, "\(found)")
        #expect(found.contains { $0.contains("plugins.nobody: there is no plugin of this name") }, "\(found)")
    }

    @Test func `A resolver that reloads reports all of them, and goes on as before`() async throws {
        try await withFolder { folder in
            let good = "{plugins: {acme: {address: 'a', ttl: '5s', mode: 'fast'}}}"
            let path = try folder.write("keyhooks.json", good)
            let resolver = try KeyResolver(
                configuration: .read(from: path),
                plugins: [Strict.plugin],
                environment: [:]
            )
            try folder.write("keyhooks.json", "{plugins: {acme: {ttl: 5}}, provider: {}}")
            let error = try await failure { try resolver.reload() }
            for part in ["acme.address", "acme.ttl", "acme.mode", "provider: unknown key"] {
                #expect(error.message.contains(part), "\(error)")
            }
            #expect(try await resolver.getAPIKey(service: "openai")?.value == "sk-acme")
        }
    }

    @Test func `All aliases that are taken are named`() async throws {
        let providers: [Service: ProviderSettings] = [
            "a1": ProviderSettings(aliases: ["claude"]), "b1": ProviderSettings(aliases: ["chatgpt"]),
        ]
        let error = try await failure {
            try KeyResolver(configuration: KeyConfiguration(providers: providers), environment: [:])
        }
        let first = "the alias 'claude' already means 'anthropic'"
        #expect(error.message == "\(first)\nthe alias 'chatgpt' already means 'openai'")
    }
}
