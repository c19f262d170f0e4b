import ExtensionHooks
import KeyHooks
import Testing

/// The key for code that cannot wait.
@Suite(.timeLimit(.minutes(5))) struct CachedKeyTests {
    let vault: CachedVault

    init() throws {
        vault = try CachedVault()
    }

    /// What comes of asking without waiting, in one line.
    private func outcome(
        _ resolver: KeyResolver,
        _ service: Service = "openai",
        maximumAge: Duration? = nil
    ) -> String {
        do {
            let key = try resolver.cachedAPIKey(service: service, maximumAge: maximumAge)
            return key.map { $0.value + ($0.provenance?.isStale == true ? " stale" : "") } ?? "nil"
        } catch {
            return (error as? KeyResolutionError)?.code.description ?? "\(type(of: error))"
        }
    }

    @Test func `Nothing kept is nil, nothing is begun, and nobody weaker answers`() throws {
        let resolver = try vault.resolver()
        #expect(outcome(resolver) == "nil")
        #expect(vault.source.count == 0 && resolver.cacheStatistics == [vault.id.plugin: CacheStatistics()])
    }

    @Test func `What is kept is given, under any name of the service`() async throws {
        let resolver = try vault.resolver()
        _ = try await resolver.getAPIKey(service: "openai")
        #expect(outcome(resolver) == "openai1" && outcome(resolver, "chatgpt") == "openai1")
        #expect(vault.source.reads == ["openai"])
        #expect(
            try resolver.cachedAPIKey(service: "openai")?.provenance?.source == .hook(vault.id, detail: "vault/openai")
        )
    }

    /// Seconds after the first read, whether the source fails by then and has been asked, and what comes of it.
    @Test(arguments: [
        (74, false, "openai1"), (80, false, "openai1"), (100, false, "nil"), (100, true, "openai1 stale"),
        (149, true, "openai1 stale"), (150, true, "unavailable"),
    ])
    func `It is given as long as it may be`(seconds: Int, isFailing: Bool, expected: String) async throws {
        let resolver = try vault.resolver()
        _ = try await resolver.getAPIKey(service: "openai")
        vault.fixture.advance(Double(seconds))
        vault.source.fail()
        if isFailing { _ = try? await resolver.getAPIKey(service: "openai") }
        #expect(outcome(resolver) == expected)
        try await vault.fixture.settle("openai")
    }

    @Test(arguments: [
        (Duration.zero, "nil"), (.seconds(60), "nil"), (.seconds(61), "openai1"),
    ])
    func `What is too old for the call is not given`(maximumAge: Duration, expected: String) async throws {
        let resolver = try vault.resolver()
        _ = try await resolver.getAPIKey(service: "openai")
        vault.fixture.advance(60)
        #expect(outcome(resolver, maximumAge: maximumAge) == expected)
    }

    @Test(arguments: [(outage, "unavailable"), (denial, "denied")])
    func `A failure is thrown while it is remembered, then there is nothing`(
        error: KeyResolutionError,
        expected: String
    ) async throws {
        let resolver = try vault.resolver()
        vault.source.fail(error)
        _ = try? await resolver.getAPIKey(service: "openai")
        #expect(outcome(resolver) == expected)
        vault.fixture.advance(1)
        #expect(outcome(resolver) == "nil")
        #expect(vault.source.count == 1)
    }

    @Test func `An absence that is kept leaves it to the environment`() async throws {
        let resolver = try vault.resolver()
        vault.source.bring(.absence("no such secret"))
        _ = try await resolver.getAPIKey(service: "openai")
        _ = try await resolver.getAPIKey(service: "mistral")
        #expect(outcome(resolver) == "sk-env" && outcome(resolver, "mistral") == "nil")
        #expect(vault.source.count == 2)
    }

    /// Of hooks beside the vault, which has the key kept.
    enum Neighbour: CaseIterable, Sendable {
        case waitsInFront, waitsBehind, waitsAtTheEnd, deniesInFront, failsInFront, cancelsInFront, isEmptyInFront
    }

    @Test(
        arguments: zip(
            Neighbour.allCases,
            ["nil", "openai1", "nil", "denied", "pluginFailed", "CancellationError", "pluginFailed"]
        )
    )
    func `Other hooks are asked as ever, and one that waits in front is not passed over`(
        neighbour: Neighbour,
        expected: String
    ) async throws {
        let resolver = try vault.resolver()
        _ = try await resolver.getAPIKey(service: "openai")
        try resolver.registry.register { hooks in
            switch neighbour {
            case .waitsInFront: hooks.onStart(.getAPIKey, id: "other", priority: 1) { _ in await Task.yield() }
            case .waitsBehind: hooks.onStart(.getAPIKey, id: "other", priority: 900) { _ in await Task.yield() }
            case .waitsAtTheEnd: hooks.onEnd(.getAPIKey, id: "other") { _ in await Task.yield() }
            case .deniesInFront: hooks.onStart(.getAPIKey, id: "other", priority: 1) { $0.deny("guests have none") }
            case .failsInFront:
                hooks.onStart(.getAPIKey, id: "other", priority: 1) { _ in throw LeakyError(description: "no") }
            case .cancelsInFront:
                hooks.onStart(.getAPIKey, id: "other", priority: 1) { $0.result = .failure(CancellationError()) }
            case .isEmptyInFront: hooks.onStart(.getAPIKey, id: "other", priority: 1) { $0.answer(APIKey(" ")) }
            }
        }
        #expect(outcome(resolver) == expected)
    }

    @Test(arguments: [("groq", "gsk-env"), ("ollama", "nil"), ("mistral", "nil"), ("open/ai", "invalidService")])
    func `Without plugins it is what the environment has`(name: String, expected: String) throws {
        let registry = HookRegistry()
        try vault.register(in: registry)
        let environment = ["GROQ_API_KEY": "gsk-env"]
        let off = try KeyResolver(registry: registry, environment: environment, pluginUse: .never)
        let bare = try KeyResolver(environment: environment)
        #expect(outcome(off, Service(name)) == expected && outcome(bare, Service(name)) == expected)
    }

    @Test func `A hook that asks for its own key without waiting is stopped`() throws {
        let registry = HookRegistry()
        let resolver = try KeyResolver(registry: registry, environment: [:])
        try registry.register { hooks in
            hooks.onStart(.getAPIKey, id: "acme/loop") { [weak resolver] call in
                if let key = try resolver?.cachedAPIKey(service: call.arguments.service) { call.answer(key) }
            }
        }
        #expect(outcome(resolver) == "pluginFailed")
    }
}
