import Foundation
import KeyHooks
import OpenBao
import OpenBaoTestSupport

/// A file with a credential that a test may write again.
struct CredentialFile: ~Copyable {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent(unique("credential")).path

    init(_ text: String) throws { try write(text) }

    var reference: SecretReference { .file(path) }

    func write(_ text: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}

extension Vault {
    /// A resolver that logs in in these ways, for one secret a project, which is read each time.
    func resolver(
        _ logins: [OpenBaoLogin],
        environment: [String: String] = [:],
        _ change: (inout OpenBaoConfiguration) throws -> Void = { _ in }
    ) throws -> KeyResolver {
        try resolver(environment: environment) {
            $0.token = nil
            $0.logins = logins
            $0.settings.cache.timeToLive = .zero
            $0.random = { 0 }
            try change(&$0)
        }
    }

    /// Writes the secret that these tests read.
    func fill() async throws {
        try await admin.put(mount, "ai/providers", ["OPENAI_API_KEY": "sk-1"])
    }

    /// A policy for that secret.
    var reading: String {
        get async throws { try await policy(reading: "ai/*") }
    }

    /// An AppRole with what its tokens are like, such as `["token_ttl": "600s"]`.
    func role(_ members: [String: any Sendable], policy: String? = nil) async throws -> TestRole {
        let method = try await admin.enable("approle")
        let policy = if let policy { policy } else { try await reading }
        let body = members.merging(["token_policies": policy]) { $1 }
        try await admin.expect("POST", "auth/\(method)/role/reader", body)
        return TestRole(
            method: method,
            roleID: try await admin.expect("GET", "auth/\(method)/role/reader/role-id").required("data.role_id"),
            secretID: try await admin.createSecretID(mount: method, "reader")
        )
    }

    /// How many requests there were to a path, such as `auth/token/renew-self`, from who may be anybody.
    func requests(to path: String) throws -> Int { try server.requests().count { $0.path == path } }

    /// How many logins there were at a mount, by whatever path below it.
    func logins(at mount: String) throws -> Int {
        try server.requests(pathContaining: "auth/\(mount)/login").count { $0.operation == "update" }
    }
}

extension TestRole {
    /// The role as one of several logins.
    var login: OpenBaoLogin {
        var login = OpenBaoLogin.appRole(roleID: .literal(roleID), secretID: .environment("TEST_SECRET_ID"))
        login.mount = method
        return login
    }
}

extension OpenBaoLogin {
    /// The same at a mount.
    func at(_ mount: String) -> Self {
        var login = self
        login.mount = mount
        return login
    }

    /// The same, leading to the next one after these failures.
    func next(_ failures: Failure...) -> Self {
        var login = self
        login.next = Set(failures)
        return login
    }

    /// The same with each request.
    var inline: Self {
        var login = self
        login.isInline = true
        return login
    }
}
