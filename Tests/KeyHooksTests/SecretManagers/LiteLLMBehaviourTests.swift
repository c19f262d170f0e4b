import Foundation
import KeyHooks
import KeyHooksTesting
import Synchronization
import Testing

/// What LiteLLM's own tests show of a custom manager and of rotation, and what we do.
///
/// Those of its Vault manager are in the tests of OpenBao.
@Suite("LiteLLM's behaviours: a custom manager and rotation")
struct LiteLLMBehaviourTests {
    @Test("Each has our decision", arguments: LiteLLMBehaviour.custom + LiteLLMBehaviour.rotation)
    func decided(_ behaviour: LiteLLMBehaviour) async throws {
        try await behaviour.check()
    }

    @Test("There are seven and six") func counted() {
        #expect(LiteLLMBehaviour.custom.count == 7 && LiteLLMBehaviour.rotation.count == 6)
    }
}

/// One behaviour of LiteLLM, and ours.
struct LiteLLMBehaviour: CustomTestStringConvertible, Sendable {
    let theirs: String
    let ours: String
    let check: @Sendable () async throws -> Void
    var testDescription: String { "\(theirs): \(ours)" }

    private static func stocked() throws -> MemorySecretManager {
        MemorySecretManager([
            try SecretName("TEST_API_KEY"): .text("test-api-key"), try SecretName("OPENAI_API_KEY"): .text("sk-test"),
        ])
    }

    static let custom: [LiteLLMBehaviour] = [
        .init(theirs: "a manager has a name", ours: "the name is its user's, in code and in keyhooks.json") {
            let secrets = ManagedSecrets(in: try stocked(), named: "mine")
            #expect(secrets.name == "mine")
        },
        .init(theirs: "a synchronous read, nil for what isn't there", ours: "the same, beside the asynchronous one") {
            let secrets = ManagedSecrets(in: try stocked())
            let read = await withCheckedContinuation { done in
                Thread.detachNewThread { done.resume(returning: Self.readBlocking(secrets)) }
            }
            #expect(read == ["test-api-key", nil])
        },
        .init(theirs: "an asynchronous read, nil for what isn't there", ours: "the same") {
            let secrets = ManagedSecrets(in: try stocked())
            #expect(try await secrets.read("TEST_API_KEY")?.content.text == "test-api-key")
            #expect(try await secrets.read("NON_EXISTENT_KEY") == nil)
        },
        .init(theirs: "a write with a description is read back", ours: "the same; the result is the version") {
            let secrets = ManagedSecrets(in: try stocked(), access: .readWrite)
            let version = try await secrets.write(.text("new"), to: "NEW", SecretWriteOptions(description: "a test"))
            #expect(version == "1")
            #expect(try await secrets.read("NEW")?.content.text == "new")
        },
        .init(theirs: "a deletion, 'not_found' for what isn't there", ours: "a second deletion is no error") {
            let secrets = ManagedSecrets(in: try stocked(), access: .readWrite)
            for _ in 1...2 { try await secrets.delete("TEST_API_KEY") }
            #expect(try await secrets.read("TEST_API_KEY") == nil)
        },
        .init(theirs: "it answers get_secret", ours: "it answers getAPIKey through the pipeline") {
            let secrets = ManagedSecrets(in: MemorySecretManager(), access: .readWrite)
            try await secrets.write(.fields(["OPENAI_API_KEY": "sk-test"]), to: "keys")
            let fixture = try SourceFixture(try secrets.keys(at: "keys"))
            #expect(await fixture.outcome() == "sk-test")
        },
        .init(
            theirs: "a manager of two methods works, and its writes raise NotImplementedError",
            ours: "one method is enough; a write is 'unsupported' before the manager is asked"
        ) {
            struct Minimal: SecretManager {
                func secret(_ name: SecretName, _ options: SecretOptions) async throws -> StoredSecret? {
                    StoredSecret(.text("\(name)-value"))
                }
            }
            let secrets = ManagedSecrets(in: Minimal(), access: .readWrite)
            let secret = try await secrets.read("KEY")
            #expect(secret?.content.text == "KEY-value")
            for call in [
                { @Sendable in _ = try await secrets.write(.text("x"), to: "KEY") },
                { @Sendable in try await secrets.delete("KEY") },
            ] {
                let error = await #expect(throws: KeyResolutionError.self) { try await call() }
                #expect(error?.code == .unsupported)
            }
        },
    ]

    private static func readBlocking(_ secrets: ManagedSecrets) -> [String?] {
        ["TEST_API_KEY", "NON_EXISTENT_KEY"].map { (try? secrets.readBlocking($0))??.content.text }
    }

    static let rotation: [LiteLLMBehaviour] = [
        .init(
            theirs: "under the same name the value is put in place, and nothing is deleted",
            ours: "the same, and the version before is retired after the new one was read back"
        ) {
            let secrets = ManagedSecrets(in: try stocked(), access: .readWrite)
            let done = try await secrets.rotate("TEST_API_KEY", to: .text("new"))
            #expect(done.isOldRetired && done.name.rawValue == "TEST_API_KEY")
            #expect(try await secrets.read("TEST_API_KEY")?.content.text == "new")
        },
        .init(theirs: "under another name the new is made and the old deleted", ours: "the same") {
            let secrets = ManagedSecrets(in: try stocked(), access: .readWrite)
            try await secrets.rotate("TEST_API_KEY", to: .text("new"), as: "OTHER")
            #expect(try await secrets.read("OTHER")?.content.text == "new")
            #expect(try await secrets.read("TEST_API_KEY") == nil)
        },
        .init(theirs: "a secret that isn't there can't be rotated", ours: "the same, and nothing is written") {
            let secrets = ManagedSecrets(in: try stocked(), access: .readWrite)
            let error = await #expect(throws: SecretRotationError.self) {
                try await secrets.rotate("NONE", to: .text("new"))
            }
            #expect(error?.step == .reading && error?.written == nil)
            #expect(try await secrets.read("NONE") == nil)
        },
        .init(
            theirs: "what is read back is compared, from a cache; a mismatch logs both values",
            ours: "it is read past every cache; a mismatch is an error without a value, and the old stays"
        ) {
            let manager = FailingManager(Stop(step: .verifying, code: .conflict, written: "key"))
            let error = await #expect(throws: SecretRotationError.self) {
                try await ManagedSecrets(in: manager, access: .readWrite).rotate("key", to: .text("sk-new-value"))
            }
            #expect(error?.step == .verifying && manager.retired == [])
            #expect(error.map { "\($0)\(String(reflecting: $0))".contains("sk-") } == false)
        },
        .init(
            theirs: "a failed write leaves the old one",
            ours: "the same, and the error says whether the new one may have been written"
        ) {
            for (code, written) in [(KeyResolutionError.Code.denied, nil), (.unavailable, "key")] {
                let manager = FailingManager(Stop(step: .writing, code: code, written: written))
                let error = await #expect(throws: SecretRotationError.self) {
                    try await ManagedSecrets(in: manager, access: .readWrite).rotate("key", to: .text("sk-new-value"))
                }
                #expect(error?.written?.rawValue == written && manager.retired == [])
            }
        },
        .init(
            theirs: "the new name is overwritten if it is taken",
            ours: "it isn't, where the manager writes on a condition"
        ) {
            let secrets = ManagedSecrets(in: try stocked(), access: .readWrite)
            await #expect(throws: SecretRotationError.self) {
                try await secrets.rotate("TEST_API_KEY", to: .text("new"), as: "OPENAI_API_KEY")
            }
            #expect(try await secrets.read("OPENAI_API_KEY")?.content.text == "sk-test")
        },
    ]
}
