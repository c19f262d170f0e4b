#if AWS
import HTTPTransport
import JSON5Syntax
import KeyHooks
import Testing

@testable import AWSSecretsManager

extension AWSBehaviour {
    /// Theirs are against stand-ins of their own; these against moto_server.
    static let rotation: [AWSBehaviour] = [
        .init(
            theirs: "under the same name the value is put in place with one request, and not read back",
            ours:
                "put in place if nobody else has written it, and read back; the old is AWSPREVIOUS, as after AWS's own"
        ) {
            let moto = try await MotoSecrets()
            let secrets = try moto.secrets()
            try await secrets.write(.text("old"), to: "alias")
            try await secrets.write(.text("unrelated"), to: "other")
            let before = moto.actions.count
            let done = try await secrets.rotate("alias", to: .text("new"))
            // AWS can't make a version unreadable.
            #expect(!done.isOldRetired && done.version != done.replacedVersion)
            let stored = try #require(try await secrets.read("alias"))
            #expect(stored.content.text == "new" && stored.version == done.version)
            #expect(try await secrets.read("other")?.content.text == "unrelated")
            let previous = SecretOptions(parameters: ["stage": "AWSPREVIOUS"])
            #expect(try await secrets.read("alias", previous)?.version == done.replacedVersion)
            let sent = moto.actions.dropFirst(before)
            #expect(!sent.contains("CreateSecret") && !sent.contains("DeleteSecret"))
        },
        .init(
            theirs:
                "under another name the new is made, read back, and the old deleted for 7 days; the new is described "
                + "as 'Rotated from …'",
            ours: "the same with AWS's 30 days; what it is described as the caller says"
        ) {
            let moto = try await MotoSecrets()
            let secrets = try moto.secrets()
            try await secrets.write(.text("old"), to: "old-alias")
            try await secrets.write(.text("unrelated"), to: "other")
            let options = SecretWriteOptions(description: "took the place of old-alias")
            let done = try await secrets.rotate("old-alias", to: .text("new"), as: "new-alias", options)
            #expect(done.isOldRetired && done.name.rawValue == moto.prefix + "new-alias")
            #expect(try await secrets.read("new-alias")?.content.text == "new")
            #expect(try await secrets.read("old-alias") == nil)
            #expect(try await secrets.read("other")?.content.text == "unrelated")
            #expect(try await moto.isScheduled("old-alias"))
            #expect(try await moto.described("new-alias")["Description"]?.string == "took the place of old-alias")
        },
        .init(
            theirs:
                "back to a name inside its recovery window: it is restored with the new value, and the other deleted",
            ours: "the same"
        ) {
            let moto = try await MotoSecrets()
            let secrets = try moto.secrets()
            try await secrets.write(.text("value-1"), to: "a")
            try await secrets.rotate("a", to: .text("value-2"), as: "b")
            #expect(try await moto.isScheduled("a"))
            let options = SecretWriteOptions(description: "was b")
            try await secrets.rotate("b", to: .text("value-3"), as: "a", options)
            #expect(try await secrets.read("a")?.content.text == "value-3")
            #expect(try await secrets.read("b") == nil)
            #expect(try await moto.isScheduled("a") == false)
            #expect(try await moto.isScheduled("b"))
            #expect(try await moto.described("a")["Description"]?.string == "was b")
        },
        .init(
            theirs: "a write that fails after a name was restored schedules it for deletion again, with its old value",
            ours: "the same, after a cancellation too, and the error is the denial that it was"
        ) {
            // The KMS key can't be used any more, which moto doesn't know.
            let denied = try await failureAfterRestoring { .error("EncryptionFailure") }
            #expect((denied as? KeyResolutionError)?.code == .denied)
            // Somebody cancels the call, or its time is over.
            let cancelled = try await failureAfterRestoring {
                withUnsafeCurrentTask { $0?.cancel() }
                throw CancellationError()
            }
            #expect(cancelled is CancellationError)
        },
        .init(
            theirs: "a write to a name inside its recovery window restores and updates it",
            ours: "the same, with its new description and tags"
        ) {
            let moto = try await MotoSecrets()
            let secrets = try moto.secrets()
            try await secrets.write(.text("value-1"), to: "alias")
            try await secrets.delete("alias", recoverableFor: .seconds(7 * 86_400))
            #expect(try await secrets.read("alias") == nil)
            let options = SecretWriteOptions(description: "again", tags: ["Owner": "team"])
            let version = try await secrets.write(.text("value-2"), to: "alias", options)
            let stored = try #require(try await secrets.read("alias"))
            #expect(stored.content.text == "value-2" && stored.version == version)
            #expect(try await moto.isScheduled("alias") == false)
            let described = try await moto.described("alias")
            #expect(described["Description"]?.string == "again")
            #expect(described["Tags"]?.elements?.first?["Value"]?.string == "team")
        },
        .init(
            theirs: "a write to a name that is there fails, and nothing is overwritten",
            ours: "on the condition that none is there; without one it is the next version, as with every manager"
        ) {
            let moto = try await MotoSecrets()
            let secrets = try moto.secrets()
            let first = try await secrets.write(.text("value-1"), to: "alias")
            let error = await #expect(throws: KeyResolutionError.self) {
                try await secrets.write(.text("value-2"), to: "alias", if: .isAbsent)
            }
            #expect(error?.code == .conflict)
            #expect(try await secrets.read("alias")?.content.text == "value-1")
            let rotation = await #expect(throws: SecretRotationError.self) {
                try await secrets.write(.text("other"), to: "other")
                try await secrets.rotate("other", to: .text("value-3"), as: "alias")
            }
            #expect(rotation?.step == .writing && rotation?.written == nil)
            #expect(try await secrets.read("alias")?.content.text == "value-1")
            try await secrets.write(.text("value-4"), to: "alias")
            #expect(try await secrets.read("alias")?.content.text == "value-4")
            #expect(try await secrets.read("alias", SecretOptions(version: first))?.content.text == "value-1")
        },
    ]

    /// Writes to a name inside its recovery window where something happens instead, once it was restored.
    ///
    /// It must be scheduled for deletion again, with its old value.
    ///
    /// - Parameter fault: What happens.
    /// - Returns: What the write throws.
    /// - Throws: Why the test can't be done.
    private static func failureAfterRestoring(
        _ fault: @escaping @Sendable () throws -> HTTPTransportResponse
    ) async throws -> any Error {
        let moto = try await MotoSecrets { action, before in
            let isLater = before.contains("RestoreSecret") && ["PutSecretValue", "UpdateSecret"].contains(action)
            return isLater ? try fault() : nil
        }
        let secrets = try moto.secrets()
        try await secrets.write(.text("value-1"), to: "alias")
        try await secrets.delete("alias", recoverableFor: .seconds(7 * 86_400))
        let error = await #expect(throws: (any Error).self) { try await secrets.write(.text("value-2"), to: "alias") }
        #expect(moto.actions.contains("RestoreSecret"))
        #expect(try await moto.isScheduled("alias"))
        try await moto.manager().restore(SecretName(moto.prefix + "alias"))
        #expect(try await secrets.read("alias")?.content.text == "value-1")
        return try #require(error)
    }
}
#endif
