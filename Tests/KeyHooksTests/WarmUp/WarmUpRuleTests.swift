import ExtensionHooks
import KeyHooks
import KeyHooksTesting
import Testing

/// Who is asked for what in a warm-up.
@Suite(.timeLimit(.minutes(5))) struct WarmUpRuleTests {
    @Test func `A denial of a hook holds, and concerns no other key`() async throws {
        let vault = BatchVault(services(3))
        let fixture = try SourceFixture(try vault.keys())
        try fixture.registry.register { hooks in
            hooks.onStart(.getAPIKey, id: "guard", before: ["team-vault"]) { call in
                if call.arguments.service == "service1" { call.deny("not you") }
            }
        }
        #expect(await fixture.resolver.failures(warmingUp: services(3)) == ["service1": "denied"])
        #expect(await fixture.outcome("service1") == "denied")
        #expect(await fixture.outcome("service2") == "sk-service2")
        #expect(vault.requests.count == 1)
    }

    @Test func `A source isn't asked for services that it was excluded for`() async throws {
        let (vault, registry) = (BatchVault(services(6)), HookRegistry())
        let keys = try vault.keys(hosted: ServiceFilter(["service*"]))
        try registry.register { hooks in
            hooks.answer(from: keys, id: "team-vault")
            hooks.onStart(.getAPIKey, id: "other") { call in
                if call.arguments.service == "service1" { call.answer(APIKey("sk-other")) }
            }
        }
        let providers: [Service: ProviderSettings] = [
            "service0": ProviderSettings(plugins: []), "service1": ProviderSettings(plugins: ["other"]),
        ]
        let resolver = try KeyResolver(
            configuration: KeyConfiguration(providers: providers),
            registry: registry,
            environment: ["OPENAI_API_KEY": "sk-env", "GROQ_API_KEY": "sk-env"]
        )
        let failures = await resolver.failures(warmingUp: services(6) + ["openai", "groq"])
        #expect(failures == ["service0": "absent"])
        #expect(vault.asked.sorted() == services(6).dropFirst(2).map { "own/\($0)" })
    }

    @Test func `Nor while plugins are switched off`() async throws {
        let vault = BatchVault(services(3))
        let registry = HookRegistry()
        try registry.register { [keys = try vault.keys()] in $0.answer(from: keys, id: "team-vault") }
        let resolver = try KeyResolver(registry: registry, environment: [:], pluginUse: .never)
        #expect(await resolver.failures(warmingUp: services(3)).count == 3)
        #expect(try await failure { try await resolver.warmUp(tagged: ["app": "agent"]) }.code == .unsupported)
        #expect(vault.requests == [])
    }

    private func resolver(_ sources: [(id: HookID, source: any KeySource)]) throws -> KeyResolver {
        let registry = HookRegistry()
        for (index, (id, source)) in sources.enumerated() {
            func add(_ source: some KeySource) throws {
                try registry.register { $0.answer(from: source, id: id, priority: index) }
            }
            try add(source)
        }
        return try KeyResolver(registry: registry, environment: [:])
    }

    @Test func `A weaker source is asked for what the stronger one has nothing for`() async throws {
        let (strong, weak) = (BatchVault(Array(services(30).prefix(10))), BatchVault(services(30)))
        let resolver = try resolver([("strong", try strong.keys()), ("weak", try weak.keys())])
        #expect(await resolver.failures(warmingUp: services(30)) == [:])
        #expect(strong.sizes == [20, 10])
        #expect(weak.sizes == [20])
        #expect(weak.asked.sorted() == services(30).dropFirst(10).map { "own/\($0)" }.sorted())
        #expect(strong.singles + weak.singles == [])
    }

    @Test func `Nobody is asked ahead of a stronger source that reads one by one`() async throws {
        let (plain, batch) = (ScriptedVault(), BatchVault(services(4)))
        plain.answer { request, _ in request.service == "service3" ? nil : "sk-plain" }
        let resolver = try resolver([("plain", plain), ("batch", try batch.keys())])
        #expect(await resolver.failures(warmingUp: services(4)) == [:])
        #expect(batch.requests == [.one("own/service3")])
    }

    @Test func `A failure that the user allows to be skipped leaves the key to a weaker source`() async throws {
        let (strong, weak) = (BatchVault(services(4)), BatchVault(services(4)))
        strong.failMany(outage)
        let registry = HookRegistry()
        let keys = (try strong.keys(), try weak.keys())
        try registry.register { hooks in
            let settings = SourceSettings(fallback: .unavailable)
            hooks.answer(from: keys.0, id: "strong", priority: 1, settings: settings)
            hooks.answer(from: keys.1, id: "weak", priority: 2)
        }
        let resolver = try KeyResolver(registry: registry, environment: [:])
        #expect(await resolver.failures(warmingUp: services(4)) == [:])
        #expect(strong.requests.count == 1)
        #expect(weak.sizes == [4])
    }

    @Test func `The scope is part of what is read`() async throws {
        let vault = BatchVault()
        for service in services(3) { vault.write("sk-\(service)", to: "acme/\(service)") }
        let secrets = ManagedSecrets(in: vault, named: "team-vault")
        let fixture = try SourceFixture(try secrets.keys(at: "{tenant}/{service}"), environment: [:])
        let acme = KeyScope(tenant: "acme")
        #expect(await fixture.resolver.failures(warmingUp: services(3), scope: acme) == [:])
        #expect(vault.sizes == [3])
        let failures = await fixture.resolver.failures(warmingUp: services(3))
        #expect(failures.count == 3 && Set(failures.values) == ["invalidScope"])
        #expect(vault.requests.count == 1)
    }

    @Test func `No more is read together than the cache keeps`() async throws {
        let vault = BatchVault(services(50))
        let fixture = try SourceFixture(try vault.keys()) { $0.cache.capacity = 40 }
        #expect(await fixture.resolver.failures(warmingUp: services(50)) == [:])
        #expect(vault.sizes == [20, 20])
        #expect(fixture.statistics.count == 40)
    }
}
