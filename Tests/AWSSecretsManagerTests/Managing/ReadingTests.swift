#if AWS
import Foundation
import JSON5Syntax
import KeyHooks
import KeyHooksTesting
import OpenBaoTestSupport
import Testing

@testable import AWSSecretsManager

@Suite("AWS as a secret manager, on moto_server", .timeLimit(.minutes(5)))
struct ReadingTests {
    @Test("It keeps the contract of secret managers, values of every kind byte for byte included")
    func contract() async throws {
        let account = try await Account()
        let away = try account.manager { $0.endpoint = "http://127.0.0.1:\(try freePort())" }
        let check = SecretManagerConformance(
            of: try account.manager(),
            failing: away,
            // AWS keeps no empty secrets, and fields as a JSON text.
            values: SecretManagerConformance.values.filter { !$0.isEmpty }
        )
        let failures = await check.failures(
            absent: account.name("none"),
            writable: account.name("contract"),
            takesFields: false
        )
        #expect(failures == [])
    }

    @Test("Absent, deleted, denied, unavailable, wrong credentials and a wrong region are told apart, twice")
    func outcomes() async throws {
        let account = try await Account()
        let secrets = try account.secrets()
        try await secrets.write(.text("fake-1"), to: "openai")
        try await secrets.write(.text("fake-2"), to: "gone")
        try await secrets.delete("gone")
        func code(_ secrets: ManagedSecrets, _ name: String = "openai") async -> String {
            do {
                return try await secrets.read(name).map { $0.content.text ?? "fields" } ?? "nil"
            } catch {
                return (error as? KeyResolutionError)?.code.description ?? "\(type(of: error))"
            }
        }
        let away = try account.secrets { $0.endpoint = "http://127.0.0.1:\(try freePort())" }
        for _ in 1...2 {
            #expect(await code(secrets) == "fake-1")
            #expect(await code(secrets, "none") == "nil")
            #expect(await code(secrets, "gone") == "nil")
            #expect(await code(try account.secrets(of: "stranger")) == "denied")
            #expect(await code(try account.secrets(of: "nobody")) == "unauthenticated")
            #expect(await code(away) == "unavailable")
            #expect(await code(try account.secrets { $0.region = "eu-west-1" }) == "nil")
        }
    }

    @Test("A binary secret is the text that it is, and refused without its bytes if it isn't one")
    func binary() async throws {
        let account = try await Account()
        for (name, bytes) in [("text", Array("fake-bin\u{e9}\n".utf8)), ("bytes", [0xFF, 0xFE, 0x00])] {
            try await account.ask(
                "CreateSecret",
                nil,
                [
                    "Name": .string(account.name(name)), "SecretBinary": .string(Data(bytes).base64EncodedString()),
                    "ClientRequestToken": .string(UUID().uuidString),
                ]
            )
        }
        let secrets = try account.secrets(of: "reader")
        #expect(try await secrets.read("text")?.content.text == "fake-bin\u{e9}\n")
        let error = await #expect(throws: KeyResolutionError.self) { try await secrets.read("bytes") }
        #expect(error?.code == .unsupported)
        #expect(error?.description.contains("//4A") == false)
    }

    @Test("The current version is read unless another is asked for by its id or its label")
    func versions() async throws {
        let account = try await Account()
        let secrets = try account.secrets()
        let first = try #require(try await secrets.write(.text("one"), to: "k"))
        let second = try #require(try await secrets.write(.text("two"), to: "k"))
        try await account.ask(
            "PutSecretValue",
            "k",
            [
                "SecretString": .string("three"), "VersionStages": .array([.string("AWSPENDING")]),
                "ClientRequestToken": .string(UUID().uuidString),
            ]
        )
        func read(_ secrets: ManagedSecrets, _ version: String?, _ stage: String?) async throws -> String? {
            let parameters = stage.map { ["stage": $0] } ?? [:]
            return try await secrets.read("k", SecretOptions(version: version, parameters: parameters))?.content.text
        }
        let current = try #require(try await secrets.read("k"))
        #expect(current.version == second)
        #expect(abs(current.createdAt?.timeIntervalSinceNow ?? -9999) < 600)
        #expect(try await read(secrets, nil, nil) == "two")
        #expect(try await read(secrets, first, nil) == "one")
        #expect(try await read(secrets, nil, "AWSPREVIOUS") == "one")
        #expect(try await read(secrets, nil, "AWSPENDING") == "three")
        #expect(try await read(secrets, nil, "NOBODYS") == nil)
        #expect(try await read(try account.secrets { $0.stage = "AWSPENDING" }.under(secrets), nil, nil) == "three")
        #expect(try await read(secrets, UUID().uuidString.lowercased(), nil) == nil)
        for (version, stage) in [("1", nil), (first, "AWSCURRENT"), (nil, "A B"), (nil, "")] as [(String?, String?)] {
            let error = await #expect(throws: KeyResolutionError.self) { try await read(secrets, version, stage) }
            #expect(error?.code == .invalidConfiguration)
        }
        let unknown = SecretOptions(parameters: ["region": "eu-west-1"])
        await #expect(throws: KeyResolutionError.self) { try await secrets.read("k", unknown) }
    }

    @Test("An answer that isn't one to the question is never given: a fake, since no server answers so")
    func wrongAnswers() async throws {
        let reply =
            #"{"ARN": "a", "Name": "k", "VersionId": "v", "VersionStages": ["AWSPREVIOUS"], "SecretString": "old"}"#
        let bodies = [
            reply, #"{"VersionId": "v", "VersionStages": ["AWSCURRENT"]}"#, "<html></html>", "[]", "{",
            #"{"SecretBinary": "no base64"}"#,
        ]
        for body in bodies {
            let transport = FakeTransport { _, _ in .success(body) }
            var configuration = AWSConfiguration()
            configuration.region = "us-east-1"
            let manager = try AWSSecretManager(
                configuration,
                environment: ["AWS_ACCESS_KEY_ID": "K", "AWS_SECRET_ACCESS_KEY": "S", "HOME": "/nonexistent"],
                transport: transport
            )
            let error = await #expect(throws: KeyResolutionError.self) {
                try await ManagedSecrets(in: manager).read("k")
            }
            #expect(error.map { "\($0)".contains("old") } == false)
            #expect(error?.code != .absent)
        }
    }

    @Test("How it does is said without a value")
    func health() async throws {
        let account = try await Account()
        #expect(try await account.manager(of: "reader").health(SecretOptions()).state == .healthy)
        #expect(try await account.manager(of: "stranger").health(SecretOptions()).state == .healthy)
        #expect(try await account.manager(of: "nobody").health(SecretOptions()).state == .degraded)
        let away = try account.manager { $0.endpoint = "http://127.0.0.1:\(try freePort())" }
        #expect(await away.health(SecretOptions()).state == .unreachable)
        #expect(try account.manager().configurationMistakes().isEmpty)
        #expect(try account.manager { $0.profile = "none" }.configurationMistakes().count == 1)
    }
}

extension ManagedSecrets {
    /// The same manager over the names of another one.
    func under(_ other: ManagedSecrets) -> ManagedSecrets {
        ManagedSecrets(in: manager, access: access, prefix: other.prefix)
    }
}
#endif
