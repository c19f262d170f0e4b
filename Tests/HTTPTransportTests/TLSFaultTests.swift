#if os(Linux)
import Foundation
import HTTPTransport
import OpenBaoTestSupport
import Testing

/// The faults of TLS are kept apart, with each library that is installed.
@Suite("Faults of TLS")
struct TLSFaultTests {
    private let servers: TLSServers

    init() async throws { servers = try await TLSServers.shared }

    @Test(
        "A certificate that isn't right is named by its kind, with its subject, and gets no request",
        arguments: Libraries.installed,
        [
            ("good", false, .untrustedCertificate, "localhost", "KeyHooks ca"),
            ("odd", true, .untrustedCertificate, "odd", "KeyHooks stranger-ca"),
            ("selfsigned", true, .untrustedCertificate, "localhost", "self-signed"),
            ("expired", true, .expiredCertificate, "localhost", "until 2020-02-01"),
            ("future", true, .certificateNotYetValid, "localhost", "from 2040-01-01"),
            ("elsewhere", true, .wrongHost, "vault.example", "not for 'localhost'"),
        ] as [(String, Bool, HTTPTransportError.Code, String, String)]
    )
    func certificate(_ library: String, _ row: (String, Bool, HTTPTransportError.Code, String, String)) async throws {
        let (server, isTrusting, code, subject, detail) = row
        let settings = isTrusting ? servers.settings() : HTTPTransportSettings()
        let path = "/\(unique("fault"))"
        let error = try #require(await Libraries.transport(settings, library).error(try servers.url(server, path)))
        #expect(error.code == code, "\(error)")
        #expect(error.subject?.contains(subject) == true, "\(error)")
        #expect(error.detail?.contains(detail) == true, "\(error)")
        #expect("\(error)".utf8.allSatisfy { (0x20...0x7E).contains($0) })
        #expect(try await servers.requests(path) == 0)
    }

    @Test("A server that wants a certificate says so", arguments: Libraries.installed, ["mutual", "mutual12"])
    func clientCertificate(_ library: String, _ server: String) async throws {
        let url = try servers.url(server)
        let none = try await fault(of: servers.settings(), library, url)
        // Before TLS 1.3 there was no word of its own for it.
        let codes: [HTTPTransportError.Code] =
            server == "mutual" ? [.clientCertificateRequired] : [.clientCertificateRequired, .insecure]
        #expect(codes.contains(none.code), "\(none)")
        let stranger = servers.settings {
            $0.clientCertificate = servers.path("stranger.pem")
            $0.clientKey = servers.path("stranger.key")
        }
        let other = try await fault(of: stranger, library, url)
        #expect(other.code == .clientCertificateRequired, "\(other)")
        for (certificate, key) in [("client.pem", "client.key"), ("client-both.pem", nil)] {
            let right = servers.settings {
                $0.clientCertificate = servers.path(certificate)
                $0.clientKey = key.map(servers.path)
            }
            #expect(try await Libraries.transport(right, library).get(url).status == 200)
        }
    }

    /// The fault of a request; with GnuTLS, what the server says gets lost now and then when its reset is faster.
    private func fault(
        of settings: HTTPTransportSettings,
        _ library: String,
        _ url: String
    ) async throws -> HTTPTransportError {
        var error = try #require(await Libraries.transport(settings, library).error(url))
        for _ in 0..<5 where library != "libcurl.so.4" && error.code == .connectionLost {
            error = try #require(await Libraries.transport(settings, library).error(url))
        }
        return error
    }

    @Test("A server of plain HTTP is called that", arguments: Libraries.installed)
    func plain(_ library: String) async throws {
        let server = try RawServer { connection in
            // As servers of Go and others do with what is no request.
            connection.send("HTTP/1.0 400 Bad Request\r\n\r\n")
            connection.waitForEnd()
        }
        let transport = Libraries.transport(servers.settings(), library)
        #expect(await transport.outcome("https://127.0.0.1:\(server.port)/") == .failure(.plainHTTP))
    }

    @Test("A server of TLS that is asked by plain HTTP gives no answer of HTTP", arguments: Libraries.installed)
    func unexpected(_ library: String) async throws {
        let outcome = await Libraries.transport(servers.settings(), library)
            .outcome(try servers.url("good", scheme: "http"))
        #expect([.failure(.invalidAnswer), .failure(.connectionLost)].contains(outcome))
    }

    @Test("A handshake that is never answered ends in time, and one that breaks off is a lost connection")
    func silence() async throws {
        let port = try RawServer { $0.waitForEnd() }
        let transport = servers.settings().transport()
        var shortest = Duration.seconds(60)
        // What else the machine does falls on some tries only.
        for _ in 1...3 where shortest >= .seconds(5) {
            let start = ContinuousClock.now
            #expect(
                await transport.outcome("https://127.0.0.1:\(port.port)/", timeout: .milliseconds(300))
                    == .failure(.timedOut)
            )
            shortest = min(shortest, ContinuousClock.now - start)
        }
        #expect(shortest < .seconds(5))
        let closing = try RawServer { _ in }
        #expect(await transport.outcome("https://127.0.0.1:\(closing.port)/") == .failure(.connectionLost))
    }
}
#endif
