#if AWS
import Foundation
import HTTPTransport
import JSON5Syntax
import KeyHooks
import KeyHooksTesting
import OpenBaoTestSupport
import Synchronization
import Testing

@testable import AWSSecretsManager

/// Answers that are lost and others who write meanwhile: put around the real server by a fake at the moment that counts.
@Suite("Several writers, and answers that are lost", .timeLimit(.minutes(5)))
struct RaceTests {
    @Test(
        "A lost answer is asked for again, and there is one version and no conflict",
        arguments: ["PutSecretValue", "UpdateSecretVersionStage", "CreateSecret"]
    )
    func lostAnswer(of action: String) async throws {
        let moto = try await MotoSecrets(losing: action)
        let others = try await Others(of: moto)
        let isNew = action == "CreateSecret"
        if !isNew { try await others.secrets.write(.text("one"), to: "k") }
        let old = try await others.secrets.read("k")
        let condition = old.map { SecretCondition.isUnchanged(since: $0) } ?? .isAbsent
        let isConditional = action != "PutSecretValue"
        let version = try await moto.secrets().write(.text("two"), to: "k", if: isConditional ? condition : nil)
        // A label of the write's own is taken off at the end.
        #expect(moto.actions.count { $0 == action } == (action == "UpdateSecretVersionStage" ? 3 : 2))
        let read = try #require(try await others.secrets.read("k"))
        #expect(read.version == version && read.content.text == "two")
        let versions = try await moto.described("k")["VersionIdsToStages"]?.members
        #expect(versions?.count == (isNew ? 1 : 2))
    }

    @Test("A change whose answer was lost and that is refused then may have been made, and nobody says that it wasn't")
    func unknown() async throws {
        let moto = try await MotoSecrets(losing: "PutSecretValue") { action, before in
            action == "PutSecretValue" && before.contains(action) ? .error("AccessDeniedException") : nil
        }
        let others = try await Others(of: moto)
        try await others.secrets.write(.text("one"), to: "k")
        let error = await #expect(throws: KeyResolutionError.self) {
            try await moto.secrets().write(.text("two"), to: "k")
        }
        #expect(error?.code == .unavailable)
        #expect(try await others.secrets.read("k")?.content.text == "two")
    }

    @Test("Of two who find a name deleted and write where nothing is, one learns of the other")
    func bothRestore() async throws {
        let cell = Mutex<Others?>(nil)
        let moto = try await MotoSecrets { action, before in
            guard action == "DescribeSecret", !before.contains(action) else { return nil }
            // In between the other one restores and writes it.
            try await cell.withLock(\.self)?.secrets.write(.text("theirs"), to: "k", if: .isAbsent)
            return nil
        }
        let others = try await Others(of: moto)
        cell.withLock { $0 = others }
        try await others.secrets.write(.text("old"), to: "k")
        try await others.secrets.delete("k")
        let error = await #expect(throws: KeyResolutionError.self) {
            try await moto.secrets().write(.text("mine"), to: "k", if: .isAbsent)
        }
        #expect(error?.code == .conflict)
        #expect(try await others.secrets.read("k")?.content.text == "theirs")
    }

    @Test("A restoration isn't taken back that somebody else has written into meanwhile")
    func notTheirs() async throws {
        let cell = Mutex<Others?>(nil)
        let moto = try await MotoSecrets { action, before in
            guard action == "PutSecretValue", before.contains("RestoreSecret") else { return nil }
            try await cell.withLock(\.self)?.secrets.write(.text("theirs"), to: "k")
            return .error("AccessDeniedException")
        }
        let others = try await Others(of: moto)
        cell.withLock { $0 = others }
        try await others.secrets.write(.text("old"), to: "k")
        try await others.secrets.delete("k")
        let error = await #expect(throws: KeyResolutionError.self) {
            try await moto.secrets().write(.text("mine"), to: "k")
        }
        #expect(error?.code == .denied)
        #expect(try await others.secrets.read("k")?.content.text == "theirs")
        #expect(try await !moto.isScheduled("k"))
    }

    @Test("A restoration whose answer is lost is taken back too if nothing can be written")
    func lostRestoration() async throws {
        let moto = try await MotoSecrets { action, before in
            action == "RestoreSecret" ? .error("InternalServiceError", 500) : nil
        }
        let real = try await Others(of: moto)
        try await real.secrets.write(.text("old"), to: "k")
        try await real.secrets.delete("k")
        // As if it had been done all the same.
        let error = await #expect(throws: KeyResolutionError.self) {
            try await moto.secrets().write(.text("mine"), to: "k")
        }
        #expect(error?.code == .unavailable)
        #expect(try await moto.isScheduled("k"))
        #expect(moto.actions.last == "DescribeSecret")
    }

    @Test("A secret that can't be deleted for another reason keeps its replicas")
    func keepsReplicas() async throws {
        let moto = try await MotoSecrets { action, _ in
            action == "DeleteSecret"
                ? .error("InvalidRequestException", message: "You can't delete it: another service manages it.") : nil
        }
        var configuration = AWSConfiguration()
        configuration.replicas = [AWSReplica("eu-west-1")]
        let secrets = try moto.secrets(configuration)
        try await secrets.write(.text("one"), to: "k")
        let error = await #expect(throws: KeyResolutionError.self) { try await secrets.delete("k") }
        #expect(error?.code == .invalidConfiguration)
        #expect(!moto.actions.contains("RemoveRegionsFromReplication"))
        #expect(try await moto.described("k")["ReplicationStatus"]?.elements?.count == 1)
    }

    @Test("A secret without a value is absent, and gets one by any write", arguments: [true, false])
    func withoutValue(isConditional: Bool) async throws {
        let account = try await Account()
        try await account.ask("CreateSecret", nil, ["Name": .string(account.name("k"))])
        let secrets = try account.secrets()
        #expect(try await secrets.read("k") == nil)
        try await secrets.write(.text("one"), to: "k", if: isConditional ? .isAbsent : nil)
        #expect(try await secrets.read("k")?.content.text == "one")
    }

    @Test("A condition needs the label that writes move")
    func stage() async throws {
        let account = try await Account()
        let secrets = try account.secrets { $0.stage = "AWSPENDING" }
        let error = await #expect(throws: KeyResolutionError.self) {
            try await secrets.write(.text("one"), to: "k", if: .isAbsent)
        }
        #expect(error?.code == .invalidConfiguration)
    }
}

/// Somebody else who writes the same secrets, at the same server.
struct Others: Sendable {
    let secrets: ManagedSecrets

    init(of moto: MotoSecrets) async throws {
        let manager = try AWSSecretManager(environment: moto.moto.variables(of: "writer"))
        secrets = ManagedSecrets(in: manager, access: .readWrite, prefix: moto.prefix, timeout: .seconds(60))
    }
}
#endif
