import OpenBaoTestSupport
import Testing

/// What the server lends by its database engine, with nothing of ours but the tests' own support.
@Suite struct DatabaseEngineTests {
    @Test func `A credential that was lent logs in until its lease is revoked`() async throws {
        let (database, admin) = (try await PostgresServer.shared, BaoAdmin(try await BaoServer.shared))
        let mount = unique("database")
        try await admin.mountDatabase(mount)
        try await admin.connect(mount, to: database)
        try await admin.createDatabaseRole(mount, "reader", ttl: "10m", maxTTL: "1h")
        let (first, second) = (try await lend(mount, admin), try await lend(mount, admin))

        #expect(try await database.canLogIn(user: first.user, password: first.password))
        #expect(try await database.canLogIn(user: second.user, password: second.password))
        #expect(try await !database.canLogIn(user: first.user, password: second.password))
        #expect(Set(try await admin.leases(below: "\(mount)/creds/reader")) == [first.lease, second.lease])
        #expect(try await admin.lookUp(lease: first.lease).bool("data.renewable") == true)

        try await admin.revoke(lease: first.lease)
        #expect(try await !database.canLogIn(user: first.user, password: first.password))
        #expect(try await database.canLogIn(user: second.user, password: second.password))
        #expect(try await admin.leases(below: "\(mount)/creds/reader") == [second.lease])
        #expect(try await admin.lookUp(lease: first.lease).status == 400)

        try await admin.revokeLeases(below: "\(mount)/creds/reader")
        #expect(try await !database.canLogIn(user: second.user, password: second.password))
        #expect(try await admin.leases(below: "\(mount)/creds") == [])
    }

    @Test func `A token of a role makes tokens and credentials of roles, and nothing else`() async throws {
        let admin = BaoAdmin(try await BaoServer.shared)
        let (role, policy, lent) = (unique("role"), unique("policy"), unique("policy"))
        try await admin.createPolicy(lent, #"path "auth/token/lookup-self" { capabilities = ["read"] }"#)
        try await admin.createTokenRole(role, policies: [lent], maxTTL: "1h")
        try await admin.createLeasePolicy(policy, tokenRoles: [role])
        let minter = admin.with(token: try await admin.createToken(policies: [policy]))

        let made = try await minter.expect("POST", "auth/token/create/\(role)", ["policies": [lent], "ttl": "5m"])
        let token = try made.required("auth.client_token")
        let looked = try await admin.with(token: token).expect("GET", "auth/token/lookup-self")
        #expect(looked.strings("data.policies") == [lent])
        let renewed = try await admin.expect("POST", "auth/token/renew", ["token": token, "increment": "3h"])
        #expect(try (3000...3600).contains(#require(renewed.int("auth.lease_duration"))))
        #expect(try await minter.call("POST", "auth/token/create", ["policies": ["root"]]).status == 403)
    }

    private struct Lent {
        let user: String
        let password: String
        let lease: String
    }

    private func lend(_ mount: String, _ admin: BaoAdmin) async throws -> Lent {
        let reply = try await admin.expect("GET", "\(mount)/creds/reader")
        return Lent(
            user: try reply.required("data.username"),
            password: try reply.required("data.password"),
            lease: try reply.required("lease_id")
        )
    }
}
