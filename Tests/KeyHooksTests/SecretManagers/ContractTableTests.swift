import Foundation
import KeyHooks
import KeyHooksTesting
import Testing

/// What is read twice is the same twice: values, absences, refusals, and what comes after them.
///
/// It is so for every manager; OpenBao is on the real server, in its own tests.
@Suite("Every manager, read twice")
struct ContractTableTests {
    @Test(
        "Values, absences, refusals and recovery are the same on the first read and on later ones",
        arguments: StagedManager.all
    )
    func table(_ staged: StagedManager) async throws {
        try await withTemporaryFolder { folder in
            for value in SecretManagerConformance.values {
                let secrets = try await staged.holding(value, folder)
                let kept = staged.countsBlank && value.allSatisfy(\.isWhitespace) ? nil : value
                for _ in 1...2 { #expect(try await secrets.read("KEY_openai")?.content.text == kept) }
                for _ in 1...2 { #expect(try await secrets.read("KEY_none") == nil) }
                let fixture = try SourceFixture(try secrets.keys(at: "KEY_{service}"), environment: [:])
                let first = await fixture.outcome()
                #expect((first == "nil") == value.allSatisfy(\.isWhitespace), "\(staged.name): \(first)")
                #expect(await fixture.outcome() == first)
                for _ in 1...2 { #expect(await fixture.outcome("groq") == "nil") }
            }
            let refused = try await staged.refusing(folder)
            let fixture = try SourceFixture(try refused.keys(at: "KEY_{service}"))
            for _ in 1...2 {
                let error = await #expect(throws: KeyResolutionError.self) { try await refused.read("KEY_openai") }
                #expect(error?.code == staged.refusal)
                // A refusal is never an absence, so the environment doesn't answer.
                if staged.refusal != .denied || staged.name == "chain" {
                    #expect(await fixture.outcome() == staged.refusal.description)
                }
            }
            let again = try await staged.holding("recovered", folder)
            for _ in 1...2 { #expect(try await again.read("KEY_openai")?.content.text == "recovered") }
        }
    }
}

/// A manager that a test brings into each state.
struct StagedManager: CustomTestStringConvertible, Sendable {
    typealias Stage = @Sendable (TemporaryFolderOfTesting) async throws -> ManagedSecrets

    let name: String
    /// What a refused read fails with.
    let refusal: KeyResolutionError.Code
    /// Whether what is blank counts as not set.
    var countsBlank = false
    let holding: @Sendable (String, TemporaryFolderOfTesting) async throws -> ManagedSecrets
    let refusing: Stage
    var testDescription: String { name }

    private static func file(_ name: String) -> StagedManager {
        StagedManager(
            name: name,
            refusal: .invalidConfiguration,
            holding: { value, folder in
                let path = "\(folder.path)/\(name)"
                chmod(path, 0o600)
                let secrets = ManagedSecrets(in: FileSecretManager(path), access: .readWrite)
                try await secrets.write(.text(value), to: "KEY_openai")
                return secrets
            },
            refusing: { folder in
                chmod("\(folder.path)/\(name)", 0o666)
                return ManagedSecrets(in: FileSecretManager("\(folder.path)/\(name)"))
            }
        )
    }

    static let all = [
        StagedManager(
            name: "memory",
            refusal: .denied,
            holding: { value, _ in
                ManagedSecrets(in: MemorySecretManager([try SecretName("KEY_openai"): .text(value)]))
            },
            refusing: { _ in ManagedSecrets(in: MemorySecretManager(), access: .writeOnly) }
        ),
        StagedManager(
            name: "environment",
            refusal: .invalidConfiguration,
            countsBlank: true,
            holding: { value, _ in ManagedSecrets(in: EnvironmentSecretManager(["KEY_openai": value])) },
            // A relative path would name a file in every folder.
            refusing: { _ in ManagedSecrets(in: EnvironmentSecretManager(["KEY_openai_FILE": "relative/key"])) }
        ),
        file("team.json"), file("team.env"),
        StagedManager(
            name: "folder",
            refusal: .invalidConfiguration,
            holding: { value, folder in
                try? FileManager.default.removeItem(atPath: "\(folder.path)/secrets/KEY_openai")
                try folder.write("secrets/KEY_openai", value + "\n")
                return ManagedSecrets(in: FolderSecretManager("\(folder.path)/secrets"))
            },
            refusing: { folder in
                let path = "\(folder.path)/secrets/KEY_openai"
                try FileManager.default.removeItem(atPath: path)
                try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: "/etc/hostname")
                return ManagedSecrets(in: FolderSecretManager("\(folder.path)/secrets"))
            }
        ),
        StagedManager(
            name: "chain",
            refusal: .denied,
            holding: { value, _ in
                let second = MemorySecretManager([try SecretName("KEY_openai"): .text(value)])
                return ManagedSecrets(
                    in: SecretManagerChain(of: [ManagedSecrets(in: MemorySecretManager()), ManagedSecrets(in: second)])
                )
            },
            refusing: { _ in
                let first = ManagedSecrets(in: MemorySecretManager(), access: .writeOnly)
                let second = MemorySecretManager([try SecretName("KEY_openai"): .text("weaker")])
                return ManagedSecrets(
                    in: SecretManagerChain(
                        of: [first, ManagedSecrets(in: second)],
                        skipping: [.unavailable, .timedOut]
                    )
                )
            }
        ),
    ]
}

typealias TemporaryFolderOfTesting = KeyHooksTesting.TemporaryFolder
