import ExtensionHooks
import KeyHooks
import KeyHooksTesting
import OpenBao
import OpenBaoTestSupport

/// A resolver that borrows at a real server, with a manual clock, a journal of its own and a login by AppRole.
struct LendingVault {
    let vault: Vault
    let mount = unique("database")
    let folder: TemporaryFolder
    let approle: TestRole

    var admin: BaoAdmin { vault.admin }
    var clock: ManualClock { vault.clock }

    /// Where credentials are lent.
    var place: String { "\(mount)/creds/openai" }

    init(in folder: TemporaryFolder, tokenTTL: String = "2h", policy extra: String = "") async throws {
        self.folder = folder
        vault = try await Vault()
        let policy = unique("policy")
        let hcl = """
            path "\(mount)/creds/*" { capabilities = ["read"] }
            path "auth/token/create/*" { capabilities = ["create", "update"] }
            path "auth/token/renew-accessor" { capabilities = ["update"] }
            path "auth/token/revoke-accessor" { capabilities = ["update"] }
            path "sys/leases/renew" { capabilities = ["update"] }
            path "sys/leases/revoke" { capabilities = ["update"] }
            \(extra)
            """
        try await vault.admin.createPolicy(policy, hcl)
        approle = try await vault.role(policy: policy)
        try await vault.admin.expect(
            "POST",
            "auth/\(approle.method)/role/reader",
            ["token_policies": [policy], "token_ttl": tokenTTL, "token_max_ttl": "24h"]
        )
    }

    /// Has the database engine lend credentials of the PostgreSQL server of all tests.
    func lendCredentials(ttl: String = "1h", maxTTL: String = "24h") async throws -> PostgresServer {
        let database = try await PostgresServer.shared
        try await admin.mountDatabase(mount)
        try await admin.connect(mount, to: database)
        try await admin.createDatabaseRole(mount, "openai", ttl: ttl, maxTTL: maxTTL)
        return database
    }

    func resolver(_ change: (inout OpenBaoConfiguration) throws -> Void = { _ in }) throws -> KeyResolver {
        let resolver = try vault.resolver(environment: approle.environment) { configuration in
            approle.use(in: &configuration)
            configuration.mount = mount
            configuration.creds = "{service}"
            configuration.settings.leases = LeaseSettings(
                idle: .seconds(100_000),
                grace: .seconds(30),
                journal: "\(folder.path)/leases"
            )
            try change(&configuration)
        }
        try nameUser(to: resolver)
        return resolver
    }

    /// Makes the user of the credentials the key of a service of its own: one location, one lease.
    func nameUser(to resolver: KeyResolver) throws {
        try resolver.override("database_user") { settings in
            settings["openbao"] = ["mount": PluginSetting(mount), "creds": "openai", "field": "username"]
        }
    }

    /// The credentials that a resolver gives out.
    func credentials(_ resolver: KeyResolver, refresh: Bool = false) async throws -> (user: String, password: String) {
        let password = try await resolver.requireAPIKey(service: "openai", refresh: refresh).value
        return (try await resolver.requireAPIKey(service: "database_user").value, password)
    }

    var leases: [String] { get async throws { try await admin.leases(below: place) } }

    /// What is written down and not given back.
    var written: [LeaseRecord] {
        ((try? LeaseJournal.inFolder("\(folder.path)/leases").pages()) ?? []).flatMap(\.records)
    }
}
