import Foundation
import KeyHooks
import KeyHooksTesting
import OpenBao
import OpenBaoTestSupport
import Testing

@Suite("Logging in by a signed token")
struct IdentityTokenTests {
    private func withFolder(_ body: (URL) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(unique("issuer"))
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(at: folder) }
        try await body(folder)
    }

    @Test("A JWT of a real issuer logs in, and its file is read again at each login")
    func jwt() async throws {
        try await withFolder { folder in
            let vault = try await Vault()
            try await vault.fill()
            let issuer = try TestIssuer(in: folder)
            let mount = try await vault.admin.enable("jwt")
            try await vault.admin.expect(
                "POST",
                "auth/\(mount)/config",
                ["jwt_validation_pubkeys": [issuer.publicKey]]
            )
            let role: [String: any Sendable] = [
                "role_type": "jwt", "bound_audiences": ["keyhooks"], "user_claim": "sub", "token_ttl": "600s",
                "token_policies": try await vault.reading, "token_type": "batch",
            ]
            try await vault.admin.expect("POST", "auth/\(mount)/role/reader", role)
            let file = try CredentialFile(try issuer.token(["sub": "reader", "aud": "keyhooks"]))
            let login = OpenBaoLogin.jwt(role: "reader", token: file.reference).at(mount)
            let resolver = try vault.resolver([login])
            #expect(try await resolver.value("openai") == "sk-1")
            #expect(try vault.logins(at: mount) == 1)

            // Past the token's life; what was in the file at first would be refused.
            try file.write(try issuer.token(["sub": "reader", "aud": "other"]))
            vault.clock.advance(by: .seconds(600))
            let refused = await resolver.failure("openai")
            #expect(refused?.code == .unauthenticated, "\(String(describing: refused))")
            #expect(refused?.message.contains("JWT login (400)") == true, "\(String(describing: refused))")
            try file.write(try issuer.token(["sub": "reader", "aud": "keyhooks"]))
            vault.clock.advance(by: .seconds(2))
            #expect(try await resolver.value("openai") == "sk-1")
            #expect(try vault.logins(at: mount) == 3)
            #expect("\(try resolver.explain(service: "openai"))".contains("logs in by JWT at auth/\(mount)"))
        }
    }

    /// The server's own code asks about the token; what answers in Kubernetes' place is a stand-in.
    @Test("The token of a service account logs in, and a rotated one is read at the next login")
    func kubernetes() async throws {
        try await withFolder { folder in
            let vault = try await Vault()
            try await vault.fill()
            let reviewer = try await TokenReviewer()
            let issuer = try TestIssuer(in: folder)
            let mount = try await vault.admin.enable("kubernetes")
            let configuration: [String: any Sendable] = [
                "kubernetes_host": reviewer.address, "disable_local_ca_jwt": true, "disable_iss_validation": true,
                "kubernetes_ca_cert": try String(
                    contentsOfFile: try TestAuthority(in: folder).certificate,
                    encoding: .utf8
                ),
            ]
            try await vault.admin.expect("POST", "auth/\(mount)/config", configuration)
            let role: [String: any Sendable] = [
                "bound_service_account_names": "reader", "bound_service_account_namespaces": "apps",
                "token_policies": try await vault.reading, "token_ttl": "600s", "token_type": "batch",
            ]
            try await vault.admin.expect("POST", "auth/\(mount)/role/reader", role)
            func account(_ id: String) throws -> String {
                let account = ["name": "reader", "uid": "uid-reader"]
                let own: [String: any Sendable] = ["namespace": "apps", "serviceaccount": account]
                return try issuer.token([
                    "sub": "system:serviceaccount:apps:reader", "jti": id, "kubernetes.io": own,
                ])
            }
            let (first, second) = (try account("1"), try account("2"))
            try await reviewer.accept(first)
            let file = try CredentialFile(first)
            let resolver = try vault.resolver([.kubernetes(role: "reader", token: file.reference).at(mount)])
            #expect(try await resolver.value("openai") == "sk-1")

            try await reviewer.accept(second)
            try file.write(second)
            vault.clock.advance(by: .seconds(600))
            #expect(try await resolver.value("openai") == "sk-1")
            #expect(try vault.logins(at: mount) == 2)

            vault.clock.advance(by: .seconds(600))
            try file.write(first)
            #expect(await resolver.failure("openai")?.code == .unauthenticated)
        }
    }
}
