extension BaoAdmin {
    /// Mounts the database engine.
    package func mountDatabase(_ mount: String) async throws {
        try await expect("POST", "sys/mounts/\(mount)", ["type": "database"])
    }

    /// Connects the engine at a mount to a PostgreSQL server, for all roles.
    package func connect(_ mount: String, _ connection: String = "postgres", to server: PostgresServer) async throws {
        let address = "\(server.host):\(server.port)"
        let body: [String: any Sendable] = [
            "plugin_name": "postgresql-database-plugin", "allowed_roles": ["*"],
            "connection_url": "postgresql://{{username}}:{{password}}@\(address)/postgres?sslmode=disable",
            "username": server.user, "password": server.password,
        ]
        try await expect("POST", "\(mount)/config/\(connection)", body)
    }

    /// Makes a role whose credentials log in to PostgreSQL, and live as long as said.
    package func createDatabaseRole(
        _ mount: String,
        _ role: String,
        connection: String = "postgres",
        ttl: String = "1h",
        maxTTL: String = "24h"
    ) async throws {
        let statement =
            #"CREATE ROLE "{{name}}" WITH LOGIN PASSWORD '{{password}}' VALID UNTIL '{{expiration}}';"#
        let body: [String: any Sendable] = [
            "db_name": connection, "creation_statements": [statement], "default_ttl": ttl, "max_ttl": maxTTL,
        ]
        try await expect("POST", "\(mount)/roles/\(role)", body)
    }

    /// Makes a role that `auth/token/create/<role>` makes tokens by.
    ///
    /// Tokens may have these policies alone, and end `maxTTL` after they were made, however often they are renewed.
    package func createTokenRole(_ role: String, policies: [String], maxTTL: String) async throws {
        let body: [String: any Sendable] = [
            "allowed_policies": policies, "orphan": true, "renewable": true, "token_explicit_max_ttl": maxTTL,
            "token_no_default_policy": true,
        ]
        try await expect("POST", "auth/token/roles/\(role)", body)
    }

    /// A policy that allows making tokens by a role, and credentials of roles of the mounts.
    package func createLeasePolicy(_ name: String, tokenRoles: [String] = [], credentials: [String] = []) async throws {
        let rules =
            tokenRoles.map { #"path "auth/token/create/\#($0)" { capabilities = ["create", "update"] }"# }
            + credentials.map { #"path "\#($0)" { capabilities = ["read"] }"# }
        try await createPolicy(name, rules.joined(separator: "\n"))
    }
}

extension BaoAdmin {
    /// The ids of the leases that live below a prefix, such as `database/creds/reader`, in no order.
    package func leases(below prefix: String) async throws -> [String] {
        let folder = prefix.hasSuffix("/") ? prefix : prefix + "/"
        let reply = try await call("LIST", "sys/leases/lookup/\(folder)")
        if reply.status == 404 { return [] }
        guard reply.status == 200 else { throw BaoFailure("LIST sys/leases/lookup/\(folder): \(reply)") }
        var ids: [String] = []
        for key in reply.strings("data.keys") {
            ids += key.hasSuffix("/") ? try await leases(below: folder + key) : [folder + key]
        }
        return ids
    }

    /// What the server says of a lease; status 400 if it has none of this id.
    package func lookUp(lease: String) async throws -> BaoReply {
        try await call("POST", "sys/leases/lookup", ["lease_id": lease])
    }

    /// Revokes a lease, and waits until that is done.
    package func revoke(lease: String) async throws {
        try await expect("POST", "sys/leases/revoke", ["lease_id": lease, "sync": true])
    }

    /// Revokes every lease below a prefix, such as `database/creds/reader`.
    package func revokeLeases(below prefix: String) async throws {
        try await expect("POST", "sys/leases/revoke-prefix/\(prefix)", ["sync": true])
    }
}
