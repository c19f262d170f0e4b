import Foundation
import KeyHooks
import KeyHooksTesting
import Synchronization
import Testing

/// The rules of secret managers, over every manager of this module.
///
/// OpenBao runs on the real server, in its own tests.
@Suite("The contract of secret managers")
struct ManagerContractTests {
    @Test("Memory")
    func memory() async {
        let check = SecretManagerConformance(of: MemorySecretManager(), failing: Unreachable())
        #expect(await check.failures(absent: "none", writable: "keyhooks/conformance") == [])
    }

    @Test("A JSON file")
    func json() async throws {
        try await withTemporaryFolder { folder in
            let manager = FileSecretManager("\(folder.path)/team.json")
            let check = SecretManagerConformance(of: manager, failing: Unreachable())
            #expect(await check.failures(absent: "none", writable: "keyhooks/conformance") == [])
        }
    }

    @Test("A file whose folder is gone is unavailable, and a write makes both")
    func goneFolder() async throws {
        try await withTemporaryFolder { folder in
            let secrets = ManagedSecrets(in: FileSecretManager("\(folder.path)/new/team.json"), access: .readWrite)
            let error = await #expect(throws: KeyResolutionError.self) { try await secrets.read("a") }
            #expect(error?.code == .unavailable)
            try await secrets.write(.text("sk-1"), to: "a")
            #expect(try await secrets.read("a")?.content.text == "sk-1")
        }
    }

    @Test("What a file couldn't be read with isn't written", arguments: [1_100, 2_000])
    func unreadable(length: Int) async throws {
        try await withTemporaryFolder { folder in
            let secrets = ManagedSecrets(in: FileSecretManager("\(folder.path)/team.json"), access: .readWrite)
            try await secrets.write(.text("sk-1"), to: "a")
            let name = String(repeating: "n", count: length)
            let error = await #expect(throws: KeyResolutionError.self) { try await secrets.write(.text("x"), to: name) }
            #expect(error?.code == .invalidConfiguration)
            #expect(try await secrets.read("a")?.content.text == "sk-1")
        }
    }

    @Test("A dotenv file")
    func dotenv() async throws {
        try await withTemporaryFolder { folder in
            let check = SecretManagerConformance(of: FileSecretManager("\(folder.path)/.env"))
            #expect(await check.failures(absent: "NONE", writable: "KEYHOOKS_CONFORMANCE", takesFields: false) == [])
        }
    }

    @Test("A chain")
    func chain() async {
        let full = MemorySecretManager([:])
        let chain = SecretManagerChain(of: [ManagedSecrets(in: MemorySecretManager()), ManagedSecrets(in: full)])
        #expect(await SecretManagerConformance(of: chain).failures(absent: "none") == [])
    }

    @Test("A folder reads what its files say, byte for byte", arguments: SecretManagerConformance.values)
    func folder(_ value: String) async throws {
        try await withTemporaryFolder { folder in
            // One line end at the end is the file's own.
            try folder.write("secrets/key", value + "\n")
            let missing = FolderSecretManager("\(folder.path)/gone")
            let manager = FolderSecretManager("\(folder.path)/secrets")
            #expect(await SecretManagerConformance(of: manager, failing: missing).failures(absent: "none") == [])
            for _ in 1...2 { #expect(try manager.secret(SecretName("key"), SecretOptions())?.content.text == value) }
        }
    }

    @Test("The environment reads what is set, byte for byte", arguments: SecretManagerConformance.values)
    func environment(_ value: String) async throws {
        let manager = EnvironmentSecretManager(["KEY": value])
        #expect(await SecretManagerConformance(of: manager).failures(absent: "NONE") == [])
        // As everywhere in the environment, what is blank counts as not set.
        let expected = value.allSatisfy(\.isWhitespace) ? nil : value
        for _ in 1...2 { #expect(try manager.secret(SecretName("KEY"), SecretOptions())?.content.text == expected) }
    }

    @Test("The file of a variable is read at every call, also one that comes late")
    func environmentFiles() async throws {
        try await withTemporaryFolder { folder in
            let secrets = ManagedSecrets(in: EnvironmentSecretManager(["KEY_FILE": "\(folder.path)/key", "B": "b"]))
            await #expect(throws: KeyResolutionError.self) { try await secrets.read("KEY") }
            for value in ["sk-1", "sk-2"] {
                try folder.write("key", value + "\n")
                #expect(try await secrets.read("KEY")?.content.text == value)
            }
            #expect(try await secrets.list().map(\.rawValue) == ["B", "KEY"])
        }
    }

    @Test("A manager that breaks a rule is found out", arguments: Fault.allCases)
    func broken(_ fault: Fault) async {
        let failures = await SecretManagerConformance(
            of: BrokenManager(fault),
            failing: fault == .outage ? BrokenManager(fault) : nil
        )
        .failures(absent: "none", writable: "name")
        #expect(failures.contains { $0.hasPrefix(fault.rule) }, "\(failures)")
    }
}

/// A store that can't be reached: a fake, as a store in memory can't be made to fail.
struct Unreachable: HealthCheckable {
    func secret(_ name: SecretName, _ options: SecretOptions) async throws -> StoredSecret? {
        throw KeyResolutionError(.unavailable, "the store is away", remedy: "wait")
    }
    func health(_ options: SecretOptions) async -> SecretManagerHealth { .unreachable("the store is away") }
}

enum Fault: String, CaseIterable {
    case absence, outage, bytes, fields, overwriting, conditions, listing, deletion, parameters, rotation, versions
    /// It takes a prefix for a pattern; a condition on what was deleted holds for what comes after it.
    case patterns, reuse

    /// The rule that it breaks.
    var rule: String {
        switch self {
        case .patterns: "listing: it takes a prefix for a pattern"
        case .reuse: "conditions: the version of a deleted secret is used again"
        default: rawValue
        }
    }
}

/// A manager that breaks one rule: a fake, as those that are shipped break none.
final class BrokenManager: CheckAndSetSecretManager, DeletableSecretManager, ListableSecretManager,
    RotatableSecretManager
{
    let fault: Fault
    let base = MemorySecretManager()
    private let wasDeleted = Mutex(false)

    init(_ fault: Fault) { self.fault = fault }

    func secret(_ name: SecretName, _ options: SecretOptions) async throws -> StoredSecret? {
        var options = options
        if fault == .parameters { options.parameters = [:] }
        if fault == .versions { options.version = nil }
        guard let secret = try base.secret(name, options) else {
            if fault == .absence { throw KeyResolutionError(.unavailable, "no such secret", remedy: "write it") }
            return nil
        }
        if fault == .bytes, let text = secret.content.text {
            return StoredSecret(.text(text.trimmingCharacters(in: .whitespaces)))
        }
        if fault == .fields, secret.content.text == nil { return StoredSecret(.fields([:])) }
        return secret
    }

    func write(_ content: SecretContent, to name: SecretName, _ options: SecretWriteOptions) async throws -> String? {
        if fault == .overwriting, try base.secret(name, SecretOptions())?.content.text == "first" { return nil }
        return try base.write(content, to: name, options)
    }

    func write(
        _ content: SecretContent,
        to name: SecretName,
        if condition: SecretCondition,
        _ options: SecretWriteOptions
    ) async throws -> String? {
        fault == .conditions || fault == .reuse && wasDeleted.withLock(\.self)
            ? try base.write(content, to: name, options) : try base.write(content, to: name, if: condition, options)
    }

    func delete(_ name: SecretName, recoverableFor window: Duration?, _ options: SecretOptions) async throws {
        wasDeleted.withLock { $0 = true }
        if fault != .deletion { try base.delete(name, recoverableFor: window, options) }
    }

    func retire(_ version: String, of name: SecretName, _ options: SecretOptions) async throws {
        if fault != .rotation { try base.retire(version, of: name, options) }
    }

    func list(_ prefix: String, after page: String?, _ options: SecretOptions) async throws -> SecretPage {
        if fault == .listing { return SecretPage([]) }
        return try base.list(fault == .patterns ? String(prefix.prefix { $0 != "%" }) : prefix, after: page, options)
    }
}
