import ExtensionHooks
import Foundation
import HTTPTransport
import KeyHooks
import OpenBao
import OpenBaoTestSupport
import Testing

/// A real server with a private authority: one port for everybody, one for who has a certificate, and a Unix socket.
@Suite("OpenBao over TLS and a Unix socket")
struct TLSTests {
    /// Where the server listens and what its authority issued.
    private struct Place {
        let vault: Vault
        let folder: URL
        let port: Int
        let mutualPort: Int

        var authority: String { folder.appendingPathComponent("ca.pem").path }
        var client: String { folder.appendingPathComponent("client.pem").path }
        var clientKey: String { folder.appendingPathComponent("client.key").path }
        var socket: String { folder.appendingPathComponent("s").path }

        func resolver(
            _ address: String,
            _ environment: [String: String] = [:],
            _ change: (inout OpenBaoConfiguration) -> Void = { _ in }
        ) throws -> KeyResolver {
            let environment = environment.merging(["OPENAI_API_KEY": "sk-environment"]) { $1 }
            return try vault.resolver(environment: environment) {
                $0.addresses = [address]
                $0.settings.fallback = .unavailable
                change(&$0)
            }
        }
    }

    private func withPlace(_ body: (Place) async throws -> Void) async throws {
        let (port, mutualPort) = (try freePort(), try freePort())
        let listeners: (URL) throws -> String = { folder in
            let authority = try TestAuthority(in: folder)
            let server = try authority.issue("server", "serverAuth", names: "DNS:bao.test,DNS:localhost")
            _ = try authority.issue("client", "clientAuth")
            let tls = """
                cluster_address = "127.0.0.1:0"
                tls_cert_file = "\(server.certificate)"
                tls_key_file = "\(server.key)"
                """
            return """
                listener "tcp" {
                address = "127.0.0.1:\(port)"
                \(tls)
                }
                listener "tcp" {
                address = "127.0.0.1:\(mutualPort)"
                \(tls)
                tls_require_and_verify_client_cert = true
                tls_client_ca_file = "\(authority.certificate)"
                }
                listener "unix" {
                address = "\(folder.appendingPathComponent("s").path)"
                }

                """
        }
        try await withServer(listeners: listeners) { server in
            let vault = try await Vault(server)
            try await vault.admin.put(vault.mount, "ai/providers", ["OPENAI_API_KEY": "sk-tls"])
            try await body(Place(vault: vault, folder: server.folder, port: port, mutualPort: mutualPort))
        }
    }

    @Test("Whom to trust and as whom to come is set in the configuration or by OpenBao's own variables")
    func all() async throws {
        try await withPlace { place in
            try await trust(place)
            try await faults(place)
            try await client(place)
            try await socket(place)
        }
    }

    private func trust(_ place: Place) async throws {
        let address = "https://localhost:\(place.port)"
        #expect(
            try await place.resolver(address) { $0.transport.authorityFile = place.authority }.value("openai")
                == "sk-tls"
        )
        for name in ["BAO_CACERT", "VAULT_CACERT"] {
            #expect(try await place.resolver(address, [name: place.authority]).value("openai") == "sk-tls")
        }
        let unchecked = try place.resolver(address, ["VAULT_SKIP_VERIFY": "1"])
        #expect(try await unchecked.value("openai") == "sk-tls")
        #expect(
            try unchecked.explain(service: "openai").warnings.contains { $0.contains("certificate goes unchecked") }
        )
        // The name in the certificate, for a server that is reached by its number.
        let numbered = try place.resolver("https://127.0.0.1:\(place.port)") {
            $0.transport.authorityFile = place.authority
            $0.transport.serverName = "bao.test"
        }
        #expect(try await numbered.value("openai") == "sk-tls")
        #expect(try numbered.explain(service: "openai").description.contains("trusts the authorities in"))
    }

    private func faults(_ place: Place) async throws {
        // Nothing may answer for a server that cannot be reported from an impostor, although 'fallback' would allow it.
        let strange = try await place.resolver("https://localhost:\(place.port)").failure("openai")
        #expect(strange?.code == .insecure, "\(String(describing: strange))")
        #expect(strange?.remedy.contains("BAO_CACERT") == true)
        let other = try await place.resolver("https://127.0.0.1:\(place.port)", ["BAO_CACERT": place.authority])
            .failure("openai")
        #expect(
            other?.code == .insecure && other?.remedy.contains("'tlsServerName'") == true,
            "\(String(describing: other))"
        )
        let plain = try await place.resolver("http://127.0.0.1:\(place.port)").failure("openai")
        #expect(plain?.code == .insecure && plain?.remedy.contains("https://") == true, "\(String(describing: plain))")
        let address = place.vault.server.address.replacing("http:", with: "https:")
        let encrypted = try await place.resolver(address).failure("openai")
        #expect(encrypted?.code == .insecure, "\(String(describing: encrypted))")
        #expect(encrypted?.remedy.contains("http://") == true, "\(String(describing: encrypted))")
        let missing = try await place.resolver("https://localhost:\(place.port)", ["BAO_CACERT": "/nonexistent.pem"])
            .failure("openai")
        #expect(missing?.code == .invalidConfiguration, "\(String(describing: missing))")
        #expect(
            missing?.message.hasPrefix("BAO_CACERT names '/nonexistent.pem'") == true,
            "\(String(describing: missing))"
        )
        // The server's port without TLS would answer, and get the token in clear.
        for (authority, code) in [(nil, KeyResolutionError.Code.insecure), ("/nonexistent.pem", .invalidConfiguration)]
        {
            let resolver = try place.resolver("") {
                $0.addresses = ["https://localhost:\(place.port)", place.vault.server.address]
                $0.transport.authorityFile = authority
            }
            for _ in 1...2 {
                let error = await resolver.failure("openai")
                #expect(error?.code == code, "\(String(describing: error))")
                if let authority { #expect(error?.message.hasPrefix("'caCert' names '\(authority)'") == true) }
                resolver.invalidateAll()
            }
        }
    }

    private func client(_ place: Place) async throws {
        let address = "https://localhost:\(place.mutualPort)"
        let nobody = try await place.resolver(address, ["BAO_CACERT": place.authority]).failure("openai")
        #expect(nobody?.code == .insecure, "\(String(describing: nobody))")
        #expect(nobody?.remedy.contains("'clientCert'") == true, "\(String(describing: nobody))")
        let variables = [
            "BAO_CACERT": place.authority, "BAO_CLIENT_CERT": place.client, "VAULT_CLIENT_KEY": place.clientKey,
        ]
        #expect(try await place.resolver(address, variables).value("openai") == "sk-tls")
    }

    private func socket(_ place: Place) async throws {
        let resolver = try place.resolver("unix://\(place.socket)")
        #expect(try await resolver.value("openai") == "sk-tls")
        let gone = try await place.resolver("unix:///nonexistent/s") { $0.settings.fallback = .never }.failure("openai")
        #expect(gone?.code == .unavailable)
        #expect(gone?.message.contains("unix:///nonexistent/s") == true, "\(String(describing: gone))")
    }
}
