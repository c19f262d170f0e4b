#if AWS
import Foundation
import JSON5Syntax
import KeyHooks
import OpenBaoTestSupport

@testable import AWSSecretsManager

/// A user of the moto_server, with secrets of its own.
struct Account {
    let moto: MotoServer
    let user: String

    /// What the names of its secrets begin with.
    let prefix = "t\(UInt64.random(in: 0 ... .max))"

    init(_ user: String = "writer") async throws {
        moto = try await MotoServer.shared
        self.user = user
    }

    var variables: [String: String] { moto.variables(of: user) }

    func manager(
        of user: String? = nil,
        _ change: (inout AWSConfiguration) throws -> Void = { _ in }
    ) throws -> AWSSecretManager {
        var configuration = AWSConfiguration()
        try change(&configuration)
        return try AWSSecretManager(configuration, environment: moto.variables(of: user ?? self.user))
    }

    func secrets(
        of user: String? = nil,
        _ change: (inout AWSConfiguration) throws -> Void = { _ in }
    ) throws -> ManagedSecrets {
        ManagedSecrets(
            in: try manager(of: user, change),
            named: "team",
            access: .readWrite,
            prefix: "\(prefix)/",
            timeout: .seconds(60)
        )
    }

    func name(_ name: String) -> String { "\(prefix)/\(name)" }

    /// What AWS itself answers to an action, sent by us: the tests of the requests compare those with botocore's.
    @discardableResult
    func ask(_ action: String, _ name: String? = nil, _ more: KeyValuePairs<String, JSONNode> = [:]) async throws
        -> JSONNode
    {
        let manager = try manager(of: "writer")
        let id = name.map { [JSONMember("SecretId", .string(self.name($0)))] } ?? []
        let body = id + more.map { JSONMember($0.key, $0.value) }
        return try await manager.ask(action, body, action, nil, SecretOptions(timeout: .seconds(60)))
    }

    /// Whether a secret is scheduled for deletion.
    func isDeleted(_ name: String) async throws -> Bool {
        if case .null = try await ask("DescribeSecret", name)["DeletedDate"]?.kind ?? .null { false } else { true }
    }

    /// A resolver under a configuration, which may say PREFIX for what the names begin with.
    func resolver(
        _ configuration: String,
        of user: String? = nil,
        environment: [String: String] = [:]
    ) throws -> KeyResolver {
        // The server is one for all tests, and slow while they all ask it.
        let text = configuration.replacing("PREFIX", with: prefix)
            .replacing(#""plugins": {"aws": {"#, with: #""plugins": {"aws": {"timeout": "60s", "#)
            .replacing(#""kind": "aws","#, with: #""kind": "aws", "timeout": "60s","#)
        return try KeyResolver(
            configuration: try KeyConfiguration(parsing: text),
            plugins: [AWSPlugin.plugin],
            environment: moto.variables(of: user ?? self.user).merging(environment) { $1 }
        )
    }
}
#endif
