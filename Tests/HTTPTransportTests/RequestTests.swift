#if os(Linux)
import HTTPTransport
import Testing

@testable import HTTPTransport

/// What is sent, and what is refused before anything is.
@Suite("Requests")
struct RequestTests {
    private let transport = HTTPTransportSettings().transport()

    private func echo() throws -> RawServer {
        try RawServer { connection in
            while let request = connection.request() {
                connection.send("HTTP/1.1 200 OK\r\nContent-Length: \(request.utf8.count)\r\n\r\n\(request)")
            }
        }
    }

    @Test("A path is sent as it is", arguments: ["/", "/a/../b", "/a//b/./c", "/%2e%2e/%00?a=b&c", "/a?b=/../c"])
    func path(_ path: String) async throws {
        let server = try echo()
        let text = String(decoding: try await transport.get(server.url(path)).body, as: UTF8.self)
        #expect(text.hasPrefix("GET \(path) HTTP/1.1\r\n"), "\(text)")
    }

    @Test("Nothing is sent that was not asked for")
    func fields() async throws {
        let server = try echo()
        let text = String(
            decoding: try await transport.get(server.url(), headers: ["X-Empty": ""]).body,
            as: UTF8.self
        )
        let names = text.split(separator: "\r\n").dropFirst().map { $0.prefix { $0 != ":" } }
        #expect(Set(names) == ["Host", "User-Agent", "Accept", "Accept-Encoding", "X-Empty"], "\(text)")
        #expect(text.contains("Accept-Encoding: identity\r\n"))
    }

    @Test("Methods are sent as they are", arguments: ["GET", "LIST", "DELETE", "PATCH", "OPTIONS"])
    func methods(_ method: String) async throws {
        let server = try echo()
        let request = HTTPTransportRequest(method: method, url: server.url("/a"))
        let response = try await transport.send(request, timeout: .seconds(20), limit: 1 << 16)
        #expect(String(decoding: response.body, as: UTF8.self).hasPrefix("\(method) /a HTTP/1.1\r\n"))
    }

    @Test(
        "Without a body, a method that means one says that there is none",
        arguments: ["POST", "PUT", "PATCH", "GET"]
    )
    func noBody(_ method: String) async throws {
        let server = try echo()
        let request = HTTPTransportRequest(method: method, url: server.url("/a"))
        let response = try await transport.send(request, timeout: .seconds(20), limit: 1 << 16)
        let text = String(decoding: response.body, as: UTF8.self)
        #expect(text.hasPrefix("\(method) /a HTTP/1.1\r\n"))
        #expect(text.contains("Content-Length: 0\r\n") == (method != "GET"), "\(text)")
    }

    @Test(
        "A field that would not be sent as it is makes the request fail",
        arguments: [
            (["x-a": "1", "X-A": "2"], "'x-a' is there twice"), (["Accept-Encoding": "gzip"], "'accept-encoding'"),
            (["Content-Length": "9"], "'content-length'"), (["transfer-encoding": "chunked"], "'transfer-encoding'"),
            (["Expect": "100-continue"], "'expect'"),
        ] as [([String: String], String)]
    )
    func refusedFields(_ headers: [String: String], _ words: String) async throws {
        let server = try echo()
        let error = await #expect(throws: HTTPTransportError.self) {
            try await transport.get(server.url(), headers: headers)
        }
        #expect(error?.code == .invalidRequest)
        #expect(error?.detail?.contains(words) == true, "\(error!)")
        #expect(server.connections == 0)
    }

    @Test("HEAD has no body, and the next request has one again")
    func head() async throws {
        let server = try RawServer { connection in
            while let request = connection.request() {
                connection.send(
                    "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n" + (request.hasPrefix("HEAD") ? "" : "ok")
                )
            }
        }
        for _ in 0..<3 {
            let request = HTTPTransportRequest(method: "HEAD", url: server.url())
            #expect(try await transport.send(request, timeout: .seconds(20), limit: 0).body == [])
            #expect(await transport.outcome(server.url()) == .answer(200, "ok"))
        }
    }

    @Test("An address of IPv6 works as a host")
    func ipv6() async throws {
        let server = try RawServer(isIPv6: true) { connection in
            while let request = connection.request() {
                connection.send("HTTP/1.1 200 OK\r\nContent-Length: \(request.utf8.count)\r\n\r\n\(request)")
            }
        }
        let url = "http://[::1]:\(server.port)/a"
        let text = String(decoding: try await transport.get(url).body, as: UTF8.self)
        #expect(text.contains("Host: [::1]:\(server.port)\r\n"), "\(text)")
    }

    @Test(
        "What could be read as another request is refused",
        arguments: ["a\r\nX: y", "a\nb", "a\u{0}b", "a\rb", "\u{1B}[2J", "a\u{7F}"]
    )
    func lines(_ value: String) async throws {
        let server = try echo()
        for request in [
            HTTPTransportRequest(method: "GET", url: server.url(), headers: ["X-Vault-Token": value]),
            HTTPTransportRequest(method: "GET", url: server.url(), headers: [value: "a"]),
            HTTPTransportRequest(method: value, url: server.url()),
        ] {
            let error = await #expect(throws: HTTPTransportError.self) {
                try await transport.send(request, timeout: .seconds(20), limit: 1)
            }
            #expect(error?.code == .invalidRequest)
            #expect("\(error!)".contains(value) == false)
        }
        #expect(await transport.outcome(server.url("/\(value)")) == .failure(.invalidURL))
        #expect(server.connections == 0)
    }

    @Test(
        "A URL that may be read in two ways is refused",
        arguments: [
            "", "a", "file:///etc/passwd", "ftp://a", "http://", "http:///a", "http://u:p@a", "http://a\\b",
            "http://a b",
            "http://a:0", "http://a:65536", "http://a:x", "http://[::1", "http://[a]", "http://[::1]x", "http://a%41",
            "http://ä",
            "http://a/{b}", "http://a/\u{0}", "http://a:80:80", "http://@a",
        ]
    )
    func urls(_ url: String) async {
        let error = await transport.error(url)
        #expect(error?.code == .invalidURL, "\(url)")
        #expect(error.map { !"\($0)".contains("u:p") } == true)
    }

    @Test("The parts of a URL")
    func parts() throws {
        let url = try RequestURL("HTTPS://Vault.Test.:8200?a=b#c")
        #expect(url.scheme == "https" && url.host == "vault.test" && url.port == 8200 && url.target == "/?a=b")
        #expect(try RequestURL("http://[FE80::1%25eth0]/a").host == "fe80::1%25eth0")
        #expect(try RequestURL("http://a").port == 80)
    }

    @Test("A POST is sent once, over a connection of its own: nothing repeats it")
    func once() async throws {
        let server = try RawServer { connection in
            // Answers once, and ends the connection when it has read the next.
            guard connection.request() != nil else { return }
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
            _ = connection.request()
        }
        #expect(await transport.outcome(server.url()) == .answer(200, "ok"))
        let request = HTTPTransportRequest(method: "POST", url: server.url(), body: Array("a".utf8))
        #expect(try await transport.send(request, timeout: .seconds(20), limit: 10).status == 200)
        #expect(server.connections == 2)
    }

    @Test("A POST that does no harm twice goes over a connection that is there")
    func idempotent() async throws {
        let server = try RawServer { connection in
            while connection.request() != nil {
                connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
            }
        }
        let body = Array("a".utf8)
        let request = HTTPTransportRequest(method: "POST", url: server.url(), body: body, isIdempotent: true)
        for _ in 1...3 {
            #expect(try await transport.send(request, timeout: .seconds(20), limit: 10).status == 200)
        }
        #expect(server.connections == 1)
    }
}
#endif
