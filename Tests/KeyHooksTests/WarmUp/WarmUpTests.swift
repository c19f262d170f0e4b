import ExtensionHooks
import KeyHooks
import KeyHooksTesting
import Testing

@Suite(.timeLimit(.minutes(5))) struct WarmUpTests {
    @Test(arguments: [(2, 1), (20, 1), (21, 2), (45, 3), (450, 23)])
    func `Many secrets are read with one request a page, and kept`(_ count: Int, _ requests: Int) async throws {
        let services = services(count)
        let vault = BatchVault(services)
        let fixture = try SourceFixture(try vault.keys())
        #expect(await fixture.resolver.failures(warmingUp: services) == [:])
        #expect(vault.sizes.count == requests)
        #expect(vault.singles == [])
        #expect(vault.asked.count == count)
        #expect(try fixture.resolver.kept(services) == services.map { "sk-\($0)" })
        // What is fresh isn't read again.
        #expect(await fixture.resolver.failures(warmingUp: services) == [:])
        #expect(vault.sizes.count == requests)
    }

    @Test func `One secret is read as ever`() async throws {
        let vault = BatchVault(["openai"])
        let fixture = try SourceFixture(try vault.keys())
        #expect(await fixture.resolver.failures(warmingUp: ["openai", "openai"]) == [:])
        #expect(vault.requests == [.one("own/openai")])
    }

    @Test func `A thousand services of one secret are one read`() async throws {
        let (vault, services) = (BatchVault(), services(1_000))
        let names = services.map { ServiceCatalogue.standard.definition(of: $0).variables[0].name }
        let fields = Dictionary(uniqueKeysWithValues: names.map { ($0, "sk-\($0)") })
        vault.write(.fields(fields), to: "bundle")
        let secrets = ManagedSecrets(in: vault, named: "team-vault")
        let fixture = try SourceFixture(try secrets.keys(at: "bundle"), environment: [:])
        #expect(await fixture.resolver.failures(warmingUp: services) == [:])
        #expect(vault.requests == [.one("bundle")])
        #expect(try fixture.resolver.kept(services) == names.map { "sk-\($0)" })
    }

    @Test func `A plain source is asked for each key once, at most sixteen at a time`() async throws {
        let (vault, services, running) = (ScriptedVault(), services(100), Recording<Int>())
        vault.answer { request, _ in
            running.add(1)
            for _ in 0..<5 { await Task.yield() }
            running.add(-1)
            return request.service == "service3" ? nil : "sk-\(request.service)"
        }
        let fixture = try SourceFixture(vault, environment: [:])
        #expect(await fixture.resolver.failures(warmingUp: services) == ["service3": "absent"])
        #expect(vault.reads.sorted() == services.map(\.id).sorted())
        let (_, most) = running.events.reduce((now: 0, most: 0)) { ($0.now + $1, max($0.most, $0.now + $1)) }
        #expect((2...16).contains(most))
        #expect(try fixture.resolver.kept(services).compactMap(\.self).count == 99)
    }

    @Test func `Who asks meanwhile joins the read, and may leave it`() async throws {
        let vault = BatchVault(services(3))
        vault.hold()
        let fixture = try SourceFixture(try vault.keys())
        let warmUp = Task { await fixture.resolver.failures(warmingUp: services(3)) }
        try await until { vault.requests.count == 1 }
        let patient = Task { await fixture.outcome("service1") }
        let impatient = Task { await fixture.outcome("service2") }
        try await until { fixture.statistics.misses == 3 }
        impatient.cancel()
        #expect(await impatient.value == "CancellationError")
        vault.hold(false)
        #expect(await patient.value == "sk-service1")
        #expect(await warmUp.value == [:])
        #expect(vault.sizes == [3])
        #expect(vault.singles == [])
        #expect(try fixture.resolver.kept(services(3)).compactMap(\.self).count == 3)
    }

    @Test func `What is invalidated meanwhile isn't kept of the read, and the others are`() async throws {
        let vault = BatchVault(services(3))
        vault.hold()
        let fixture = try SourceFixture(try vault.keys())
        let warmUp = Task { await fixture.resolver.failures(warmingUp: services(3)) }
        try await until { vault.requests.count == 1 }
        fixture.resolver.invalidate("service1")
        vault.hold(false)
        #expect(await warmUp.value == [:])
        // The second read is of the call that a warm-up ends with.
        #expect(vault.requests.count == 2)
        #expect(vault.singles == ["own/service1"])
    }

    @Test func `A service that needs no key is no failure, one that nobody has a key for is`() async throws {
        let vault = BatchVault(["openai", "groq"])
        let fixture = try SourceFixture(try vault.keys(), environment: [:])
        let failures = await fixture.resolver.failures(warmingUp: ["openai", "groq", "ollama", "xai", "a/b"])
        #expect(failures == ["xai": "absent", "a/b": "invalidService"])
        #expect(vault.sizes == [4])
        #expect(vault.singles == [])
    }

    @Test func `Aliases are one key, and failures have the name that was asked for`() async throws {
        let vault = BatchVault(["openai"])
        let definition = ServiceCatalogue.standard.definition(of: "gemini")
        let names = Array(([definition.service] + definition.aliases).prefix(2))
        let fixture = try SourceFixture(try vault.keys(), environment: [:])
        let failures = await fixture.resolver.failures(warmingUp: ["openai"] + names)
        #expect(failures == [names[0]: "absent", names[1]: "absent"])
        #expect(vault.sizes == [2])
    }

    @Test func `Values that are due are renewed together`() async throws {
        let vault = BatchVault(services(3))
        let fixture = try SourceFixture(try vault.keys())
        _ = await fixture.resolver.warmUp(services(3))
        for service in services(3) { vault.write("new-\(service)", to: "own/\(service)") }
        fixture.advance(80)
        #expect(await fixture.resolver.failures(warmingUp: services(3)) == [:])
        #expect(vault.sizes == [3, 3])
        #expect(vault.singles == [])
        // The old ones are good meanwhile.
        try await until { (try? fixture.resolver.kept(services(3))) == services(3).map { "new-\($0)" } }
        #expect(vault.requests.count == 2)
    }

    @Test func `One who is cancelled learns it of each key, and asks for nothing more`() async throws {
        let vault = BatchVault(services(300))
        vault.hold()
        let fixture = try SourceFixture(try vault.keys())
        let warmUp = Task { await fixture.resolver.failures(warmingUp: services(300)) }
        try await until { vault.requests.count == 1 }
        warmUp.cancel()
        #expect(Set(await warmUp.value.values) == ["CancellationError"])
        vault.hold(false)
        // What was begun goes on, as others may wait for it.
        try await until { fixture.statistics.count == 200 }
        #expect(vault.sizes.count == 10)
    }

    @Test func `A key that a version or no TTL is wanted of is read by itself`() async throws {
        var (versioned, unkept) = (ProviderSettings(), ProviderSettings())
        versioned["team-vault"] = ["secret": "own/service0", "version": "3"]
        unkept.timeToLive = .zero
        let vault = BatchVault(services(4))
        let fixture = try SourceFixture(
            try vault.keys(),
            providers: ["service0": versioned, "service1": unkept]
        )
        #expect(await fixture.resolver.failures(warmingUp: services(4)) == [:])
        #expect(vault.sizes == [2])
        #expect(vault.singles.sorted() == ["own/service0", "own/service1"])
    }

    @Test func `One secret under two TTLs is asked for once`() async throws {
        var short = ProviderSettings()
        short.timeToLive = .seconds(50)
        short["team-vault"] = ["secret": "own/service1"]
        let vault = BatchVault(services(3))
        let fixture = try SourceFixture(try vault.keys(), providers: ["service0": short])
        #expect(await fixture.resolver.failures(warmingUp: services(3)) == [:])
        #expect(vault.asked.sorted() == ["own/service1", "own/service2"])
        fixture.advance(60)
        #expect(try fixture.resolver.cachedAPIKey(service: "service1")?.value == "sk-service1")
        #expect(await fixture.outcome("service0") == "sk-service1")
        #expect(vault.singles == ["own/service1"])
    }
}
