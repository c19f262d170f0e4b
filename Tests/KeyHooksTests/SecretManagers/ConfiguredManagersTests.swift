import ExtensionHooks
import Foundation
import KeyHooks
import KeyHooksTesting
import Testing

@Suite("Secret managers in keyhooks.json", .timeLimit(.minutes(5)))
struct ConfiguredManagersTests {
    /// The example of the documentation.
    private static let example = """
        { "managers":  { "team":   { "kind": "file", "path": "team.json", "access": "read-write" },
                         "docker": { "kind": "folder", "path": "secrets" },
                         "both":   { "kind": "chain", "of": ["team", "docker"], "on": { "unavailable": "next" } } },
          "providers": { "openai": { "source": "team", "secret": "providers", "field": "OPENAI_API_KEY" },
                         "groq":   { "source": "both", "secret": "groq_key" } } }
        """

    private func withResolver(
        _ text: String,
        environment: [String: String] = ["OPENAI_API_KEY": "sk-env", "GROQ_API_KEY": "gsk-env"],
        plugins: [any PluginSource] = [],
        onWarning: @escaping @Sendable (KeyWarning) -> Void = { _ in },
        _ body: (KeyResolver, KeyHooksTesting.TemporaryFolder) async throws -> Void
    ) async throws {
        try await withTemporaryFolder { folder in
            let path = try folder.write("keyhooks.json", text)
            let configuration = try KeyConfiguration.read(from: path, environment: environment, plugins: plugins)
            let resolver = try KeyResolver(
                configuration: configuration,
                plugins: plugins,
                environment: environment,
                onWarning: onWarning
            )
            try await body(resolver, folder)
        }
    }

    @Test("The example works, and what the tool would write is seen by the next call")
    func example() async throws {
        try await withResolver(Self.example) { resolver, folder in
            try folder.write("team.json", #"{"providers": {"OPENAI_API_KEY": "sk-team"}}"#)
            chmod("\(folder.path)/team.json", 0o600)
            try folder.write("secrets/groq_key", "gsk-docker\n")
            let key = try await resolver.requireAPIKey(service: "openai")
            #expect(key.value == "sk-team")
            #expect(key.provenance?.source == .hook("team", detail: "providers, field OPENAI_API_KEY"))
            #expect(try await resolver.requireAPIKey(service: "groq").value == "gsk-docker")
            let team = try resolver.secrets(in: "team")
            try await team.write("sk-new", toField: "OPENAI_API_KEY", of: "providers")
            #expect(try await resolver.requireAPIKey(service: "openai").value == "sk-new")
            // The chain learns of what its members are told.
            try await team.write(.text("gsk-team"), to: "groq_key")
            #expect(try await resolver.requireAPIKey(service: "groq").value == "gsk-team")
            #expect(resolver.secretManagers == ["both", "docker", "team"])
            #expect(try await resolver.secrets(in: "docker").list().map(\.rawValue) == ["groq_key"])
            await #expect(throws: KeyResolutionError.self) {
                try await resolver.secrets(in: "docker").write(.text("x"), to: "y")
            }
        }
    }

    @Test("Denied and unavailable never fall through; an absence does, with a warning, unless env is closed")
    func outcomes() async throws {
        let warnings = Recording<KeyWarning>()
        try await withResolver(Self.example, onWarning: warnings.add) { resolver, folder in
            try folder.write("team.json", "{}")
            chmod("\(folder.path)/team.json", 0o600)
            #expect(try await resolver.requireAPIKey(service: "openai").value == "sk-env")
            #expect(warnings.events.contains { $0.description.contains("team") })
            // The folder isn't there.
            let away = await #expect(throws: KeyResolutionError.self) {
                try await resolver.getAPIKey(service: "groq", refresh: true)
            }
            #expect(away?.code == .unavailable)
            chmod("\(folder.path)/team.json", 0o666)
            let refused = await #expect(throws: KeyResolutionError.self) {
                try await resolver.getAPIKey(service: "openai", refresh: true)
            }
            #expect(refused?.code == .invalidConfiguration)
        }
        let closed = Self.example.replacing(#""source": "team","#, with: #""source": "team", "env": [],"#)
        try await withResolver(closed) { resolver, folder in
            try folder.write("team.json", "{}")
            chmod("\(folder.path)/team.json", 0o600)
            #expect(try await resolver.getAPIKey(service: "openai") == nil)
        }
    }

    @Test("Every word of a manager is obeyed")
    func words() async throws {
        let manager = MemorySecretManager()
        let kind = SecretManagerKind("memory") { (_: NoSettings, _) in manager }
        let text = """
            {managers: {safe: {kind: 'memory', access: 'read-write', secret: '{profile}/{service}', field: '/deep/0',
                prefix: 'team/', hosted: ['openai', 'azure*'], issuedKeys: 'issued/', ttl: '1h', timeout: '3s'}}}
            """
        try await withResolver(text, environment: [:], plugins: [kind]) { resolver, _ in
            let safe = try resolver.secrets(in: "safe")
            try await safe.write(.text(#"{"deep": ["sk-1"]}"#), to: "prod/openai")
            try await safe.write(.text(#"{"deep": ["gsk-1"]}"#), to: "prod/groq")
            let prod = KeyScope(profile: "prod")
            #expect(try await resolver.getAPIKey(service: "openai", scope: prod)?.value == "sk-1")
            #expect(try await resolver.getAPIKey(service: "groq", scope: prod) == nil)
            try await safe.store(issued: APIKey("sk-issued"), named: "alias")
            #expect(try await safe.list().map(\.rawValue) == ["issued/alias", "prod/groq", "prod/openai"])
            let all = try manager.list("", after: nil, SecretOptions()).names.map(\.rawValue)
            #expect(all == ["team/issued/alias", "team/prod/groq", "team/prod/openai"])
            let explanation = try resolver.explain(service: "openai", scope: prod)
            #expect("\(explanation)".contains("team/prod/openai"))
        }
    }

    @Test("A profile points a service elsewhere, and 'only' and the manager's own name say the same as 'source'")
    func profiles() async throws {
        let text = """
            {managers: {a: {kind: 'file', path: 'a.json'}, b: {kind: 'file', path: 'b.json'}},
             providers: {openai: {source: 'a', secret: 'key'}, groq: {only: 'b', b: {secret: 'key'}}},
             profiles: {prod: {providers: {openai: {source: 'b', secret: 'key'}}}}}
            """
        try await withResolver(text) { resolver, folder in
            for name in ["a", "b"] {
                try folder.write("\(name).json", #"{"key": "sk-\#(name)"}"#)
                chmod("\(folder.path)/\(name).json", 0o600)
            }
            #expect(try await resolver.requireAPIKey(service: "openai").value == "sk-a")
            let prod = KeyScope(profile: "prod")
            #expect(try await resolver.requireAPIKey(service: "openai", scope: prod).value == "sk-b")
            #expect(try await resolver.requireAPIKey(service: "groq").value == "sk-b")
        }
    }

    @Test(
        "Every mistake has its place and what was probably meant",
        arguments: [
            ("{managers: {team: {kind: 'fiel'}}}", "1:26: managers.team.kind: ", "Did you mean 'file'?"),
            ("{managers: {team: {kind: 'file'}}}", "managers.team", "path"),
            ("{managers: {team: {kind: 'file', path: 'x', acess: 'read-only'}}}", "acess", "Did you mean 'access'?"),
            ("{managers: {team: {kind: 'file', path: 'x', format: 'jsn'}}}", "managers.team.format", "'json'"),
            ("{managers: {team: {kind: 'folder'}}}", "managers.team", "LoadCredential="),
            ("{managers: {c: {kind: 'chain'}}}", "managers.c.of", "missing"),
            ("{managers: {c: {kind: 'chain', of: []}}}", "managers.c.of", "at least one"),
            ("{managers: {c: {kind: 'chain', of: ['d']}, d: {kind: 'chain', of: ['c']}}}", "of[0]", "ask itself"),
            ("{managers: {c: {kind: 'chain', of: ['tean']}, team: {kind: 'environment'}}}", "of[0]", "'team'"),
            (
                "{managers: {c: {kind: 'chain', of: ['e'], on: {denied: 'next'}}, e: {kind: 'environment'}}}", "denied",
                "always"
            ),
            (
                "{managers: {c: {kind: 'chain', of: ['e'], on: {timedOut: 'skip'}}, e: {kind: 'environment'}}}",
                "timedOut", "'next'"
            ),
            (
                "{managers: {team: {kind: 'environment'}}, providers: {openai: {source: 'taem'}}}",
                "providers.openai.source: 'taem'", "'team'"
            ),
            (
                "{managers: {team: {kind: 'environment'}}, providers: {openai: {source: 'team', secret: 'a/../b'}}}",
                "providers.openai.secret", ".."
            ),
            (
                "{managers: {team: {kind: 'environment'}}, providers: {openai: {secret: 'x'}}}",
                "providers.openai.secret", "'source' is missing"
            ),
            (
                "{managers: {team: {kind: 'environment'}}, providers: {openai: {team: {sekret: 'x'}}}}",
                "providers.openai.team.sekret", "'secret'"
            ),
            (
                "{managers: {team: {kind: 'environment', hosted: ['groq']}}, providers: {openai: {source: 'team'}}}",
                "openai", "hosted"
            ),
            (
                "{managers: {team: {kind: 'environment', access: 'write-only', secret: 'x'}}, "
                    + "providers: {openai: {source: 'team'}}}", "providers.openai", "access"
            ),
            (
                "{managers: {team: {kind: 'environment'}}, "
                    + "profiles: {prod: {providers: {openai: {source: 'team'}}}}}",
                "profiles.prod.providers.openai", "no 'secret' says where"
            ),
            (
                "{managers: {c: {kind: 'chain', of: ['e']}, e: {kind: 'environment', hosted: ['groq']}}}",
                "managers.c.of[0]", "write it at the chain"
            ),
            ("{managers: {openbao: {kind: 'environment'}}, plugins: {openbao: {}}}", "managers.openbao", "plugin"),
            ("{secretManagers: {team: {kind: 'environment'}}}", "secretManagers", "'managers'"),
        ]
    )
    func mistakes(_ text: String, _ place: String, _ hint: String) async throws {
        let error = await #expect(throws: KeyResolutionError.self) {
            try await withResolver(text, environment: [:]) { _, _ in }
        }
        let description = error?.description ?? ""
        #expect(error?.code == .invalidConfiguration)
        #expect(description.contains(place) && description.contains(hint), "\(description)")
    }

    @Test("All mistakes are reported at once, and one of a chain's member once")
    func allMistakes() async throws {
        let text = """
            {managers: {a: {kind: 'fil'}, b: {kind: 'file'}, c: {kind: 'chain', of: ['a', 'b']}},
             providers: {openai: {source: 'a'}}}
            """
        let error = await #expect(throws: KeyResolutionError.self) {
            try await withResolver(text, environment: [:]) { _, _ in }
        }
        #expect(error?.message.split(separator: "\n").count == 2, "\(error?.message ?? "")")
    }

    @Test("A manager that isn't there is named with those that are")
    func unknown() async throws {
        try await withResolver(Self.example) { resolver, _ in
            let error = #expect(throws: KeyResolutionError.self) { try resolver.secrets(in: "teams") }
            #expect(error?.description.contains("Did you mean 'team'?") == true)
        }
    }

    @Test("Whoever is asked to trust a file sees which secrets it names, and no value")
    func effects() throws {
        let text = """
            {managers: {a: {kind: 'file', path: 'a.json', secret: 'prod/{service}', own: {secret: 'leak-value'}}},
             providers: {openai: {source: 'a', secret: 'own/openai'}}}
            """
        let lines = ConfigurationEffects(of: try KeyConfiguration(parsing: text)).lines.joined(separator: "\n")
        #expect(lines.contains(#"manager a: secret = "prod/{service}""#), "\(lines)")
        #expect(lines.contains(#"about 'openai': secret = "own/openai""#), "\(lines)")
        #expect(!lines.contains("leak"), "\(lines)")
    }

    @Test("Code writes a manager as a file would")
    func inCode() async throws {
        try await withTemporaryFolder { folder in
            var configuration = KeyConfiguration()
            configuration.managers["team"] = [
                "kind": "file", "path": .init("\(folder.path)/t.json"), "access": "read-write",
            ]
            var openai = ProviderSettings(plugins: ["team"])
            openai["team"] = ["secret": "key"]
            configuration.providers["openai"] = openai
            let resolver = try KeyResolver(configuration: configuration, environment: [:])
            try await resolver.secrets(in: "team").write(.text("sk-1"), to: "key")
            #expect(try await resolver.getAPIKey(service: "openai")?.value == "sk-1")
            configuration.managers["team"] = ["kind": "flie"]
            let error = #expect(throws: KeyResolutionError.self) { try KeyResolver(configuration: configuration) }
            #expect(error?.description.contains("managers.team.kind") == true)
        }
    }
}
