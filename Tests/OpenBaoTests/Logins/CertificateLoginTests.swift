import Foundation
import HTTPTransport
import KeyHooks
import OpenBao
import OpenBaoTestSupport
import Testing

@Suite("Logging in by the certificate of the connection")
struct CertificateLoginTests {
    @Test("The client certificate logs in; without one the login is refused")
    func certificate() async throws {
        let port = try freePort()
        let listeners: (URL) throws -> String = { folder in
            let authority = try TestAuthority(in: folder)
            let server = try authority.issue("server", "serverAuth", names: "DNS:localhost")
            for name in ["client", "other"] { _ = try authority.issue(name, "clientAuth") }
            return """
                listener "tcp" {
                address = "127.0.0.1:\(port)"
                cluster_address = "127.0.0.1:0"
                tls_cert_file = "\(server.certificate)"
                tls_key_file = "\(server.key)"
                }

                """
        }
        try await withServer(listeners: listeners) { server in
            var vault = try await Vault(server)
            // What is refused on a connection is tried once more after a while.
            vault.isInRealTime = true
            try await vault.fill()
            let mount = try await vault.admin.enable("cert")
            func path(_ name: String) -> String { server.folder.appendingPathComponent(name).path }
            let role = [
                "certificate": try String(contentsOfFile: path("ca.pem"), encoding: .utf8),
                "allowed_common_names": "client", "token_policies": try await vault.reading,
            ]
            try await vault.admin.expect("POST", "auth/\(mount)/certs/web", role)
            for name in [nil, "web"] {
                let login = OpenBaoLogin.certificate(role: name).at(mount)
                func resolver(_ certificate: String?) throws -> KeyResolver {
                    try vault.resolver([login]) {
                        $0.addresses = ["https://localhost:\(port)"]
                        $0.transport.authorityFile = path("ca.pem")
                        $0.transport.clientCertificate = certificate.map { path("\($0).pem") }
                        $0.transport.clientKey = certificate.map { path("\($0).key") }
                    }
                }
                #expect(try await resolver("client").value("openai") == "sk-1")
                let refused = await (try resolver(nil)).failure("openai")
                #expect(refused?.code == .unauthenticated, "\(String(describing: refused))")
                #expect(refused?.remedy.contains("'clientCert'") == true)
                // One of the same authority with another name.
                #expect(await (try resolver("other")).failure("openai")?.code == .unauthenticated)
            }
        }
    }
}
