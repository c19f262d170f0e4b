import ExtensionHooks
import KeyHooks
import KeyHooksTesting
import Testing

@Suite(.timeLimit(.minutes(5))) struct WarmUpTagTests {
    private func vault(_ count: Int, prefix: String = "") -> BatchVault {
        let vault = BatchVault()
        for service in services(count) {
            vault.write("sk-\(service)", to: "\(prefix)own/\(service)", tags: ["app=agent"])
        }
        return vault
    }

    @Test(arguments: ["", "prod/"])
    func `What has the tags is read page by page and kept under its name`(_ prefix: String) async throws {
        let vault = vault(45, prefix: prefix)
        vault.write("sk-x", to: "\(prefix)own/openai", tags: ["app=other"])
        vault.write("sk-y", to: "elsewhere", tags: ["app=agent"])
        let fixture = try SourceFixture(try vault.keys(prefix: prefix))
        try await fixture.resolver.warmUp(tagged: ["app": "agent"])
        #expect(vault.requests == [nil, "20", "40"].map { .tagged("app=agent", page: $0) })
        #expect(try fixture.resolver.kept(services(45)) == services(45).map { "sk-\($0)" })
        for service in services(45) { #expect(await fixture.outcome(service) == "sk-\(service)") }
        #expect(vault.requests.count == 3)
        #expect(await fixture.outcome("openai") == "sk-x")
        #expect(vault.requests.count == 4)
    }

    @Test func `A service with a TTL of its own needs no request either`() async throws {
        var short = ProviderSettings()
        short.timeToLive = .seconds(50)
        let vault = vault(3)
        let fixture = try SourceFixture(try vault.keys(), providers: ["service1": short])
        try await fixture.resolver.warmUp(tagged: ["app": "agent"])
        #expect(try fixture.resolver.kept(services(3)) == services(3).map { "sk-\($0)" })
        fixture.advance(50)
        #expect(await fixture.outcome("service1") == "sk-service1")
        #expect(await fixture.outcome("service2") == "sk-service2")
        #expect(vault.singles == ["own/service1"])
    }

    @Test func `It stops where the cache is full, and takes no room from what is kept`() async throws {
        let vault = vault(100)
        vault.write("sk-openai", to: "own/openai")
        let fixture = try SourceFixture(try vault.keys()) { $0.cache.capacity = 30 }
        #expect(await fixture.outcome() == "sk-openai")
        try await fixture.resolver.warmUp(tagged: ["app": "agent"])
        #expect(vault.requests.count == 3)
        #expect(fixture.statistics.count == 30)
        #expect(fixture.statistics.evictions == 0)
        #expect(try fixture.resolver.kept(["openai"]) == ["sk-openai"])
    }

    @Test func `What is fresh stays`() async throws {
        let vault = vault(3)
        let fixture = try SourceFixture(try vault.keys())
        #expect(await fixture.outcome("service1") == "sk-service1")
        fixture.advance(50)
        vault.write("new", to: "own/service1", tags: ["app=agent"])
        vault.write("new", to: "own/service2", tags: ["app=agent"])
        try await fixture.resolver.warmUp(tagged: ["app": "agent"])
        #expect(try fixture.resolver.kept(services(3)) == ["sk-service0", "sk-service1", "new"])
    }

    @Test func `Nothing of a page is kept that was read while something was forgotten`() async throws {
        let (resolver, pages) = (Recording<KeyResolver>(), Recording<Int>())
        let vault = BatchVault {
            pages.add(1)
            if pages.events.count == 2 { resolver.events.last?.invalidate("service9") }
        }
        for service in services(50) { vault.write("sk-\(service)", to: "own/\(service)", tags: ["app=agent"]) }
        let fixture = try SourceFixture(try vault.keys())
        resolver.add(fixture.resolver)
        try await fixture.resolver.warmUp(tagged: ["app": "agent"])
        #expect(vault.requests.count == 3)
        // The first page went as well: nobody knows yet whose its secrets are.
        #expect(fixture.statistics.count == 10)
    }

    @Test func `Every failure is thrown, of several the first, after all were asked`() async throws {
        let (broken, sound) = (BatchVault(), vault(3))
        broken.failMany(outage)
        let registry = HookRegistry()
        let keys = (try broken.keys(), try sound.keys())
        try registry.register { hooks in
            hooks.answer(from: keys.0, id: "broken")
            hooks.answer(from: keys.1, id: "sound")
        }
        let resolver = try KeyResolver(registry: registry, environment: [:])
        #expect(try await failure { try await resolver.warmUp(tagged: ["app": "agent"]) }.code == .unavailable)
        #expect(sound.requests.count == 1)
        #expect(try await failure { try await resolver.warmUp(tagged: [:]) }.code == .invalidConfiguration)
    }

    @Test func `Where nobody can read by tags that is said`() async throws {
        struct Tagless: BatchReadableSecretManager {
            func secret(_ name: SecretName, _ options: SecretOptions) async throws -> StoredSecret? { nil }

            func secrets(
                _ names: [SecretName],
                _ options: SecretOptions
            ) async throws -> [SecretName: Result<StoredSecret?, any Error>] { [:] }
        }
        for source in [try Tagless().keys(at: "a/{service}"), try MemorySecretManager().keys(at: "a/{service}")] {
            let fixture = try SourceFixture(source)
            let error = try await failure { try await fixture.resolver.warmUp(tagged: ["app": "agent"]) }
            #expect(error.code == .unsupported)
        }
    }

    @Test func `One who is cancelled gets that, and no other page is read`() async throws {
        let vault = vault(50)
        vault.hold()
        let fixture = try SourceFixture(try vault.keys())
        let warmUp = Task { try await fixture.resolver.warmUp(tagged: ["app": "agent"]) }
        try await until { vault.requests.count == 1 }
        warmUp.cancel()
        await #expect(throws: CancellationError.self) { try await warmUp.value }
        vault.hold(false)
        #expect(vault.requests.count == 1)
    }
}
