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

    @Test("The files of a folder may have any name, and new ones count", arguments: Libraries.installed)
    func folder(_ library: String) async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(unique("keyhooks-folder"))
        try FileManager.default.createDirectory(
            at: folder.appendingPathComponent("below"),
            withIntermediateDirectories: true
        )
        defer { try? FileManager.default.removeItem(at: folder) }
        var settings = HTTPTransportSettings()
        settings.authorityFolder = folder.path
        let transport = Libraries.transport(settings, library)
        let url = try servers.url("good")
        let empty = try #require(await transport.error(url))
        #expect(empty.setting == .authorityFolder)
        #expect(empty.detail?.contains("a folder with no certificate in the format PEM") == true, "\(empty)")
        // A key beside it must not ask for its passphrase.
        for name in ["client-locked.key", "ca.cnf", "stranger-ca.pem", "ca.pem"] {
            let copy = folder.appendingPathComponent("a-\(name)")
            try FileManager.default.copyItem(atPath: servers.path(name), toPath: copy.path)
        }
        try await until("the folder is read again") { await transport.outcome(url).isAnswer }
        // With a file, both count.
        settings.authorityFile = servers.path("stranger-ca.pem")
        #expect(await Libraries.transport(settings, library).outcome(url).isAnswer)
        try FileManager.default.removeItem(at: folder.appendingPathComponent("a-ca.pem"))
        settings.authorityFile = servers.path("ca.pem")
        let both = Libraries.transport(settings, library)
        #expect(await both.outcome(url).isAnswer)
        let odd = try servers.url("odd")
        #expect(await both.outcome(odd).isAnswer)
    }

    @Test("A pipe is refused and not waited for", .timeLimit(.minutes(1)), arguments: Libraries.installed)
    func pipe(_ library: String) async throws {
        let pipe = FileManager.default.temporaryDirectory.appendingPathComponent(unique("keyhooks-pipe")).path
        try #require(mkfifo(pipe, 0o600) == 0)
        defer { unlink(pipe) }
        let rows: [(HTTPTransportError.Setting, (inout HTTPTransportSettings) -> Void)] = [
            (.authorityFile, { $0.authorityFile = pipe }),
            (.authorityFolder, { ($0.authorityFile, $0.authorityFolder) = (nil, pipe) }),
            (.clientCertificate, { $0.clientCertificate = pipe }),
            (.clientKey, { ($0.clientCertificate, $0.clientKey) = (servers.path("client.pem"), pipe) }),
        ]
        for (setting, change) in rows {
            let transport = Libraries.transport(servers.settings(change), library)
            let error = try #require(await transport.error(try servers.url("mutual")))
            #expect(error.setting == setting, "\(error)")
            #expect(error.detail?.contains("which isn't a file") == true, "\(error)")
        }
    }

    @Test("A damaged certificate is reported with its place", arguments: Libraries.installed)
    func damaged(_ library: String) async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(unique("keyhooks-damaged"))
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(at: folder) }
        let good = try String(contentsOfFile: servers.path("stranger-ca.pem"), encoding: .utf8)
        let bad = "-----BEGIN CERTIFICATE-----\nMIIBszCCAVmgAwIBAgIU\n-----END CERTIFICATE-----\n"
        let bundle = folder.appendingPathComponent("bundle.pem")
        try Data((good + bad).utf8).write(to: bundle)
        var settings = HTTPTransportSettings()
        settings.authorityFile = bundle.path
        let url = try servers.url("good")
        let file = try #require(await Libraries.transport(settings, library).error(url))
        #expect(file.setting == .authorityFile)
        #expect(
            file.detail?.contains("names '\(bundle.path)', whose certificate number 2 is damaged") == true,
            "\(file)"
        )
        (settings.authorityFile, settings.authorityFolder) = (nil, folder.path)
        let error = try #require(await Libraries.transport(settings, library).error(url))
        #expect(error.setting == .authorityFolder)
        #expect(error.detail?.contains("whose file 'bundle.pem' has a damaged certificate") == true, "\(error)")
    }

    @Test("A file takes the place of all others", arguments: Libraries.installed)
    func replaced(_ library: String) async throws {
        let settings = servers.settings { $0.authorityFile = servers.path("stranger-ca.pem") }
        let outcome = await Libraries.transport(settings, library).outcome(try servers.url("good"))
        #expect(outcome == .failure(.untrustedCertificate))
    }

    @Test("A server may be known by another name, and still gets its own", arguments: Libraries.installed)
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
        let client = servers.path("client.pem")
        let rows: [(HTTPTransportError.Setting, String, (inout HTTPTransportSettings) -> Void)] = [
            (
                .authorityFile, "names '\(junk)x', which can't be read: no such file or directory",
                { $0.authorityFile = junk + "x" }
            ),
            (.authorityFile, "names '\(junk)', which holds no certificate", { $0.authorityFile = junk }),
            (.authorityFile, "a folder; use 'authorityFolder'", { $0.authorityFile = servers.folder }),
            (
                .authorityFolder, "a file; use 'authorityFile'",
                { ($0.authorityFile, $0.authorityFolder) = (nil, junk) }
            ),
            (.clientCertificate, "names '\(junk)x', which can't be read", { $0.clientCertificate = junk + "x" }),
            (.clientCertificate, "names '\(junk)', which holds no certificate", { $0.clientCertificate = junk }),
            (
                .clientCertificate, "which holds no private key in the format PEM; set 'clientKey'",
                { $0.clientCertificate = client }
            ),
            (
                .clientKey, "whose key has a passphrase; write it without one: openssl pkey -in KEY -out NEWKEY",
                { ($0.clientCertificate, $0.clientKey) = (client, servers.path("client-locked.key")) }
            ),
            (
                .clientKey, "which does not fit 'clientCertificate', '\(client)'",
                { ($0.clientCertificate, $0.clientKey) = (client, servers.path("stranger.key")) }
            ),
        ]
        for (setting, words, change) in rows {
            let transport = Libraries.transport(servers.settings(change), library)
            let error = try #require(await transport.error(try servers.url("mutual")), "\(words)")
            #expect(error.code == .invalidSettings, "\(words): \(error)")
            #expect(error.setting == setting, "\(words): \(error)")
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
