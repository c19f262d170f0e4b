import KeyHooks
import OpenBao
import OpenBaoTestSupport
import ServerSettings

/// A configuration as its operator looks at it: on mounts of its own, with a token in `TEST_TOKEN`.
struct OperatedVault {
    let vault: Vault
    let configuration: KeyConfiguration

    /// The text has `$AT` where address, mount and token are said.
    init(_ vault: Vault, _ text: String, mount: String? = nil, address: String? = nil) throws {
        self.vault = vault
        let place =
            "address: '\(address ?? vault.server.address)', mount: '\(mount ?? vault.mount)', token: 'env:TEST_TOKEN'"
        configuration = try KeyConfiguration(parsing: text.replacing("$AT", with: place))
    }

    func context(_ environment: [String: String]) -> PluginContext {
        PluginContext(configuration: configuration, environment: ["HOME": "/nonexistent"].merging(environment) { $1 })
    }

    func policies(writing: Bool = false, _ version: KVVersion = .two) throws -> [LeastPrivilegePolicy] {
        try OpenBaoPlugin.policies(in: context([:]), writing: writing, version)
    }

    /// The paths of the policy for all of it, with what is allowed there.
    func rules(writing: Bool = false, _ version: KVVersion = .two) throws -> [String] {
        try policies(writing: writing, version).flatMap(\.rules)
            .map { "\($0.path): \($0.capabilities.map(\.rawValue).joined(separator: " "))" }
    }

    /// A token that may do what the printed policy allows and nothing else, not even look itself up.
    func token(writing: Bool = false, _ version: KVVersion = .two, in namespace: String? = nil) async throws -> String {
        let admin = namespace.map { vault.admin.within($0) } ?? vault.admin
        let text = try policies(writing: writing, version).map(\.text).joined()
        return try await admin.createToken(allowing: text)
    }

    func check(
        token: String? = nil,
        environment: [String: String] = [:],
        _ change: (inout OpenBaoPlugin.CheckOptions) -> Void = { _ in }
    ) async throws -> [CheckFinding] {
        var options = OpenBaoPlugin.CheckOptions()
        change(&options)
        let own = ["TEST_TOKEN": token ?? vault.server.rootToken]
        return try await OpenBaoPlugin.check(in: context(environment.merging(own) { $1 }), options)
    }

    func resolver(token: String) throws -> KeyResolver {
        try KeyResolver(
            configuration: configuration,
            plugins: [OpenBaoPlugin.plugin],
            environment: ["HOME": "/nonexistent", "TEST_TOKEN": token]
        )
    }
}

extension BaoAdmin {
    /// A token with one policy of its own, and without `default` unless that is wanted.
    func createToken(allowing policy: String, default hasDefault: Bool = false, uses: Int = 0) async throws -> String {
        let name = unique("policy")
        try await createPolicy(name, policy)
        let body: [String: any Sendable] = [
            "policies": [name], "ttl": "1h", "no_default_policy": !hasDefault, "num_uses": uses,
        ]
        return try await expect("POST", "auth/token/create", body).required("auth.client_token")
    }
}
