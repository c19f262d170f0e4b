import ExtensionHooks
import Foundation
import KeyHooks
import Testing

struct ProvenanceTests {
    @Test func `A key from the environment names its variable`() async throws {
        let before = Date()
        let resolver = try KeyResolver(environment: ["CO_API_KEY": "sk-1"])
        let provenance = try #require(try await resolver.getAPIKey(service: "cohere")?.provenance)
        #expect(provenance.source == .environment(name: "CO_API_KEY"))
        #expect(provenance.resolvedAt >= before && provenance.resolvedAt <= Date())
        #expect(provenance.version == nil && provenance.expiresAt == nil)
    }

    @Test func `A key from a file names the file and the line`() async throws {
        try await withFolder { folder in
            let path = try folder.write("keys.env", "# comment\n\nA=1\nexport GROQ_API_KEY=sk-1\n")
            let resolver = try KeyResolver(
                configuration: KeyConfiguration(envFiles: [EnvironmentFile(path)]),
                environment: [:]
            )
            let key = try await resolver.getAPIKey(service: "groq")
            #expect(key?.provenance?.source == .file(path: path, line: 4, name: "GROQ_API_KEY"))
        }
    }

    @Test func `A hook that says nothing is noted as the source`() async throws {
        let registry = HookRegistry()
        try registry.register { hooks in hooks.onStart(.getAPIKey, id: "acme/first", priority: 1) { _ in } }
        try registry.register { hooks in
            hooks.onStart(.getAPIKey, id: "acme/vault") { $0.result = .success(.found(APIKey("sk-1"))) }
        }
        try registry.register { hooks in hooks.onEnd(.getAPIKey, id: "acme/audit") { _ in } }
        let resolver = try KeyResolver(registry: registry, environment: [:])
        let key = try await resolver.getAPIKey(service: "openai")
        #expect(key?.provenance?.source == .hook("acme/vault", detail: nil))
    }

    @Test func `What a hook says of the source is kept`() async throws {
        let own = KeyProvenance(
            source: .hook("acme/vault", detail: "kv/openai"),
            resolvedAt: Date(timeIntervalSince1970: 1),
            version: "7",
            expiresAt: Date(timeIntervalSince1970: 2)
        )
        let registry = HookRegistry()
        try registry.register { hooks in
            hooks.onStart(.getAPIKey, id: "acme/vault") {
                $0.result = .success(.found(APIKey("sk-1", provenance: own)))
            }
        }
        let resolver = try KeyResolver(registry: registry, environment: [:])
        #expect(try await resolver.getAPIKey(service: "openai")?.provenance == own)
    }

    @Test(arguments: [false, true])
    func `An end hook that replaces the answer is the source`(startAnswers: Bool) async throws {
        let registry = HookRegistry()
        if startAnswers {
            try registry.register { hooks in
                hooks.onStart(.getAPIKey, id: "acme/vault") { $0.result = .success(.found(APIKey("sk-1"))) }
            }
        }
        try registry.register { hooks in
            hooks.onEnd(.getAPIKey, id: "oauth/end") { $0.result = .success(.found(APIKey("sk-2"))) }
        }
        let resolver = try KeyResolver(registry: registry, environment: ["OPENAI_API_KEY": "sk-3"])
        let key = try #require(try await resolver.getAPIKey(service: "openai"))
        #expect(key.value == "sk-2")
        #expect(key.provenance?.source == .hook("oauth/end", detail: nil))
    }

    @Test func `A secret's source is noted as well`() async throws {
        let registry = HookRegistry()
        try registry.register { hooks in
            hooks.onStart(.getSecret, id: "acme/vault") { $0.result = .success(.found(APIKey("eu-1"))) }
        }
        let resolver = try KeyResolver(registry: registry, environment: [:])
        let region = try await resolver.getSecret(service: "bedrock", field: "region")
        #expect(region?.provenance?.source == .hook("acme/vault", detail: nil))
    }

    @Test func `A mirror shows what is public, and nothing that is empty by its nature`() {
        let labels = Mirror(reflecting: KeyProvenance(source: .unknown)).children.map(\.label)
        #expect(
            labels == [
                "source", "resolvedAt", "version", "createdAt", "metadata", "expiresAt", "isStale", "lease",
                "skippedSources",
            ]
        )
    }

    @Test(arguments: [
        (KeyProvenance.Source.environment(name: "A_KEY"), "A_KEY in the process environment"),
        (.file(path: "/srv/.env", line: 3, name: "A_KEY"), "A_KEY in /srv/.env:3"),
        (.hook("acme/vault", detail: nil), "hook 'acme/vault'"),
        (.hook("acme/vault", detail: "kv/a"), "hook 'acme/vault' (kv/a)"),
        (.unknown, "an unknown source"),
    ])
    func `A source describes itself`(source: KeyProvenance.Source, text: String) {
        #expect("\(source)" == text)
    }
}
