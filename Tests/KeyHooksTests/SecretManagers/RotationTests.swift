import KeyHooks
import KeyHooksTesting
import Synchronization
import Testing

@Suite("Rotation")
struct RotationTests {
    @Test("Under the same name the version before is retired, after the new one was read back")
    func sameName() async throws {
        let manager = MemorySecretManager()
        let secrets = ManagedSecrets(in: manager, access: .readWrite)
        try await secrets.write(.text("old"), to: "key")
        let done = try await secrets.rotate("key", to: .text("new"))
        #expect(done.version == "2" && done.replacedVersion == "1" && done.isOldRetired)
        #expect(try await secrets.read("key")?.content.text == "new")
        #expect(try await secrets.read("key", SecretOptions(version: "1")) == nil)
    }

    @Test("Under another name the old secret is deleted, and fields are carried over")
    func otherName() async throws {
        let secrets = ManagedSecrets(in: MemorySecretManager(), access: .readWrite)
        try await secrets.write(.fields(["A": "1", "B": "2"]), to: "old")
        try await secrets.rotate("old", field: "A", to: "3", as: "new")
        let new = try await secrets.read("new")?.content
        #expect(new?["A"] == "3" && new?["B"] == "2")
        #expect(try await secrets.read("old") == nil)
    }

    @Test("Under another name the version that was replaced is retired before the secret is deleted")
    func retiredBeforeDeletion() async throws {
        let manager = RecordingManager()
        let secrets = ManagedSecrets(in: manager, access: .readWrite)
        try await secrets.write(.text("old"), to: "old")
        let done = try await secrets.rotate("old", to: .text("new"), as: "new")
        #expect(manager.calls.events == ["write old", "write new", "retire 1 of old", "delete old"])
        #expect(done.isOldRetired && done.replacedVersion == "1")
    }

    @Test("A field that isn't there isn't made, and a value that is there already is refused")
    func nothingNew() async throws {
        let secrets = ManagedSecrets(in: MemorySecretManager(), named: "team", access: .readWrite)
        try await secrets.write(.fields(["OPENAI_API_KEY": "1"]), to: "bundle")
        let misspelt = await #expect(throws: SecretRotationError.self) {
            try await secrets.rotate("bundle", field: "OPENAI_API_KY", to: "2")
        }
        #expect(misspelt?.step == .reading && misspelt?.written == nil)
        #expect((misspelt?.underlying as? KeyResolutionError)?.code == .absent)
        #expect(misspelt?.description.contains("OPENAI_API_KEY") == true, "\(misspelt as Any)")
        let same = await #expect(throws: SecretRotationError.self) {
            try await secrets.rotate("bundle", field: "OPENAI_API_KEY", to: "1")
        }
        #expect((same?.underlying as? KeyResolutionError)?.code == .conflict)
        #expect(try await secrets.read("bundle")?.version == "1")
    }

    @Test("What can't be a field is refused", arguments: ["", "/nest/deep", "a\nb"])
    func fields(_ field: String) async throws {
        let secrets = ManagedSecrets(in: MemorySecretManager(), access: .readWrite)
        try await secrets.write(.fields(["a": "1"]), to: "bundle")
        let errors = [
            await #expect(throws: KeyResolutionError.self) {
                try await secrets.rotate("bundle", field: field, to: "2")
            },
            await #expect(throws: KeyResolutionError.self) {
                try await secrets.write("2", toField: field, of: "bundle")
            },
        ]
        for error in errors { #expect(error?.code == .unknownField, "\(error as Any)") }
        #expect(try await secrets.read("bundle")?.version == "1")
    }

    @Test("What somebody writes to the old name during a rotation under another one isn't deleted")
    func writtenMeanwhile() async throws {
        let manager = Overtaken()
        let error = await #expect(throws: SecretRotationError.self) {
            try await ManagedSecrets(in: manager, access: .readWrite).rotate("old", to: .text("new"), as: "new")
        }
        #expect(error?.step == .retiring && error?.written?.rawValue == "new")
        #expect(try manager.base.secret(SecretName("old"), SecretOptions())?.content.text == "theirs")
    }

    @Test("A secret that somebody wrote since it was looked at isn't rotated")
    func overtaken() async throws {
        let secrets = ManagedSecrets(in: MemorySecretManager(), access: .readWrite)
        try await secrets.write(.text("1"), to: "key")
        let seen = try #require(try await secrets.read("key"))
        try await secrets.write(.text("2"), to: "key")
        let error = await #expect(throws: SecretRotationError.self) {
            try await secrets.rotate("key", from: seen, to: .text("3"), as: nil)
        }
        #expect(error?.step == .reading && (error?.underlying as? KeyResolutionError)?.code == .conflict)
        #expect(try await secrets.read("key")?.content.text == "2")
    }

    @Test("Another name that is taken isn't overwritten")
    func taken() async throws {
        let secrets = ManagedSecrets(in: MemorySecretManager(), access: .readWrite)
        try await secrets.write(.text("old"), to: "old")
        try await secrets.write(.text("other"), to: "new")
        let error = await #expect(throws: SecretRotationError.self) {
            try await secrets.rotate("old", to: .text("rotated"), as: "new")
        }
        #expect(error?.step == .writing && error?.written == nil)
        #expect(try await secrets.read("new")?.content.text == "other")
        #expect(try await secrets.read("old")?.content.text == "old")
    }

    @Test("It stops before retirement at any failure, and says what was written", arguments: Stop.all)
    func stops(_ stop: Stop) async throws {
        let manager = FailingManager(stop)
        let secrets = ManagedSecrets(in: manager, access: .readWrite)
        let error = await #expect(throws: SecretRotationError.self) {
            try await secrets.rotate("key", to: .text("sk-new-value"))
        }
        #expect(error?.step == stop.step)
        #expect(error?.written?.rawValue == stop.written)
        #expect(manager.retired == [])
        let text = try #require(error).description + String(reflecting: error)
        #expect(!text.contains("sk-new-value") && !text.contains("sk-old-value"), "\(text)")
        #expect(text.contains("key"))
    }

    @Test("A secret that isn't there, and one text where a field is wanted, stop at the first step")
    func nothingToRotate() async throws {
        let secrets = ManagedSecrets(in: MemorySecretManager(), access: .readWrite)
        let absent = await #expect(throws: SecretRotationError.self) {
            try await secrets.rotate("none", to: .text("x"))
        }
        #expect(absent?.step == .reading && (absent?.underlying as? KeyResolutionError)?.code == .absent)
        try await secrets.write(.text("plain"), to: "text")
        let unfit = await #expect(throws: SecretRotationError.self) {
            try await secrets.rotate("text", field: "A", to: "x")
        }
        #expect(unfit?.step == .reading)
        #expect(try await secrets.read("text")?.content.text == "plain")
    }
}

/// Where a rotation is made to fail.
struct Stop: CustomTestStringConvertible {
    let step: SecretRotationError.Step
    let code: KeyResolutionError.Code
    let written: String?
    var testDescription: String { "\(step), \(code)" }

    static let all = [
        Stop(step: .reading, code: .unavailable, written: nil),
        Stop(step: .reading, code: .denied, written: nil),
        Stop(step: .writing, code: .denied, written: nil),
        Stop(step: .writing, code: .unavailable, written: "key"),
        Stop(step: .verifying, code: .unavailable, written: "key"),
        Stop(step: .verifying, code: .conflict, written: "key"),
        Stop(step: .retiring, code: .denied, written: "key"),
    ]
}

/// A store in memory in which somebody else writes the old secret once the new one is written.
private final class Overtaken: RotatableSecretManager, DeletableSecretManager {
    let base = MemorySecretManager()

    init() {
        if let name = try? SecretName("old") { _ = try? base.write(.text("old"), to: name, SecretWriteOptions()) }
    }

    func secret(_ name: SecretName, _ options: SecretOptions) async throws -> StoredSecret? {
        try base.secret(name, options)
    }

    func write(_ content: SecretContent, to name: SecretName, _ options: SecretWriteOptions) async throws -> String? {
        _ = try base.write(.text("theirs"), to: SecretName("old"), options)
        return try base.write(content, to: name, options)
    }

    func retire(_ version: String, of name: SecretName, _ options: SecretOptions) async throws {
        try base.retire(version, of: name, options)
    }

    func delete(_ name: SecretName, recoverableFor window: Duration?, _ options: SecretOptions) async throws {
        try base.delete(name, recoverableFor: window, options)
    }
}

/// A store in memory that notes what is done to it.
private final class RecordingManager: RotatableSecretManager, DeletableSecretManager {
    let calls = Recording<String>()
    private let base = MemorySecretManager()

    func secret(_ name: SecretName, _ options: SecretOptions) async throws -> StoredSecret? {
        try base.secret(name, options)
    }

    func write(_ content: SecretContent, to name: SecretName, _ options: SecretWriteOptions) async throws -> String? {
        calls.add("write \(name)")
        return try base.write(content, to: name, options)
    }

    func retire(_ version: String, of name: SecretName, _ options: SecretOptions) async throws {
        calls.add("retire \(version) of \(name)")
        try base.retire(version, of: name, options)
    }

    func delete(_ name: SecretName, recoverableFor window: Duration?, _ options: SecretOptions) async throws {
        calls.add("delete \(name)")
        try base.delete(name, recoverableFor: window, options)
    }
}

/// A manager that fails at one step: a fake, for failures that no store can be made to show at a given step.
final class FailingManager: RotatableSecretManager {
    let stop: Stop
    private let state = Mutex((reads: 0, retired: [String](), content: SecretContent.text("sk-old-value")))

    init(_ stop: Stop) { self.stop = stop }

    var retired: [String] { state.withLock { $0.retired } }

    private func fail(at step: SecretRotationError.Step) throws {
        if stop.step == step, stop.code != .conflict {
            throw KeyResolutionError(stop.code, "scripted", remedy: "none")
        }
    }

    func secret(_ name: SecretName, _ options: SecretOptions) async throws -> StoredSecret? {
        let (number, content) = state.withLock { state in
            state.reads += 1
            return (state.reads, state.content)
        }
        try fail(at: number == 1 ? .reading : .verifying)
        // A store that lags behind, or another writer.
        if number > 1, stop.code == .conflict { return StoredSecret(.text("sk-old-value"), version: "1") }
        return StoredSecret(content, version: "\(number)")
    }

    func write(_ content: SecretContent, to name: SecretName, _ options: SecretWriteOptions) async throws -> String? {
        try fail(at: .writing)
        state.withLock { $0.content = content }
        return "2"
    }

    func retire(_ version: String, of name: SecretName, _ options: SecretOptions) async throws {
        try fail(at: .retiring)
        state.withLock { $0.retired.append(version) }
    }
}
