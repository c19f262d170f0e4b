#if os(Linux)
import Foundation
import HTTPTransport
import OpenBaoTestSupport
import Testing

/// Whom a transport trusts, and who it says that it is.
@Suite("Settings of TLS")
struct IdentityTests {
    private let servers: TLSServers

    init() async throws { servers = try await TLSServers.shared }

    @Test("Authorities are trusted from a file or a folder", arguments: Libraries.installed)
    func authorities(_ library: String) async throws {
        var folder = HTTPTransportSettings()
        folder.authorityFolder = servers.path("authorities")
        for settings in [servers.settings(), folder] {
            let transport = Libraries.transport(settings, library)
            #expect(try await transport.get(try servers.url("good")).status == 200)
            #expect(try await transport.get(try servers.url("good", host: "127.0.0.1")).status == 200)
        }
    }

    @Test("A file takes the place of all others", arguments: Libraries.installed)
    func replaced(_ library: String) async throws {
        let settings = servers.settings { $0.authorityFile = servers.path("stranger-ca.pem") }
        let outcome = await Libraries.transport(settings, library).outcome(try servers.url("good"))
        #expect(outcome == .failure(.untrustedCertificate))
    }

    @Test("A server may be known by another name, and is still told its own", arguments: Libraries.installed)
    func serverName(_ library: String) async throws {
        let transport = Libraries.transport(servers.settings { $0.serverName = "vault.example" }, library)
        let url = try servers.url("elsewhere", host: "127.0.0.1", "/path?a=b")
        let text = String(decoding: try await transport.get(url).body, as: UTF8.self)
        #expect(text.contains(#""host": "127.0.0.1:"#) && text.contains(#""path": "/path?a=b""#), "\(text)")
        let error = try #require(await transport.error(try servers.url("good")))
        #expect(error.code == .wrongHost)
        #expect(error.detail?.contains("not for 'vault.example'") == true, "\(error)")
    }

    @Test("Any certificate is accepted where that is set", arguments: Libraries.installed)
    func anything(_ library: String) async throws {
        let transport = Libraries.transport(servers.settings { $0.acceptsAnyCertificate = true }, library)
        for server in ["good", "expired", "elsewhere", "selfsigned", "odd"] {
            #expect(try await transport.get(try servers.url(server)).status == 200)
        }
    }

    @Test("A connection that accepted anything is nobody else's")
    func separate() async throws {
        let careless = servers.settings { $0.acceptsAnyCertificate = true }.transport()
        #expect(try await careless.get(try servers.url("selfsigned")).status == 200)
        #expect(
            await servers.settings().transport().outcome(try servers.url("selfsigned"))
                == .failure(.untrustedCertificate)
        )
    }

    @Test("What is wrong with a file is said, with its path", arguments: Libraries.installed)
    func files(_ library: String) async throws {
        let junk = servers.path("ca.cnf")
        let rows: [(String, (inout HTTPTransportSettings) -> Void)] = [
            ("'\(junk)x' cannot be read: No such file", { $0.authorityFile = junk + "x" }),
            ("'\(junk)' holds no certificate", { $0.authorityFile = junk }),
            (
                "folder of authorities '\(junk)' cannot be read",
                { ($0.authorityFile, $0.authorityFolder) = (nil, junk) }
            ),
            ("certificate '\(junk)x' cannot be read", { $0.clientCertificate = junk + "x" }),
            ("certificate '\(junk)' holds no certificate", { $0.clientCertificate = junk }),
            ("holds no private key", { $0.clientCertificate = servers.path("client.pem") }),
            (
                "has a passphrase",
                {
                    $0.clientCertificate = servers.path("client.pem")
                    $0.clientKey = servers.path("client-locked.key")
                }
            ),
            (
                "does not fit",
                {
                    $0.clientCertificate = servers.path("client.pem")
                    $0.clientKey = servers.path("stranger.key")
                }
            ),
        ]
        for (words, change) in rows {
            let transport = Libraries.transport(servers.settings(change), library)
            let error = try #require(await transport.error(try servers.url("mutual")), "\(words)")
            #expect(error.code == .invalidSettings, "\(words): \(error)")
            #expect(error.detail?.contains(words) == true, "\(words): \(error)")
        }
    }

    @Test("A client certificate that was renewed is used for the next connection")
    func renewed() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(unique("keyhooks-renewed"))
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(at: folder) }
        let (certificate, key) = (folder.appendingPathComponent("a.pem"), folder.appendingPathComponent("a.key"))
        try FileManager.default.copyItem(atPath: servers.path("stranger.pem"), toPath: certificate.path)
        try FileManager.default.copyItem(atPath: servers.path("stranger.key"), toPath: key.path)
        let transport = servers.settings { ($0.clientCertificate, $0.clientKey) = (certificate.path, key.path) }
            .transport()
        #expect(await transport.outcome(try servers.url("mutual")) == .failure(.clientCertificateRequired))
        try Data(contentsOf: URL(fileURLWithPath: servers.path("client.pem"))).write(to: certificate)
        try Data(contentsOf: URL(fileURLWithPath: servers.path("client.key"))).write(to: key)
        #expect(try await transport.get(try servers.url("mutual")).status == 200)
    }

    @Test("A Unix socket takes the place of the host, with and without TLS", arguments: Libraries.installed)
    func socket(_ library: String) async throws {
        let plain = Libraries.transport(servers.settings { $0.unixSocket = servers.path("plain.sock") }, library)
        let text = String(decoding: try await plain.get("http://vault.example/v1").body, as: UTF8.self)
        #expect(text.contains(#""server": "socket""#) && text.contains(#""host": "vault.example""#), "\(text)")
        let secure = Libraries.transport(servers.settings { $0.unixSocket = servers.path("tls.sock") }, library)
        #expect(try await secure.get("https://localhost/v1").status == 200)
        #expect(await secure.outcome("https://vault.example/v1") == .failure(.wrongHost))
        let nowhere = Libraries.transport(servers.settings { $0.unixSocket = servers.path("none.sock") }, library)
        #expect(await nowhere.outcome("http://vault.example/v1") == .failure(.cannotConnect))
    }
}
#endif
