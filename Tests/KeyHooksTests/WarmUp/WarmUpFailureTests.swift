import ExtensionHooks
import KeyHooks
import KeyHooksTesting
import Testing

@Suite(.timeLimit(.minutes(5))) struct WarmUpFailureTests {
    @Test func `One that fails spoils no other, and its failure is remembered`() async throws {
        let vault = BatchVault(services(5))
        vault.fail("own/service1", denial)
        vault.fail("own/service2", outage)
        vault.fail("own/service3", LeakyError(description: "sk-quoted"))
        let fixture = try SourceFixture(try vault.keys(), environment: [:])
        let errors = await fixture.resolver.warmUp(services(6))
        #expect(
            errors.mapValues { ($0 as? KeyResolutionError)?.code } == [
                "service1": .denied, "service2": .unavailable, "service3": .pluginFailed, "service5": .absent,
            ]
        )
        #expect(!errors.values.contains { "\($0)".contains("sk-quoted") })
        #expect(vault.sizes == [6])
        #expect(await fixture.outcome("service1") == "denied")
        #expect(await fixture.outcome("service2") == "unavailable")
        #expect(vault.singles == [])
        vault.fail("own/service2", denial)
        fixture.advance(2)
        #expect(await fixture.outcome("service2") == "denied")
        #expect(vault.singles == ["own/service2"])
    }

    @Test func `An outage is one request, and keys are read as ever after it`() async throws {
        let vault = BatchVault(services(30))
        vault.failMany(outage)
        let fixture = try SourceFixture(try vault.keys())
        let failures = await fixture.resolver.failures(warmingUp: services(30))
        #expect(failures.count == 30 && Set(failures.values) == ["unavailable"])
        #expect(vault.requests.count == 1)
        vault.failMany(nil)
        fixture.advance(2)
        #expect(await fixture.outcome("service1") == "sk-service1")
        #expect(await fixture.resolver.failures(warmingUp: services(30)) == [:])
        #expect(vault.singles == ["own/service1"])
        #expect(vault.sizes == [20, 20, 9])
    }

    @Test(arguments: [KeyResolutionError.Code.denied, .unsupported])
    func `Where many may not be read at once, each is read by itself`(_ code: KeyResolutionError.Code) async throws {
        let vault = BatchVault(services(30))
        vault.failMany(KeyResolutionError(code, "no", remedy: "none"))
        vault.fail("own/service7", denial)
        let fixture = try SourceFixture(try vault.keys())
        #expect(await fixture.resolver.failures(warmingUp: services(30)) == ["service7": "denied"])
        #expect(vault.singles.sorted() == services(30).map { "own/\($0)" }.sorted())
    }

    @Test func `A manager that says nothing of a name hasn't said that it has none`() async throws {
        struct Silent: BatchReadableSecretManager {
            func secret(_ name: SecretName, _ options: SecretOptions) async throws -> StoredSecret? { nil }

            func secrets(
                _ names: [SecretName],
                _ options: SecretOptions
            ) async throws -> [SecretName: Result<StoredSecret?, any Error>] { [names[0]: .success(nil)] }
        }
        let keys = try Silent().keys(at: "own/{service}")
        let fixture = try SourceFixture(keys, environment: [:])
        let failures = await fixture.resolver.failures(warmingUp: services(3))
        #expect(failures.values.sorted() == ["absent", "pluginFailed", "pluginFailed"])
    }

    @Test func `A read that hangs ends at its deadline for all, and its task is cancelled`() async throws {
        let (vault, hasEnded) = (
            BatchVault(services(3)) { try await untilCancelled() }, Recording<Bool>()
        )
        let fixture = try SourceFixture(try vault.keys()) { $0.timeout = .seconds(10) }
        let warmUp = Task {
            let failures = await fixture.resolver.failures(warmingUp: services(3))
            hasEnded.add(true)
            return failures
        }
        for _ in 1...3 { await fixture.clock.someoneSleeps() }
        fixture.clock.advance(by: .seconds(9))
        #expect(hasEnded.events.isEmpty)
        fixture.clock.advance(by: .seconds(1))
        #expect(Set(await warmUp.value.values) == ["timedOut"])
        #expect(vault.requests.count == 1)
    }

    /// Reads together, and asks for the key of a service while it does.
    private struct Asking: BatchReadableSource {
        let other: Service
        var mayAsk: @Sendable () -> Bool = { true }
        let begun = Recording<Int>()
        let resolver = Recording<KeyResolver>()
        let errors = Recording<KeyResolutionError.Code?>()
        let readsTogether = true

        func canReadTogether(_ location: KeyRequest) -> Bool { true }

        func read(_ location: KeyRequest) async throws -> String? {
            try await resolver.events.last?.getAPIKey(service: other).map { "of \($0.value)" }
        }

        func read(together locations: [KeyRequest]) async -> [Result<String?, any Error>] {
            begun.add(locations.count)
            do {
                try await until(mayAsk)
                _ = try await resolver.events.last?.getAPIKey(service: other)
            } catch {
                errors.add((error as? KeyResolutionError)?.code)
            }
            return locations.map { .success("sk-\($0.service)") }
        }

        func read(tagged tags: [String: String], _ keep: ([(location: KeyRequest, reading: String?)]) -> Bool) {}
    }

    @Test(arguments: services(3))
    func `A source that asks for what it is just reading is refused at once`(_ other: Service) async throws {
        let source = Asking(other: other)
        let fixture = try SourceFixture(source, environment: [:]) { $0.timeout = nil }
        source.resolver.add(fixture.resolver)
        #expect(await fixture.resolver.failures(warmingUp: services(3)) == [:])
        #expect(source.errors.events == [.pluginFailed])
        #expect(try fixture.resolver.kept(services(3)) == services(3).map { "sk-\($0)" })
    }

    @Test(arguments: services(3), [false, true])
    func `Nor does it wait for what waits for it, whoever began that`(_ last: Service, _ isOthers: Bool) async throws {
        let (vault, resolver) = (ScriptedVault(), Recording<KeyResolver>())
        var source = Asking(other: "openai")
        // The other read waits for one of these before it is asked for, as the warm-up does.
        if isOthers { source.mayAsk = { (resolver.events.last?.cacheStatistics["batch"]?.misses ?? 0) >= 2 } }
        vault.answer { _, _ in try await resolver.events.last?.getAPIKey(service: last)?.value }
        let registry = HookRegistry()
        let (settings, batch) = (SourceSettings(timeout: nil), source)
        try registry.register { hooks in
            hooks.answer(from: vault, id: "plain", services: ["openai"], settings: settings)
            hooks.answer(from: batch, id: "batch", services: ["service*"], settings: settings)
        }
        let made = try KeyResolver(registry: registry, environment: [:])
        resolver.add(made)
        source.resolver.add(made)
        let warmUp = Task { await made.failures(warmingUp: services(3)) }
        if isOthers {
            try await until { source.begun.events == [3] }
            // The key of the one is then that of the other.
            #expect(try await made.getAPIKey(service: "openai")?.value == "sk-\(last)")
        }
        #expect(await warmUp.value == [:])
        #expect(source.errors.events == [.pluginFailed])
        #expect(vault.reads == ["openai"])
    }
}
