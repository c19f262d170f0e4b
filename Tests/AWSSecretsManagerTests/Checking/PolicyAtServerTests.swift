#if AWS
import Foundation
import JSON5Syntax
import KeyHooks
import OpenBaoTestSupport
import ServerSettings
import Testing

@testable import AWSSecretsManager

/// What the printed policy allows is enough for all that is done, and nothing in it is too much.
///
/// The server compares actions and resources; it has no KMS.
@Suite("The printed policy at a moto_server", .timeLimit(.minutes(5)))
struct PolicyAtServerTests {
    /// Somebody who may do what the printed policy says, but for some actions.
    struct User: Sendable {
        let manager: AWSSecretManager
        let secrets: ManagedSecrets
        let variables: [String: String]
    }

    private static func user(_ options: SecretsPolicy.Options, without action: String? = nil) async throws -> User {
        let text = "{plugins: {aws: {secret: 'policy/{service}', access: 'read-write', replicas: ['eu-west-1']}}}"
        let moto = try await MotoServer.shared
        let configuration = try KeyConfiguration(parsing: text, environment: [:])
        let context = PluginContext(configuration: configuration, environment: ["AWS_REGION": moto.region])
        let policies = try AWSPlugin.policies(in: context, options)
        #expect(policies.count == 1)
        var document = policies[0].document
        if let action {
            let name = "\"secretsmanager:\(action)\""
            #expect(document.contains(name))
            document = document.replacing(name, with: "\"secretsmanager:GetRandomPassword\"")
        }
        let variables = moto.variables(with: try await MotoServer.user(with: document))
        let manager = try AWSSecretManager(AWSConfiguration(), environment: variables)
        let secrets = ManagedSecrets(in: manager, named: "aws", access: .readWrite)
        return User(manager: manager, secrets: secrets, variables: variables)
    }

    private static var writing: SecretsPolicy.Options {
        var options = SecretsPolicy.Options()
        (options.isWriting, options.warmsUp) = (true, true)
        return options
    }

    /// Something that is done, and the action without which it is denied.
    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let body: @Sendable (User, SecretName) async throws -> Void

        init(_ action: String, _ body: @escaping @Sendable (User, SecretName) async throws -> Void) {
            testDescription = action
            self.body = body
        }
    }

    /// Each gets a secret that is there.
    static let rows = [
        Row("GetSecretValue") { user, name in
            let secret = try await user.secrets.read(name.rawValue)
            #expect(secret != nil)
        },
        Row("BatchGetSecretValue") { user, name in
            let deadline = user.manager.clock.now() + .seconds(30)
            let body = JSONNode.object(["SecretIdList": .array([.string(name.rawValue)])])
            do {
                let reply = try await user.manager.access.client(by: deadline)
                    .send("BatchGetSecretValue", body, "reading secrets", by: deadline)
                #expect(reply["SecretValues"]?.elements?.count == 1)
            } catch let failure as AWSFailure {
                throw failure.error
            }
        },
        Row("CreateSecret") { user, _ in
            try await user.secrets.write(.text("v"), to: unique("policy/new"), if: .isAbsent)
        },
        Row("PutSecretValue") { user, name in try await user.secrets.write(.text("v2"), to: name.rawValue) },
        Row("UpdateSecretVersionStage") { user, name in
            try await user.secrets.rotate(name.rawValue, to: .text("v2"))
        },
        Row("UpdateSecret") { user, name in
            try await user.secrets.write(.text("v2"), to: name.rawValue, SecretWriteOptions(description: "d"))
        },
        Row("TagResource") { user, name in
            try await user.secrets.write(.text("v2"), to: name.rawValue, SecretWriteOptions(tags: ["a": "b"]))
        },
        Row("DescribeSecret") { user, name in
            try await user.manager.replicate(name, to: [AWSReplica("eu-west-1")])
            // Its replicas have to be known.
            try await user.secrets.delete(name.rawValue)
        },
        Row("DeleteSecret") { user, name in try await user.secrets.delete(name.rawValue) },
        Row("RestoreSecret") { user, name in
            try await user.manager.delete(name, recoverableFor: nil, SecretOptions())
            try await user.manager.restore(name)
        },
        Row("ListSecrets") { user, name in
            let names = try await user.secrets.list(name.rawValue)
            #expect(names.count == 1)
        },
        Row("ReplicateSecretToRegions") { user, name in
            try await user.manager.replicate(name, to: [AWSReplica("eu-west-1")])
        },
        Row("RemoveRegionsFromReplication") { user, name in
            try await user.manager.replicate(name, to: [AWSReplica("eu-west-1")])
            try await user.manager.removeReplicas(["eu-west-1"], of: name)
        },
    ]

    private static func secret() async throws -> SecretName {
        let moto = try await MotoServer.shared
        let writer = try AWSSecretManager(AWSConfiguration(), environment: moto.variables(of: "writer"))
        let name = try SecretName(unique("policy/secret"))
        try await writer.write(.text("v1"), to: name, SecretWriteOptions())
        return name
    }

    @Test("is enough", arguments: rows)
    func enough(row: Row) async throws {
        try await row.body(try await Self.user(Self.writing), try await Self.secret())
    }

    @Test("without the action it is denied", arguments: rows)
    func needed(row: Row) async throws {
        let user = try await Self.user(Self.writing, without: row.testDescription)
        let name = try await Self.secret()
        let error = await #expect(throws: (any Error).self) { try await row.body(user, name) }
        // A rotation and a write that is done but for its description have texts of their own around it.
        #expect("\(String(describing: error))".contains("the credentials may not do that"), "\(row)")
    }

    @Test("of another secret nothing is allowed")
    func others() async throws {
        let user = try await Self.user(Self.writing)
        await #expect(throws: KeyResolutionError.self) { try await user.secrets.read("prod/openai") }
        await #expect(throws: KeyResolutionError.self) {
            try await user.secrets.write(.text("v"), to: unique("elsewhere/new"))
        }
        await #expect(throws: KeyResolutionError.self) { try await user.secrets.delete("prod/openai") }
    }

    @Test("every action of it is tried here")
    func whole() async throws {
        let configuration = try KeyConfiguration(
            parsing: "{plugins: {aws: {secret: 's', access: 'read-write', replicas: ['eu-west-1']}}}",
            environment: [:]
        )
        let context = PluginContext(configuration: configuration, environment: ["AWS_REGION": "us-east-1"])
        let actions = try AWSPlugin.policies(in: context, Self.writing).flatMap(\.statements).flatMap(\.actions)
        #expect(Set(actions) == Set(Self.rows.map { "secretsmanager:\($0.testDescription)" }))
    }

    @Test("for reading alone lets nothing else be done, and the check finds nothing wrong")
    func reading() async throws {
        let user = try await Self.user(SecretsPolicy.Options())
        let name = try await Self.secret()
        #expect(try await user.secrets.read(name.rawValue)?.content.text == "v1")
        for row in Self.rows where row.testDescription != "GetSecretValue" {
            let error = await #expect(throws: (any Error).self, "\(row)") { try await row.body(user, name) }
            #expect("\(String(describing: error))".contains("may not do that"), "\(row)")
        }
        let text = "{plugins: {aws: {secret: '\(name)'}}}"
        let configuration = try KeyConfiguration(parsing: text, environment: [:])
        let context = PluginContext(configuration: configuration, environment: user.variables)
        let findings = try await AWSPlugin.check(in: context)
        #expect(findings.allSatisfy { $0.code == nil }, "\(findings)")
    }
}
#endif
