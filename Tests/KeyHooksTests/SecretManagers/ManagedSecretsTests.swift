import KeyHooks
import KeyHooksTesting
import Testing

@Suite("Secrets of a manager")
struct ManagedSecretsTests {
    @Test("What the access doesn't allow is denied, and nothing is asked of the manager")
    func access() async throws {
        let manager = MemorySecretManager([try SecretName("key"): .text("value")])
        let readOnly = ManagedSecrets(in: manager, named: "team")
        let writeOnly = ManagedSecrets(in: manager, named: "team", access: .writeOnly)
        for call in [
            { @Sendable in _ = try await readOnly.write(.text("x"), to: "key") },
            { @Sendable in try await readOnly.delete("key") },
            { @Sendable in _ = try await readOnly.rotate("key", to: .text("x")) },
            { @Sendable in _ = try await writeOnly.read("key") },
            { @Sendable in _ = try await writeOnly.list() },
            { @Sendable in _ = try await writeOnly.rotate("key", to: .text("x")) },
        ] {
            let error = await #expect(throws: KeyResolutionError.self) { try await call() }
            #expect(error?.code == .denied)
            #expect(error?.message.contains("'team'") == true)
        }
        #expect(try await readOnly.read("key")?.content.text == "value")
        try await writeOnly.write(.text("new"), to: "key")
        #expect(try await readOnly.read("key")?.content.text == "new")
    }

    @Test("What a manager can't do is unsupported, with its name")
    func unsupported() async {
        let secrets = ManagedSecrets(in: EnvironmentSecretManager([:]), named: "env", access: .readWrite)
        let error = await #expect(throws: KeyResolutionError.self) { try await secrets.write(.text("x"), to: "A") }
        #expect(error?.code == .unsupported)
        #expect(error?.message == "the secret manager 'env' can't write")
    }

    @Test("A bad name never reaches the manager")
    func names() async {
        let secrets = ManagedSecrets(in: Unreachable(), access: .readWrite)
        let error = await #expect(throws: KeyResolutionError.self) { try await secrets.read("../etc/passwd") }
        #expect(error?.code == .invalidSecretName)
    }

    @Test("A call that hangs ends at its deadline, though the manager doesn't")
    func deadline() async {
        let clock = ManualClock()
        let secrets = ManagedSecrets(in: Hanging(), named: "slow", timeout: .seconds(5), clock: clock)
        let read = Task { try await secrets.read("key") }
        await clock.someoneSleeps()
        clock.advance(by: .seconds(5))
        let error = await #expect(throws: KeyResolutionError.self) { try await read.value }
        #expect(error?.code == .timedOut)
        #expect(error?.message.contains("reading key") == true)
    }

    @Test("Of an error of unknown origin only the type is shown")
    func unknownErrors() async {
        struct Quoting: Error, CustomStringConvertible { var description: String { "sk-quoted-value" } }
        struct Leaky: SecretManager {
            func secret(_ name: SecretName, _ options: SecretOptions) async throws -> StoredSecret? { throw Quoting() }
        }
        let error = await #expect(throws: KeyResolutionError.self) {
            try await ManagedSecrets(in: Leaky(), named: "leaky").read("key")
        }
        #expect(error?.code == .pluginFailed)
        #expect(error?.description.contains("sk-quoted-value") == false)
        #expect(error?.description.contains("Quoting") == true)
    }

    @Test("A blocking read brings the same")
    func blocking() throws {
        let secrets = ManagedSecrets(in: MemorySecretManager([try SecretName("key"): .text("value")]))
        #expect(try secrets.readBlocking("key")?.content.text == "value")
        #expect(try secrets.readBlocking("none") == nil)
        #expect(throws: KeyResolutionError.self) { try secrets.readBlocking("..") }
    }

    @Test("One field is written beside the others, by fifty writers at once without a loss")
    func fields() async throws {
        let secrets = ManagedSecrets(in: MemorySecretManager(), access: .readWrite)
        await withTaskGroup { group in
            for number in 0..<5 {
                group.addTask { _ = try? await secrets.write("\(number)", toField: "F\(number)", of: "bundle") }
            }
        }
        let content = try #require(try await secrets.read("bundle")?.content)
        #expect(content.fieldNames?.sorted() == (0..<5).map { "F\($0)" })
        try await secrets.write(nil, toField: "F0", of: "bundle")
        #expect(try await secrets.read("bundle")?.content["F0"] == nil)
    }

    @Test("A JSON text keeps its other members as they were written")
    func jsonText() async throws {
        let secrets = ManagedSecrets(in: MemorySecretManager(), access: .readWrite)
        try await secrets.write(.text(#"{"n": 12345678901234567890, "f": 1.50, "a": "x"}"#), to: "doc")
        try await secrets.write("y", toField: "a", of: "doc")
        #expect(try await secrets.read("doc")?.content.text == #"{"n":12345678901234567890,"f":1.50,"a":"y"}"#)
    }

    @Test("A list that names one page again and again ends")
    func endlessList() async throws {
        struct Endless: ListableSecretManager {
            func secret(_ name: SecretName, _ options: SecretOptions) async throws -> StoredSecret? { nil }
            func list(_ prefix: String, after page: String?, _ options: SecretOptions) async throws -> SecretPage {
                SecretPage([try SecretName("a")], next: page == nil ? "0" : "\(page!)0")
            }
        }
        #expect(try await ManagedSecrets(in: Endless()).list(limit: 25).count == 25)
    }
}

/// A manager that never answers: a fake, as a store in memory always does.
struct Hanging: SecretManager {
    func secret(_ name: SecretName, _ options: SecretOptions) async throws -> StoredSecret? {
        await withUnsafeContinuation { (_: UnsafeContinuation<Void, Never>) in }
        return nil
    }
}
