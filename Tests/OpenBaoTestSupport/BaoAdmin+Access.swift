extension BaoAdmin {
    package func createPolicy(_ name: String, _ hcl: String) async throws {
        try await expect("POST", "sys/policies/acl/\(name)", ["policy": hcl])
    }

    /// Makes a token; `uses` of nil is without limit.
    package func createToken(policies: [String], ttl: String = "1h", uses: Int? = nil) async throws -> String {
        var body: [String: any Sendable] = ["policies": policies, "ttl": ttl]
        if let uses { body["num_uses"] = uses }
        return try await expect("POST", "auth/token/create", body).required("auth.client_token")
    }

    package func revoke(_ token: String) async throws {
        try await expect("POST", "auth/token/revoke", ["token": token])
    }

    package func enableAppRole(mount: String) async throws {
        try await expect("POST", "sys/auth/\(mount)", ["type": "approle"])
    }

    /// Makes a role and its first secret id; `secretIDUses` of nil is without limit.
    package func createRole(
        mount: String,
        _ name: String,
        policies: [String],
        tokenTTL: String = "1h",
        secretIDUses: Int? = nil
    ) async throws -> (roleID: String, secretID: String) {
        let role = "auth/\(mount)/role/\(name)"
        let body: [String: any Sendable] = [
            "token_policies": policies, "token_ttl": tokenTTL, "secret_id_num_uses": secretIDUses ?? 0,
        ]
        try await expect("POST", role, body)
        return (
            try await expect("GET", "\(role)/role-id").required("data.role_id"),
            try await createSecretID(mount: mount, name)
        )
    }

    package func createSecretID(mount: String, _ role: String) async throws -> String {
        try await expect("POST", "auth/\(mount)/role/\(role)/secret-id", [:]).required("data.secret_id")
    }

    /// Logs in as nobody, and gives the answer whatever its status.
    package func login(mount: String, roleID: String, secretID: String) async throws -> BaoReply {
        try await with(token: nil)
            .call("POST", "auth/\(mount)/login", ["role_id": roleID, "secret_id": secretID])
    }

    package func createNamespace(_ name: String) async throws {
        try await expect("POST", "sys/namespaces/\(name)")
    }

    /// Lets so many requests for a mount through in each interval; the others are answered 429.
    package func setRateLimit(_ path: String, rate: Double, interval: String = "1s") async throws {
        let body: [String: any Sendable] = ["path": path, "rate": rate, "interval": interval]
        try await expect("POST", "sys/quotas/rate-limit/\(Self.quota(path))", body)
    }

    package func removeRateLimit(_ path: String) async throws {
        try await expect("DELETE", "sys/quotas/rate-limit/\(Self.quota(path))")
    }

    /// Whether refusals come with `Retry-After`, which is off by default; they are in the audit log either way.
    package func setQuotas(announced: Bool) async throws {
        let body = ["enable_rate_limit_response_headers": announced, "enable_rate_limit_audit_logging": true]
        try await expect("POST", "sys/quotas/config", body)
    }

    private static func quota(_ path: String) -> String {
        String(path.map { $0 == "/" ? "." : $0 })
    }
}
