import KeyHooks
import KeyHooksTesting
import Synchronization
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

    @Test("One field is written beside the others, by five writers at once without a loss")
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

    @Test("A write that ends after its deadline is seen by the next call all the same")
    func lateWrite() async throws {
        let (manager, clock) = (SlowWriter(), ManualClock())
        let secrets = ManagedSecrets(in: manager, access: .readWrite, clock: clock)
        let fixture = try SourceFixture(try secrets.keys(at: "own/{service}"), environment: [:])
        #expect(await fixture.outcome() == "sk-1")
        let write = Task { try await secrets.write(.text("sk-2"), to: "own/openai") }
        while !manager.hasBegun || clock.sleeperCount == 0 { await Task.yield() }
        clock.advance(by: .seconds(10))
        let error = await #expect(throws: KeyResolutionError.self) { try await write.value }
        #expect(error?.code == .timedOut)
        #expect(await fixture.outcome() == "sk-1")
        manager.mayEnd = true
        // It is announced right after the write.
        while await fixture.outcome() != "sk-2" { await Task.yield() }
    }

    @Test("A version is for reading: a write or a deletion that names one is refused")
    func versions() async throws {
        let secrets = ManagedSecrets(in: MemorySecretManager(), access: .readWrite)
        try await secrets.write(.text("1"), to: "key")
        let first = SecretOptions(version: "1")
        for call in [
            { @Sendable in _ = try await secrets.write(.text("2"), to: "key", SecretWriteOptions(call: first)) },
            { @Sendable in try await secrets.delete("key", first) },
        ] {
            let error = await #expect(throws: KeyResolutionError.self) { try await call() }
            #expect(error?.code == .invalidConfiguration)
        }
        #expect(try await secrets.read("key")?.content.text == "1")
    }

    @Test("A condition on what was deleted doesn't hold for what was written after it")
    func deletedVersions() async throws {
        let secrets = ManagedSecrets(in: MemorySecretManager(), access: .readWrite)
        try await secrets.write(.text("1"), to: "key")
        let old = try #require(try await secrets.read("key"))
        try await secrets.delete("key")
        #expect(try await secrets.write(.text("other"), to: "key") == "2")
        let error = await #expect(throws: KeyResolutionError.self) {
            try await secrets.write(.text("mine"), to: "key", if: .isUnchanged(since: old))
        }
        #expect(error?.code == .conflict)
    }

    @Test("A list that names one page again and again ends")
    func endlessList() async throws {
        struct Endless: ListableSecretManager {
            func secret(_ name: SecretName, _ options: SecretOptions) async throws -> StoredSecret? { nil }
            func list(_ prefix: String, after page: String?, _ options: SecretOptions) async throws -> SecretPage {
                SecretPage(prefix == "b" ? [] : [try SecretName("a")], next: "\((page.flatMap { Int($0) } ?? 0) + 1)")
            }
        }
        #expect(try await ManagedSecrets(in: Endless()).list(limit: 25).count == 25)
        #expect(try await ManagedSecrets(in: Endless()).list(limit: -1).isEmpty)
        let error = await #expect(throws: KeyResolutionError.self) { try await ManagedSecrets(in: Endless()).list("b") }
        #expect(error?.code == .pluginFailed)
    }
}

/// A store whose writes end when they may: a fake, as one in memory ends at once.
private final class SlowWriter: WritableSecretManager {
    private let state = Mutex((content: "sk-1", hasBegun: false, mayEnd: false))

    var hasBegun: Bool { state.withLock(\.hasBegun) }

    var mayEnd: Bool {
        get { state.withLock(\.mayEnd) }
        set { state.withLock { $0.mayEnd = newValue } }
    }

    func secret(_ name: SecretName, _ options: SecretOptions) async throws -> StoredSecret? {
        StoredSecret(.text(state.withLock(\.content)))
    }

    func write(_ content: SecretContent, to name: SecretName, _ options: SecretWriteOptions) async throws -> String? {
        state.withLock { $0.hasBegun = true }
        while !mayEnd { await Task.yield() }
        state.withLock { $0.content = content.text ?? "" }
        return nil
    }
}

/// A manager that never answers: a fake, as a store in memory always does.
struct Hanging: SecretManager {
    func secret(_ name: SecretName, _ options: SecretOptions) async throws -> StoredSecret? {
        await withUnsafeContinuation { (_: UnsafeContinuation<Void, Never>) in }
        return nil
    }
}
