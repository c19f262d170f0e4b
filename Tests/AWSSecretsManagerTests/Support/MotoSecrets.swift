#if AWS
import Foundation
import HTTPTransport
import JSON5Syntax
import KeyHooks
import OpenBaoTestSupport
import Synchronization

@testable import AWSSecretsManager

/// Secrets under names of their own on a moto_server, and what was sent for them.
struct MotoSecrets: Sendable {
    let moto: MotoServer
    let transport: FakeTransport
    let prefix = unique("litellm") + "/"

    /// - Parameters:
    ///   - moto: The server; the one that checks signatures and permissions if nil.
    ///   - lost: The action whose first answer is lost on the way.
    ///   - fault: What answers an action instead of the server, for what moto can't show; nil lets it through. It also
    ///     gets the actions that were sent before.
    /// - Throws: Why there is no server.
    init(
        _ moto: MotoServer? = nil,
        losing lost: String? = nil,
        fault: @escaping @Sendable (String, [String]) async throws -> HTTPTransportResponse? = { _, _ in nil }
    ) async throws {
        self.moto = if let moto { moto } else { try await MotoServer.shared }
        let real = HTTPTransportSettings().transport()
        let seen = Actions()
        transport = FakeTransport { request, _ in
            let before = seen.add(request.action)
            if let answer = try await fault(request.action, before) { return answer }
            let reply = try await real.send(request, timeout: .seconds(30), limit: 1 << 20)
            let isLost = request.action == lost && !before.contains(request.action)
            return isLost ? .error("InternalServiceError", 500) : reply
        }
    }

    /// The actions that were sent.
    private final class Actions: Sendable {
        private let all = Mutex<[String]>([])

        /// Adds one, and gives those before it.
        func add(_ action: String) -> [String] {
            all.withLock { all in
                defer { all.append(action) }
                return all
            }
        }
    }

    /// What was sent so far, by action.
    var actions: [String] { transport.sent.map(\.action) }

    /// The parameters of the last request with an action.
    func sent(_ action: String) throws -> JSONNode? {
        try transport.sent.last { $0.action == action }?.body
            .map { try JSONParser.parse($0, syntax: .jsonKeepingNumbers) }
    }

    func manager(
        _ configuration: AWSConfiguration = AWSConfiguration(),
        as user: String = "writer"
    ) throws -> AWSSecretManager {
        try manager(configuration, in: moto.variables(of: user))
    }

    /// The manager in an environment without an access key.
    func manager(_ configuration: AWSConfiguration, in environment: [String: String]) throws -> AWSSecretManager {
        let servers = ["AWS_ENDPOINT_URL": moto.url, "AWS_REGION": moto.region]
        return try AWSSecretManager(
            configuration,
            environment: servers.merging(environment) { $1 },
            transport: transport
        )
    }

    func secrets(
        _ configuration: AWSConfiguration = AWSConfiguration(),
        as user: String = "writer"
    ) throws -> ManagedSecrets {
        try secrets(in: manager(configuration, as: user))
    }

    /// A manager's secrets under this prefix.
    func secrets(in manager: AWSSecretManager) -> ManagedSecrets {
        ManagedSecrets(in: manager, named: "aws", access: .readWrite, prefix: prefix, timeout: .seconds(60))
    }

    /// What the server says of a secret, asked past the manager.
    ///
    /// - Parameters:
    ///   - name: The secret, without the prefix.
    ///   - region: The region; nil for the home.
    /// - Returns: What `DescribeSecret` answers.
    /// - Throws: Why it answers nothing.
    func described(_ name: String, in region: String? = nil) async throws -> JSONNode {
        var variables = moto.variables(of: "writer")
        if let region { variables["AWS_REGION"] = region }
        let context = PluginContext(configuration: KeyConfiguration(), environment: variables)
        let deadline = SourceClock.real.now() + .seconds(30)
        let client = try await AWSAccess(AWSSettings(), context, .real).client(by: deadline)
        let body = JSONNode.object(["SecretId": .string(prefix + name)])
        return try await client.send("DescribeSecret", body, "describing '\(name)'", by: deadline)
    }

    /// Whether a name is inside its recovery window.
    func isScheduled(_ name: String) async throws -> Bool {
        guard let date = try await described(name)["DeletedDate"] else { return false }
        return date != .null
    }
}

extension HTTPTransportRequest {
    /// The action of Secrets Manager or of STS.
    var action: String {
        if let target = headers["X-Amz-Target"] { return target.replacing("secretsmanager.", with: "") }
        return form["Action"] ?? ""
    }

    /// The parameters of a form, as STS takes them.
    var form: [String: String] {
        let pairs = String(decoding: body ?? [], as: UTF8.self).split(separator: "&")
            .map { pair in
                let parts = pair.split(separator: "=", maxSplits: 1).map(String.init)
                return (parts[0], parts.count > 1 ? parts[1].removingPercentEncoding ?? "" : "")
            }
        return Dictionary(pairs) { $1 }
    }
}
#endif
