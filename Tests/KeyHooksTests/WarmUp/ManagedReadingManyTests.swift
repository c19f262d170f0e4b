import KeyHooks
import KeyHooksTesting
import Testing

@Suite(.timeLimit(.minutes(5))) struct ManagedReadingManyTests {
    private func names(_ texts: [String]) throws -> [SecretName] { try texts.map { try SecretName($0) } }

    @Test func `Many secrets are read under the prefix, by the names that callers use`() async throws {
        let vault = BatchVault()
        vault.write("1", to: "prod/a")
        vault.write("2", to: "b")
        vault.fail("prod/c", denial)
        let secrets = ManagedSecrets(in: vault, named: "team", prefix: "prod/")
        let long = String(repeating: "x", count: 2_048)
        let read = try await secrets.read(names(["a", "b", "c", long, "a"]))
        #expect(read.count == 4)
        #expect(try read[SecretName("a")]?.get()?.content.text == "1")
        #expect(try read[SecretName("b")]?.get() == nil)
        for (name, code) in [("c", KeyResolutionError.Code.denied), (long, .invalidSecretName)] {
            #expect(try await failure { try read[SecretName(name)]?.get() }.code == code)
        }
        #expect(vault.requests == [.many(["prod/a", "prod/b", "prod/c"])] || vault.sizes == [3])
    }

    @Test func `What may not be done, or can't, is refused before anything is asked`() async throws {
        let vault = BatchVault()
        let writeOnly = ManagedSecrets(in: vault, access: .writeOnly)
        let open = ManagedSecrets(in: vault)
        let memory = ManagedSecrets(in: MemorySecretManager())
        let some = try names(["a"])
        #expect(try await failure { try await writeOnly.read(some) }.code == .denied)
        #expect(try await failure { try await writeOnly.read(tagged: ["a": "b"]) }.code == .denied)
        #expect(try await failure { try await memory.read(some) }.code == .unsupported)
        #expect(try await failure { try await memory.read(tagged: ["a": "b"]) }.code == .unsupported)
        let versioned = SecretOptions(version: "1")
        #expect(try await failure { try await open.read(some, versioned) }.code == .invalidConfiguration)
        #expect(try await failure { try await open.read(tagged: [:]) }.code == .invalidConfiguration)
        #expect(try await open.read([]).isEmpty)
        #expect(vault.requests == [])
    }

    @Test func `A call that hangs ends at its deadline`() async throws {
        let clock = ManualClock()
        let vault = BatchVault { try await untilCancelled() }
        let secrets = ManagedSecrets(in: vault, timeout: .seconds(5), clock: clock)
        let some = try names(["a", "b"])
        for call in [
            { @Sendable in _ = try await secrets.read(some) },
            { @Sendable in _ = try await secrets.read(tagged: ["a": "b"]) },
        ] {
            let read = Task { try await call() }
            await clock.someoneSleeps()
            clock.advance(by: .seconds(5))
            #expect(try await failure { try await read.value }.code == .timedOut)
        }
    }

    @Test func `Secrets with tags are read under the prefix, as many as are wanted`() async throws {
        let vault = BatchVault()
        for number in 10..<60 { vault.write("\(number)", to: "prod/\(number)", tags: ["a=b", "c=d"]) }
        vault.write("x", to: "other", tags: ["a=b", "c=d"])
        vault.write("y", to: "prod/y", tags: ["a=b"])
        let secrets = ManagedSecrets(in: vault, prefix: "prod/")
        let all = try await secrets.read(tagged: ["a": "b", "c": "d"])
        #expect(all.keys.sorted().map(\.rawValue) == (10..<60).map { "\($0)" })
        let some = try await secrets.read(tagged: ["a": "b"], limit: 25)
        #expect(some.count == 25)
        #expect(vault.requests.count == 3 + 2)
    }

    @Test func `A manager whose pages have no end is left`() async throws {
        struct Endless: BatchReadableSecretManager {
            let next: @Sendable (String?) -> String
            func secret(_ name: SecretName, _ options: SecretOptions) async throws -> StoredSecret? { nil }

            func secrets(
                _ names: [SecretName],
                _ options: SecretOptions
            ) async throws -> [SecretName: Result<StoredSecret?, any Error>] { [:] }

            func secrets(
                tagged tags: [String: String],
                after page: String?,
                _ options: SecretOptions
            ) async throws -> TaggedSecrets { TaggedSecrets([:], next: next(page)) }
        }
        let same = ManagedSecrets(in: Endless { _ in "1" })
        #expect(try await same.read(tagged: ["a": "b"]).isEmpty)
        let counting = ManagedSecrets(in: Endless { "\(Int($0 ?? "0")! + 1)" })
        #expect(try await failure { try await counting.read(tagged: ["a": "b"]) }.code == .pluginFailed)
    }
}
