import ExtensionHooks
import KeyHooks
import OpenBao
import OpenBaoTestSupport
import Testing

@Suite("What keyhooks.json says of a provider")
struct ProviderTests {
    @Test("Path, field, mount and version of a provider are obeyed, and the others keep the common ones")
    func routes() async throws {
        let vault = try await Vault()
        let other = unique("kv")
        try await vault.admin.mountKV2(other)
        let common = ["OPENAI_API_KEY": "openai", "GROQ_API_KEY": "groq", "second": "second", "XAI_API_KEY": "xai-1"]
        try await vault.admin.put(vault.mount, "ai/providers", common)
        try await vault.admin.put(vault.mount, "ai/providers", common.merging(["XAI_API_KEY": "xai-2"]) { $1 })
        try await vault.admin.put(vault.mount, "team-a/openai", ["key": "team-a"])
        try await vault.admin.put(other, "ai/providers", ["MISTRAL_API_KEY": "mistral-elsewhere"])
        let resolver = try vault.configured(
            """
            providers: {
              openai: {openbao: {path: 'team-a/{service}', field: 'key'}},
              anthropic: {openbao: {field: 'second'}},
              mistral: {openbao: {mount: '\(other)'}},
              xai: {openbao: {version: 1}},
            }
            """
        )
        #expect(try await resolver.value("openai") == "team-a")
        #expect(try await resolver.value("groq") == "groq")
        #expect(try await resolver.value("anthropic") == "second")
        #expect(try await resolver.value("mistral") == "mistral-elsewhere")
        #expect(try await resolver.value("xai") == "xai-1")
        let source = try await resolver.getAPIKey(service: "openai")?.provenance?.source
        #expect(source == .hook("openbao", detail: "\(vault.mount)/team-a/openai, field key"))
    }

    @Test("A profile stands over the provider, member by member")
    func profiles() async throws {
        let vault = try await Vault()
        for path in ["team-a/openai", "prod/openai"] {
            try await vault.admin.put(vault.mount, path, ["key": "\(path) key", "other": "\(path) other"])
        }
        let resolver = try vault.configured(
            """
            providers: {openai: {openbao: {path: 'team-a/openai', field: 'other'}}},
            profiles: {
              prod: {providers: {openai: {openbao: {path: 'prod/openai'}}}},
              off: {providers: {openai: {plugins: []}}},
            }
            """,
            environment: ["OPENAI_API_KEY": "sk-environment"]
        )
        #expect(try await resolver.value("openai") == "team-a/openai other")
        #expect(try await resolver.value("openai", scope: KeyScope(profile: "prod")) == "prod/openai other")
        #expect(try await resolver.value("openai", scope: KeyScope(profile: "off")) == "sk-environment")
        let unknown = await #expect(throws: KeyResolutionError.self) {
            try await resolver.value("openai", scope: KeyScope(profile: "unknown"))
        }
        #expect(unknown?.code == .invalidConfiguration)
    }

    @Test("A provider without plugins is not asked for in the vault, and its key is not read")
    func notAsked() async throws {
        let vault = try await Vault()
        try await vault.admin.put(vault.mount, "ai/providers", ["OPENAI_API_KEY": "vault", "GROQ_API_KEY": "vault"])
        let resolver = try vault.configured(
            "providers: {openai: {plugins: []}, groq: {plugins: ['openbao']}}",
            environment: ["OPENAI_API_KEY": "environment", "GROQ_API_KEY": "environment"]
        )
        #expect(try await resolver.value("openai") == "environment")
        #expect(try vault.reads(of: "ai/providers") == 0)
        #expect(try await resolver.value("groq") == "vault")
    }

    @Test("A fallback of a provider and of its profile holds while the server is away")
    func fallback() async throws {
        try await withServer { server in
            let vault = try await Vault(server)
            let environment = ["OPENAI_API_KEY": "sk-openai", "GROQ_API_KEY": "sk-groq", "XAI_API_KEY": "sk-xai"]
            let rest = """
                providers: {openai: {fallback: 'unavailable'}, xai: {fallback: 'never'}},
                profiles: {prod: {providers: {openai: {fallback: 'never'}, xai: {fallback: 'unavailable'}}}}
                """
            let strict = try vault.configured(rest, section: "timeout: '30s'", environment: environment)
            let lenient = try vault.configured(
                rest,
                section: "timeout: '30s', fallback: 'unavailable'",
                environment: environment
            )
            try await server.kill()
            let prod = KeyScope(profile: "prod")
            for resolver in [strict, lenient] {
                let key = try await resolver.getAPIKey(service: "openai")
                #expect(key?.value == "sk-openai")
                #expect(key?.provenance?.skippedSources.filter { !$0.isAbsence }.count == 1)
                #expect(await resolver.failure("openai", scope: prod)?.code == .unavailable)
                #expect(await resolver.failure("xai")?.code == .unavailable)
                #expect(try await resolver.value("xai", scope: prod) == "sk-xai")
            }
            #expect(await strict.failure("groq")?.code == .unavailable)
            #expect(try await lenient.value("groq") == "sk-groq")
        }
    }

    @Test("What is wrong for a provider is reported at once, with its place in the file")
    func mistakes() async throws {
        let vault = try await Vault()
        let error = #expect(throws: KeyResolutionError.self) {
            try vault.configured(
                """
                providers: {openai: {openbao: {pth: 'x', version: 0}}},
                profiles: {prod: {providers: {groq: {openbao: {path: 'a/../b'}}}}}
                """,
                section: "ttl: 5"
            )
        }
        let lines = error?.message.split(separator: "\n").map(String.init) ?? []
        #expect(lines.count == 4, "\(lines)")
        for (line, place) in zip(
            lines,
            [
                "plugins.openbao.ttl: ", "providers.openai.openbao.pth: unknown key. Did you mean 'path'?",
                "providers.openai.openbao.version: ", "profiles.prod.providers.groq.openbao.path: ",
            ]
        ) {
            #expect(line.contains(": \(place)"), "\(line)")
        }
    }
}
