#if AWS
import Foundation
import JSON5Syntax
import KeyHooks
import KeyHooksTesting
import OpenBaoTestSupport
import Testing

@testable import AWSSecretsManager

@Suite("Writing to AWS", .timeLimit(.minutes(5)))
struct WritingTests {
    @Test("A description, tags and a KMS key stand at AWS, and a second write leaves or changes them")
    func remarks() async throws {
        let account = try await Account()
        let secrets = try account.secrets { $0.kmsKey = "alias/team" }
        let options = SecretWriteOptions(description: "for agents", tags: ["team": "ai", "b": ""])
        try await secrets.write(.text("one"), to: "k", options)
        var said = try await account.ask("DescribeSecret", "k")
        #expect(said["Description"]?.string == "for agents")
        #expect(said["KmsKeyId"]?.string == "alias/team")
        #expect(said["Tags"]?.elements?.compactMap { $0["Key"]?.string }.sorted() == ["b", "team"])
        try await secrets.write(.text("two"), to: "k")
        try await secrets.write(.text("three"), to: "k", SecretWriteOptions(description: "else", tags: ["c": "d"]))
        said = try await account.ask("DescribeSecret", "k")
        #expect(said["Description"]?.string == "else")
        #expect(said["Tags"]?.elements?.count == 3)
        #expect(try await secrets.read("k")?.content.text == "three")
    }

    @Test("Of many who change fields of one secret none overwrites another")
    func fields() async throws {
        let account = try await Account()
        let secrets = try account.secrets()
        try await secrets.write(.text(#"{"KEEP": 1.50}"#), to: "bundle")
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<6 {
                group.addTask { try await secrets.write("v\(number)", toField: "F\(number)", of: "bundle") }
            }
            try await group.waitForAll()
        }
        let content = try #require(try await secrets.read("bundle")?.content)
        for number in 0..<6 { #expect(content["F\(number)"] == "v\(number)") }
        #expect(content.text?.contains("1.50") == true)
        // Labels of the writes are gone.
        let stages = try await account.ask("DescribeSecret", "bundle")["VersionIdsToStages"]?.members ?? []
        #expect(stages.flatMap { $0.value.elements ?? [] }.allSatisfy { $0.string?.hasPrefix("AWS") == true })
    }

    @Test("What was written meanwhile isn't overwritten, and what is there isn't created again")
    func conditions() async throws {
        let account = try await Account()
        let secrets = try account.secrets()
        try await secrets.write(.text("one"), to: "k")
        let read = try #require(try await secrets.read("k"))
        try await secrets.write(.text("two"), to: "k")
        for condition in [SecretCondition.isUnchanged(since: read), .isAbsent] {
            let error = await #expect(throws: KeyResolutionError.self) {
                try await secrets.write(.text("mine"), to: "k", if: condition)
            }
            #expect(error?.code == .conflict)
        }
        #expect(try await secrets.read("k")?.content.text == "two")
    }

    @Test("A name inside its recovery window is restored and written, on a condition too")
    func restoring() async throws {
        let account = try await Account()
        let secrets = try account.secrets()
        try await secrets.write(.text("one"), to: "k")
        for (number, condition) in [nil, SecretCondition.isAbsent].enumerated() {
            try await secrets.delete("k", recoverableFor: .seconds(7 * 86_400))
            #expect(try await secrets.read("k") == nil)
            try await secrets.write(.text("new \(number)"), to: "k", if: condition)
            #expect(try await secrets.read("k")?.content.text == "new \(number)")
            #expect(try await !account.isDeleted("k"))
        }
    }

    @Test("Deleting: a window of AWS's, at once, twice, and replicas go first")
    func deleting() async throws {
        let account = try await Account()
        let secrets = try account.secrets { $0.replicas = [AWSReplica("eu-west-1"), AWSReplica("eu-central-1")] }
        try await secrets.write(.text("one"), to: "k")
        let replica = try account.secrets(of: "reader") { $0.region = "eu-west-1" }
        #expect(try await replica.read("k")?.content.text == "one")
        try await secrets.delete("k")
        try await secrets.delete("k")
        #expect(try await replica.read("k") == nil)
        let manager = try account.manager()
        try await manager.restore(SecretName(account.name("k")))
        #expect(try await secrets.read("k")?.content.text == "one")
        try await secrets.delete("k", recoverableFor: .zero)
        await #expect(throws: AWSFailure.self) { try await account.ask("DescribeSecret", "k") }
        for days in [1.0, 6, 7.5, 31] {
            let error = await #expect(throws: KeyResolutionError.self) {
                try await secrets.delete("k", recoverableFor: .seconds(days * 86_400))
            }
            #expect(error?.code == .invalidConfiguration)
        }
        let error = await #expect(throws: KeyResolutionError.self) {
            try await manager.restore(SecretName(account.name("none")))
        }
        #expect(error?.code == .absent)
    }

    @Test("A rotation writes, reads back and leaves the one before under AWSPREVIOUS; fields are compared as fields")
    func rotation() async throws {
        let account = try await Account()
        let secrets = try account.secrets()
        try await secrets.write(.fields(["A": "1", "B": "2"]), to: "k")
        let rotation = try await secrets.rotate("k", field: "A", to: "new")
        #expect(!rotation.isOldRetired)
        try await secrets.rotate("k", to: .fields(["C": "3"]))
        #expect(try await secrets.read("k")?.content["C"] == "3")
        let previous = SecretOptions(parameters: ["stage": "AWSPREVIOUS"])
        #expect(try await secrets.read("k", previous)?.content["A"] == "new")
        try await secrets.rotate("k", to: .text("x"), as: "k2")
        #expect(try await secrets.read("k") == nil)
        #expect(try await secrets.read("k2")?.content.text == "x")
    }

    @Test("Lists page by page, under a prefix", arguments: ["", "page/", "page/1", "!x"])
    func listing(prefix: String) async throws {
        let account = try await Account()
        let secrets = try account.secrets()
        for number in 0..<12 { try await secrets.write(.text("x"), to: "page/\(number)") }
        try await secrets.write(.text("x"), to: "other")
        let expected = (0..<12).map { "page/\($0)" } + ["other"]
        let names = try await secrets.list(prefix).map(\.rawValue)
        #expect(names.sorted() == expected.filter { $0.hasPrefix(prefix) }.sorted())
    }
}
#endif
