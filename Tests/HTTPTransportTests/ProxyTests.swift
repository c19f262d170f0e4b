#if os(Linux)
import Foundation
import HTTPTransport
import OpenBaoTestSupport
import Synchronization
import Testing

/// Requests through a proxy on loopback for a host that only the proxy knows.
@Suite("Proxies")
struct ProxyTests {
    private let servers: TLSServers

    init() async throws { servers = try await TLSServers.shared }

    /// Remembers heads of requests.
    private final class Heads: Sendable {
        private let texts = Mutex<[String]>([])
        func add(_ text: String) { texts.withLock { $0.append(text) } }
        var all: [String] { texts.withLock { $0 } }
    }

    private func transport(_ proxy: String, exceptions: [String] = [], _ settings: HTTPTransportSettings? = nil)
        -> any HTTPTransport
    {
        var settings = settings ?? HTTPTransportSettings()
        settings.proxy = .url(proxy, exceptions: exceptions)
        return settings.transport()
    }

    @Test("A plain request goes to the proxy as a whole URL, with the proxy's login")
    func plain() async throws {
        let heads = Heads()
        let proxy = try RawServer { connection in
            guard let head = connection.request() else { return }
            heads.add(head)
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        }
        let transport = transport("http://user:pa%40ss@127.0.0.1:\(proxy.port)")
        let response = try await transport.get("http://vault.test/v1/a", headers: ["X-Vault-Token": "s.1"])
        #expect(response.status == 200)
        let head = try #require(heads.all.first)
        #expect(head.hasPrefix("GET http://vault.test/v1/a HTTP/1.1\r\n"))
        #expect(head.contains("Proxy-Authorization: Basic \(Data("user:pa@ss".utf8).base64EncodedString())"))
        #expect(transport.proxy(for: "http://vault.test/v1/a") == "127.0.0.1:\(proxy.port)")
    }

    @Test("A request over TLS goes through a tunnel, and the proxy sees no token")
    func tunnel() async throws {
        let heads = Heads()
        let target = try #require(URLComponents(string: try servers.url("good"))?.port)
        let proxy = try RawServer { connection in
            guard let head = connection.request() else { return }
            heads.add(head)
            connection.send("HTTP/1.1 200 Connection established\r\nX-Proxy: 1\r\n\r\n")
            connection.relay(to: target)
        }
        let settings = servers.settings { $0.serverName = "localhost" }
        let transport = transport("http://127.0.0.1:\(proxy.port)", settings)
        let response = try await transport.get("https://vault.test/v1/a", headers: ["X-Vault-Token": "s.1"])
        #expect(response.status == 200)
        #expect(response.headers["x-proxy"] == nil)
        let head = try #require(heads.all.first)
        #expect(head.hasPrefix("CONNECT ") && !head.contains("s.1") && !head.contains("Vault"), "\(head)")
    }

    @Test("A certificate is looked at through the tunnel too")
    func certificate() async throws {
        let target = try #require(URLComponents(string: try servers.url("selfsigned"))?.port)
        let proxy = try RawServer { connection in
            guard connection.request() != nil else { return }
            connection.send("HTTP/1.1 200 OK\r\n\r\n")
            connection.relay(to: target)
        }
        let transport = transport("http://127.0.0.1:\(proxy.port)", servers.settings())
        let error = try #require(await transport.error("https://vault.test/"))
        #expect(error.code == .untrustedCertificate)
        #expect(error.subject?.contains("localhost") == true)
    }

    @Test("A proxy that is asked over TLS is judged by the same authorities", arguments: Libraries.installed)
    func secure(_ library: String) async throws {
        let url = "http://vault.test/v1/a"
        func transport(_ server: String, _ settings: HTTPTransportSettings) throws -> any HTTPTransport {
            var settings = settings
            settings.proxy = .url(try servers.url(server, ""))
            return Libraries.transport(settings, library)
        }
        #expect(try await transport("good", servers.settings()).outcome(url).isAnswer)
        var folder = HTTPTransportSettings()
        folder.authorityFolder = servers.path("authorities")
        #expect(try await transport("good", folder).outcome(url).isAnswer)
        for (server, settings, words) in [
            ("good", HTTPTransportSettings(), "the proxy's certificate isn't trusted"),
            ("elsewhere", servers.settings(), "the proxy's certificate is for another host"),
            ("plain", servers.settings(), "the proxy speaks plain HTTP"),
        ] {
            for url in [url, "https://vault.test/v1/a"] {
                var settings = settings
                settings.proxy = .url(try servers.url(server, "").replacing("http:", with: "https:"))
                let error = try #require(await Libraries.transport(settings, library).error(url), "\(words)")
                #expect(error.code == .proxyFailed, "\(error)")
                #expect(error.detail?.contains(words) == true, "\(error)")
            }
        }
    }

    @Test("A proxy that refuses is named as the fault", arguments: [407, 403, 502])
    func refusal(_ status: Int) async throws {
        let proxy = try RawServer { connection in
            while connection.request() != nil {
                connection.send("HTTP/1.1 \(status) No\r\nContent-Length: 2\r\n\r\nno")
            }
        }
        let transport = transport("http://user:secret@127.0.0.1:\(proxy.port)", servers.settings())
        let error = try #require(await transport.error("https://vault.test/"))
        #expect(error.code == .proxyFailed, "\(error)")
        #expect(error.detail?.contains("(\(status))") == true, "\(error)")
        #expect(!"\(error)".contains("secret"))
        if status == 407 {
            #expect(await transport.outcome("http://vault.test/") == .failure(.proxyFailed))
        }
    }

    @Test("A proxy that cannot be reached, has no address or is none is the proxy's fault")
    func unreachable() async throws {
        let port = try freePort()
        for proxy in ["http://127.0.0.1:\(port)", "http://no-such-host.invalid:1", "socks5h://127.0.0.1:\(port)"] {
            #expect(await transport(proxy).outcome("http://vault.test/") == .failure(.proxyFailed), "\(proxy)")
        }
        let silent = try RawServer { connection in
            connection.send([5, 255])
        }
        #expect(
            await transport("socks5h://127.0.0.1:\(silent.port)").outcome("http://vault.test/")
                == .failure(.proxyFailed)
        )
        for proxy in ["", "ftp://a:1", "http://", "http://a b:1", "http://a:1\r\nX: y"] {
            #expect(await transport(proxy).outcome("http://vault.test/") == .failure(.invalidSettings), "\(proxy)")
        }
    }

    @Test(
        "This very machine and exceptions are asked directly",
        arguments: ["localhost", "127.0.0.1", "127.0.0.2", "[::1]"]
    )
    func direct(_ host: String) async throws {
        let proxy = try RawServer { connection in connection.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nproxy") }
        let server = try RawServer { connection in
            guard connection.request() != nil else { return }
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\ndirect")
        }
        let transport = transport("http://127.0.0.1:\(proxy.port)", exceptions: ["10.0.0.0/8", "vault.test"])
        let url = "http://\(host):\(server.port)/"
        #expect(transport.proxy(for: url) == nil)
        let outcome = await transport.outcome(url)
        // The server listens on 127.0.0.1 only.
        let isThere = host == "localhost" || host == "127.0.0.1"
        #expect(outcome == (isThere ? .answer(200, "direct") : .failure(.cannotConnect)))
        #expect(proxy.connections == 0)
        #expect(transport.proxy(for: "http://a.vault.test") == nil)
        #expect(transport.proxy(for: "http://10.9.8.7") == nil)
        #expect(transport.proxy(for: "http://11.9.8.7") != nil)
    }
}
#endif
