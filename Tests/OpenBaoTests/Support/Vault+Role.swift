import OpenBao
import OpenBaoTestSupport

/// A role in an AppRole method of its own, its secret id in `TEST_SECRET_ID`.
struct TestRole {
    let method: String
    let roleID: String
    let secretID: String

    var environment: [String: String] { ["TEST_SECRET_ID": secretID] }

    /// Lets a plugin log in with the role.
    func use(in configuration: inout OpenBaoConfiguration) {
        configuration.token = nil
        configuration.appRole = AppRoleCredentials(
            roleID: .literal(roleID),
            secretID: .environment("TEST_SECRET_ID"),
            mount: method
        )
    }
}

extension Vault {
    func role(policy: String, in namespace: String? = nil) async throws -> TestRole {
        let method = unique("approle")
        let admin = namespace.map { self.admin.within($0) } ?? self.admin
        try await admin.enableAppRole(mount: method)
        let role = try await admin.createRole(mount: method, "reader", policies: [policy])
        return TestRole(method: method, roleID: role.roleID, secretID: role.secretID)
    }

    /// Revokes every token that was got by logging in with the role.
    func revokeTokens(of role: TestRole) async throws {
        try await admin.expect("POST", "sys/leases/revoke-prefix/auth/\(role.method)/login", [:])
    }

    func logins(of role: TestRole) throws -> Int { try server.loginCount(mount: role.method) }
}
