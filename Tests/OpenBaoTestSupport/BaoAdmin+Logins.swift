extension BaoAdmin {
    /// Enables an auth method on a mount of its own, and gives the mount.
    package func enable(_ type: String) async throws -> String {
        let mount = unique(type)
        try await expect("POST", "sys/auth/\(mount)", ["type": type])
        return mount
    }

    /// A wrapping token with a new secret id of a role.
    package func wrappedSecretID(mount: String, _ role: String) async throws -> String {
        try await wrapped("auth/\(mount)/role/\(role)/secret-id")
    }

    /// What a POST to a path answers, in a wrapping token.
    package func wrapped(_ path: String, _ body: [String: any Sendable] = [:]) async throws -> String {
        try await call("POST", path, body, headers: ["X-Vault-Wrap-TTL": "300"]).required("wrap_info.token")
    }

    /// Opens a wrapping token, as whoever stole it would.
    @discardableResult
    package func unwrap(_ token: String) async throws -> BaoReply {
        try await with(token: token).expect("POST", "sys/wrapping/unwrap")
    }

    /// What is left of the life of a token, in seconds; nil for a token that is not there.
    package func remainingSeconds(of token: String) async throws -> Int? {
        try await call("POST", "auth/token/lookup", ["token": token]).int("data.ttl")
    }
}
