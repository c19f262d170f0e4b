import ExtensionHooks
import KeyHooks
import Testing

/// What a call gets over without the caller seeing it is reported, once.
struct ReportedOnceTests {
    private let environment = ["OPENAI_API_KEY": "sk-old", "AWS_REGION": "eu-1"]

    private func resolver(
        _ registry: HookRegistry,
        _ warnings: Recording<KeyWarning>,
        _ configuration: KeyConfiguration = KeyConfiguration()
    ) throws -> KeyResolver {
        try KeyResolver(
            configuration: configuration,
            registry: registry,
            environment: environment,
            pluginUse: .always,
            onWarning: { warnings.add($0) }
        )
    }

    @Test func `A source that has nothing is named with the weaker one that answers`() async throws {
        let registry = HookRegistry()
        try registry.register { hooks in
            hooks.onStart(.getAPIKey, id: "acme") { $0.skip("acme: team/key", reason: "no such secret") }
        }
        let warnings = Recording<KeyWarning>()
        let resolver = try resolver(registry, warnings)
        for _ in 0..<3 { #expect(try await resolver.getAPIKey(service: "openai")?.value == "sk-old") }
        _ = try resolver.cachedAPIKey(service: "openai")
        try #require(warnings.events.count == 1, "\(warnings.events)")
        #expect(warnings.events[0].code == .skippedSource && warnings.events[0].service == "openai")
        #expect(
            warnings.events[0].message
                .hasPrefix(
                    "acme: team/key (no such secret) has nothing for 'openai', so the key is from OPENAI_API_KEY in the "
                        + "process environment. "
                )
        )
        let provenance = try await resolver.getAPIKey(service: "openai")?.provenance
        #expect(provenance?.skippedSources.map(\.place) == ["acme: team/key"])
        #expect(provenance?.skippedSources.map(\.isAbsence) == [true])
        try resolver.reload()
        _ = try await resolver.getAPIKey(service: "openai")
        #expect(warnings.events.count == 2)
    }

    @Test func `Where nobody else has the key either, the error says it and no warning does`() async throws {
        let registry = HookRegistry()
        try registry.register { hooks in
            hooks.onStart(.getAPIKey, id: "acme") { $0.skip("acme: team/key", reason: "no such secret") }
        }
        let warnings = Recording<KeyWarning>()
        let resolver = try resolver(registry, warnings)
        #expect(try await resolver.getAPIKey(service: "groq") == nil)
        #expect(warnings.events.isEmpty)
    }

    @Test func `A rule that lets no plugin be asked is a way to say that it is meant`() async throws {
        let registry = HookRegistry()
        try registry.register { hooks in
            hooks.onStart(.getAPIKey, id: "acme") { $0.skip("acme: team/key", reason: "no such secret") }
        }
        let warnings = Recording<KeyWarning>()
        let settings = ProviderSettings(plugins: [])
        let resolver = try resolver(registry, warnings, KeyConfiguration(providers: ["openai": settings]))
        #expect(try await resolver.getAPIKey(service: "openai")?.value == "sk-old")
        #expect(warnings.events.isEmpty)
    }

    @Test func `A source for many services that lacks one is named in one short line, without its advice`() async throws
    {
        let registry = HookRegistry()
        try registry.register { hooks in
            hooks.onStart(.getAPIKey, id: "acme") { $0.skip("acme: team", reason: "no field A, B", isUsual: true) }
        }
        let warnings = Recording<KeyWarning>()
        let resolver = try resolver(registry, warnings)
        for _ in 0..<2 { #expect(try await resolver.getAPIKey(service: "openai")?.value == "sk-old") }
        #expect(
            warnings.events.map(\.message) == [
                "acme: team has no key for 'openai', so it is from OPENAI_API_KEY in the process environment"
            ]
        )
        #expect(warnings.events.map(\.code) == [.skippedSource])
        // One that may be misspelt is worth the whole advice, and is named alone.
        try registry.register { hooks in
            hooks.onStart(.getAPIKey, id: "other") { $0.skip("other: x", reason: "no such secret") }
        }
        try resolver.reload()
        _ = try await resolver.getAPIKey(service: "openai")
        #expect(warnings.events.last?.message.hasPrefix("other: x (no such secret) has nothing for 'openai'") == true)
    }

    @Test func `A constant is written on purpose, whatever stands before it`() async throws {
        let registry = HookRegistry()
        try registry.register { hooks in
            hooks.onStart(.getAPIKey, id: "acme") { $0.skip("acme: team/key", reason: "no such secret") }
        }
        let warnings = Recording<KeyWarning>()
        var settings = ProviderSettings()
        settings.constant = APIKey("lm-studio")
        let resolver = try resolver(registry, warnings, KeyConfiguration(providers: ["lm_studio": settings]))
        let key = try await resolver.getAPIKey(service: "lm_studio")
        #expect(key?.value == "lm-studio" && key?.provenance?.skippedSources.map(\.place) == ["acme: team/key"])
        #expect(warnings.events.isEmpty)
    }

    @Test func `A named field from elsewhere than the key is usual, and in the provenance only`() async throws {
        let registry = HookRegistry()
        try registry.register { hooks in
            hooks.onStart(.getSecret, id: "acme") { $0.skip("acme: team/aws", reason: "no field region") }
        }
        let warnings = Recording<KeyWarning>()
        let resolver = try resolver(registry, warnings)
        let region = try await resolver.getSecret(service: "bedrock", field: "region")
        #expect(region?.value == "eu-1" && region?.provenance?.skippedSources.map(\.place) == ["acme: team/aws"])
        #expect(warnings.events.isEmpty)
    }

    @Test func `A hook that fails at the end leaves one remark, and the key is given`() async throws {
        let registry = HookRegistry()
        try registry.register { hooks in
            hooks.onEnd(.getAPIKey, id: "audit/log") { _ in throw LeakyError(description: "sk-leak") }
        }
        try registry.register { hooks in
            hooks.onEnd(.getAPIKey, id: "acme/end") { _ async throws in
                throw KeyResolutionError(.pluginFailed, "plugin 'acme': crashed: it ended", remedy: "fix it")
            }
        }
        let warnings = Recording<KeyWarning>()
        let resolver = try resolver(registry, warnings)
        for service in ["openai", "openai", "groq"] as [Service] { _ = try await resolver.getAPIKey(service: service) }
        #expect(
            warnings.events.map(\.message) == [
                "hook 'audit/log' (end): KeyHooksTests.LeakyError", "plugin 'acme' (end): crashed: it ended",
            ]
        )
        #expect(warnings.events.allSatisfy { $0.code == .endHook })
    }

    @Test func `A plugin is called so in errors, in warnings and in the source of a key`() async throws {
        let registry = HookRegistry()
        try registry.register { hooks in hooks.onStart(.getAPIKey, id: "acme") { $0.answer(APIKey("sk-acme")) } }
        try registry.register { hooks in
            hooks.onEnd(.getAPIKey, id: "audit") { _ in throw LeakyError(description: "sk-leak") }
        }
        let warnings = Recording<KeyWarning>()
        let key = try #require(try await resolver(registry, warnings).getAPIKey(service: "openai"))
        #expect(key.provenance?.source.description == "plugin 'acme'")
        #expect(KeyProvenance.Source.hook("acme/vault", detail: "kv/ai").description == "hook 'acme/vault' (kv/ai)")
        #expect(warnings.events.map(\.message) == ["plugin 'audit' (end): KeyHooksTests.LeakyError"])
    }

    @Test func `It does so where the call is denied, and not where its failure ends the call`() async throws {
        let registry = HookRegistry()
        try registry.register { hooks in hooks.onStart(.getAPIKey, id: "guard") { $0.deny("not you") } }
        try registry.register { hooks in
            hooks.onEnd(.getAPIKey, id: "audit") { _ in throw LeakyError(description: "sk-leak") }
        }
        let warnings = Recording<KeyWarning>()
        let denied = try resolver(registry, warnings)
        let error = try await failure { try await denied.getAPIKey(service: "openai") }
        #expect(error.code == .denied && warnings.events.map(\.code) == [.endHook])
        let strict = HookRegistry()
        try strict.register { hooks in
            hooks.onEnd(.getAPIKey, id: "audit", onFailure: .fail) { _ in throw LeakyError(description: "sk-leak") }
        }
        let others = Recording<KeyWarning>()
        let failing = try resolver(strict, others)
        #expect(try await failure { try await failing.getAPIKey(service: "openai") }.code == .pluginFailed)
        #expect(others.events.isEmpty)
    }
}
