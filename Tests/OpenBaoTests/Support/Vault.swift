import ExtensionHooks
import KeyHooks
import KeyHooksTesting
import OpenBao
import OpenBaoTestSupport

/// A resolver with the plugin, on a mount of its own.
struct Vault {
    let server: BaoServer
    let admin: BaoAdmin
    let mount = unique("kv")
    let clock = ManualClock()
    var isInRealTime = false

    /// On the shared server, unless another one is given.
    init(_ own: BaoServer? = nil) async throws {
        if let own { server = own } else { server = try await BaoServer.shared }
        admin = BaoAdmin(server)
        try await admin.mountKV2(mount)
    }

    /// The plugin, with a token in `TEST_TOKEN`: the root token unless another one is given.
    func plugin(
        path: String = "ai/providers",
        environment: [String: String] = [:],
        token: String? = nil,
        _ change: (inout OpenBaoConfiguration) throws -> Void = { _ in }
    ) throws -> OpenBaoPlugin {
        var configuration = OpenBaoConfiguration(path: path)
        configuration.addresses = [server.address]
        configuration.mount = mount
        configuration.token = .environment("TEST_TOKEN")
        configuration.settings.cache.jitter = 0
        configuration.settings.cache.refreshAhead = 0
        try change(&configuration)
        // A home without a token: the developer's may have one.
        let environment = ["HOME": "/nonexistent"].merging(environment) { $1 }
            .merging(["TEST_TOKEN": token ?? server.rootToken]) { $1 }
        // A clock that stands still would make the plugin wait forever for what it repeats.
        if isInRealTime { return try OpenBaoPlugin(configuration, environment: environment) }
        return try OpenBaoPlugin(configuration, environment: environment, clock: clock)
    }

    /// A resolver with the plugin and nothing else but the environment.
    func resolver(
        path: String = "ai/providers",
        environment: [String: String] = [:],
        token: String? = nil,
        _ change: (inout OpenBaoConfiguration) throws -> Void = { _ in }
    ) throws -> KeyResolver {
        let plugin = try plugin(path: path, environment: environment, token: token, change)
        let registry = HookRegistry()
        try registry.register { plugin.register(in: &$0) }
        return try KeyResolver(registry: registry, environment: environment)
    }

    /// What a caller hears who insists on a key that is not there.
    func absence(
        _ service: Service = "openai",
        path: String = "ai/providers",
        _ change: (inout OpenBaoConfiguration) throws -> Void = { _ in }
    ) async -> KeyResolutionError? {
        do {
            _ = try await resolver(path: path, change).requireAPIKey(service: service)
            return nil
        } catch {
            return (error as? KeyResolutionError).flatMap { $0.code == .absent ? $0 : nil }
        }
    }

    /// How often the server was asked for a secret of the mount.
    func reads(of path: String) throws -> Int {
        try server.requests(pathContaining: "\(mount)/data/\(path)").count { $0.operation == "read" }
    }

    /// A token that may read what the pattern covers, such as `ai/*`.
    func token(reading pattern: String) async throws -> String {
        try await admin.createToken(policies: [try await policy(reading: pattern)])
    }

    /// A policy that allows reading what the pattern covers.
    func policy(reading pattern: String) async throws -> String {
        let policy = unique("policy")
        try await admin.createPolicy(policy, #"path "\#(mount)/data/\#(pattern)" { capabilities = ["read"] }"#)
        return policy
    }
}

extension KeyResolver {
    /// The failure that asking for a key ends in; nil if it ends in none.
    func failure(
        _ service: Service,
        scope: KeyScope = KeyScope(),
        maximumAge: Duration? = nil
    ) async -> KeyResolutionError? {
        do {
            _ = try await resolve(service: service, scope: scope, maximumAge: maximumAge)
            return nil
        } catch {
            return error as? KeyResolutionError
        }
    }

    /// The value of a key.
    func value(
        _ service: Service,
        scope: KeyScope = KeyScope(),
        maximumAge: Duration? = nil,
        refresh: Bool = false
    ) async throws -> String? {
        try await getAPIKey(service: service, scope: scope, maximumAge: maximumAge, refresh: refresh)?.value
    }
}
