import ExtensionHooks
import KeyHooks
import KeyHooksTesting
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(5))) struct WarmUpFailureTests {
    @Test func `One that fails spoils no other, and its failure is remembered`() async throws {
        let vault = BatchVault(services(5))
        vault.fail("own/service-1", denial)
        vault.fail("own/service-2", outage)
        vault.fail("own/service-3", LeakyError(description: "sk-quoted"))
        let fixture = try SourceFixture(try vault.keys(), environment: [:])
        let errors = await fixture.resolver.warmUp(services(6))
        #expect(
            errors.mapValues { ($0 as? KeyResolutionError)?.code } == [
                "service-1": .denied, "service-2": .unavailable, "service-3": .pluginFailed, "service-5": .absent,
            ]
        )
        #expect(!errors.values.contains { "\($0)".contains("sk-quoted") })
        #expect(vault.sizes == [6])
        #expect(await fixture.outcome("service-1") == "denied")
        #expect(await fixture.outcome("service-2") == "unavailable")
        #expect(vault.singles == [])
        vault.fail("own/service-2", denial)
        fixture.advance(2)
        #expect(await fixture.outcome("service-2") == "denied")
        #expect(vault.singles == ["own/service-2"])
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
        #expect(await fixture.outcome("service-1") == "sk-service-1")
        #expect(await fixture.resolver.failures(warmingUp: services(30)) == [:])
        #expect(vault.singles == ["own/service-1"])
        #expect(vault.sizes == [20, 20, 9])
    }

    @Test(arguments: [KeyResolutionError.Code.denied, .unsupported])
    func `Where many may not be read at once, each is read by itself`(_ code: KeyResolutionError.Code) async throws {
        let vault = BatchVault(services(30))
        vault.failMany(KeyResolutionError(code, "no", remedy: "none"))
        vault.fail("own/service-7", denial)
        let fixture = try SourceFixture(try vault.keys())
        #expect(await fixture.resolver.failures(warmingUp: services(30)) == ["service-7": "denied"])
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

    @Test func `A manager that asks for what it is just reading is refused at once`() async throws {
        let resolver = Mutex<KeyResolver?>(nil)
        let errors = Recording<KeyResolutionError.Code?>()
        let vault = BatchVault(services(3)) {
            for service in services(3) {
                do {
                    _ = try await resolver.withLock { $0 }?.getAPIKey(service: service)
                } catch {
                    errors.add((error as? KeyResolutionError)?.code)
                }
            }
        }
        let fixture = try SourceFixture(try vault.keys()) { $0.timeout = nil }
        resolver.withLock { $0 = fixture.resolver }
        #expect(await fixture.resolver.failures(warmingUp: services(3)) == [:])
        #expect(errors.events == [.pluginFailed, .pluginFailed, .pluginFailed])
    }

    @Test func `Nor does it wait for what waits for it`() async throws {
        let (resolver, vault) = (Mutex<KeyResolver?>(nil), ScriptedVault())
        let batch = BatchVault(services(3)) {
            _ = try? await resolver.withLock { $0 }?.getAPIKey(service: "openai")
        }
        vault.answer { _, _ in try await resolver.withLock { $0 }?.getAPIKey(service: "service-2")?.value }
        let registry = HookRegistry()
        let settings = SourceSettings(timeout: nil)
        try registry.register { hooks in
            hooks.answer(from: vault, id: "plain", services: ["openai"], settings: settings)
            hooks.answer(from: try! batch.keys(), id: "batch", services: ["service-*"], settings: settings)
        }
        let made = try KeyResolver(registry: registry, environment: [:])
        resolver.withLock { $0 = made }
        #expect(await made.failures(warmingUp: services(3)) == [:])
        #expect(vault.reads == ["openai"])
    }
}
