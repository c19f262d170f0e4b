#if os(Linux)
import Foundation
import HTTPTransport
import OpenBaoTestSupport
import Testing

/// A real OpenBao over TLS with a private authority, with and without client certificates, and over a Unix socket.
@Suite("OpenBao over TLS")
struct RealServerTests {
    /// A server that is not initialised, which suffices to speak with it; it ends with this object.
    private final class Server: Sendable {
        let port: Int
        let mutualPort: Int
        let folder: URL
        private let process = Process()
        private let input = Pipe()

        init(_ files: TLSServers) async throws {
            (port, mutualPort) = (try freePort(), try freePort())
            folder = FileManager.default.temporaryDirectory.appendingPathComponent(unique("keyhooks-bao"))
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
            let tls = """
                tls_cert_file = "\(files.path("good.pem"))"
                tls_key_file = "\(files.path("good.key"))"
                """
            let configuration = """
                api_addr = "https://127.0.0.1:\(port)"
                storage "inmem" {}
                listener "tcp" {
                  address = "127.0.0.1:\(port)"
                  \(tls)
                }
                listener "tcp" {
                  address = "127.0.0.1:\(mutualPort)"
                  \(tls)
                  tls_require_and_verify_client_cert = true
                  tls_client_ca_file = "\(files.path("ca.pem"))"
                }
                listener "unix" { address = "\(folder.path)/bao.sock" }
                """
            try Data(configuration.utf8).write(to: folder.appendingPathComponent("config.hcl"))
            // Installs the binary, too.
            _ = try await BaoServer.shared
            let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
                .appendingPathComponent("Support/openbao.sh").path
            process.executableURL = URL(fileURLWithPath: "/bin/sh")
            // It ends with its standard input, and so with this process.
            let command = #""$("$0" binary)" server -config="$1/config.hcl" & cat >/dev/null; kill $!; rm -rf "$1""#
            process.arguments = ["-c", command, script, folder.path]
            process.standardInput = input
            process.standardOutput = FileHandle.nullDevice
            process.standardError = FileHandle.nullDevice
            try process.run()
            let transport = files.settings().transport()
            let url = "https://localhost:\(port)/v1/sys/seal-status"
            try await until("OpenBao listens") { await transport.outcome(url).isAnswer }
        }

        deinit { try? input.fileHandleForWriting.close() }
    }

    @Test("It answers over TLS, to clients it knows, over a socket, and says what is wrong")
    func real() async throws {
        let files = try await TLSServers.shared
        let server = try await Server(files)
        let path = "/v1/sys/seal-status"
        for library in Libraries.installed {
            let url = "https://localhost:\(server.port)\(path)"
            #expect(await Libraries.transport(files.settings(), library).outcome(url).isAnswer)
            let untrusting = Libraries.transport(HTTPTransportSettings(), library)
            #expect(await untrusting.outcome(url) == .failure(.untrustedCertificate))
            let mutual = "https://localhost:\(server.mutualPort)\(path)"
            var codes: [HTTPTransportError.Code] = []
            for _ in 0..<5 {
                let unknown = Libraries.transport(files.settings(), library)
                codes.append(try #require(await unknown.error(mutual)).code)
            }
            // With GnuTLS the alert gets lost now and then, when the server's reset is faster.
            let isSure = library == "libcurl.so.4"
            #expect(codes.contains(.clientCertificateRequired))
            #expect(
                codes.allSatisfy { $0 == .clientCertificateRequired || !isSure && $0 == .connectionLost },
                "\(codes)"
            )
            let known = files.settings { $0.clientCertificate = files.path("client-both.pem") }
            #expect(await Libraries.transport(known, library).outcome(mutual).isAnswer)
            let socket = files.settings { $0.unixSocket = "\(server.folder.path)/bao.sock" }
            #expect(await Libraries.transport(socket, library).outcome("http://localhost\(path)").isAnswer)
            // Go answers plain HTTP on a port of TLS in words.
            let plain = try await untrusting.get("http://localhost:\(server.port)\(path)")
            #expect(plain.status == 400)
            #expect(String(decoding: plain.body, as: UTF8.self).contains("HTTP request to an HTTPS server"))
        }
        let plain = try await BaoServer.shared.address
        #expect(await files.settings().transport().outcome("https" + plain.dropFirst(4) + path) == .failure(.plainHTTP))
    }

    @Test("Requests share one connection of HTTP/2")
    func http2() async throws {
        let files = try await TLSServers.shared
        let server = try await Server(files)
        let port = server.port
        let relay = try RawServer { $0.relay(to: port) }
        let transport = files.settings().transport()
        let url = "https://localhost:\(relay.port)/v1/sys/seal-status"
        #expect(await transport.outcome(url).isAnswer)
        let outcomes = await withTaskGroup(of: Outcome.self) { group in
            for _ in 0..<50 { group.addTask { await transport.outcome(url) } }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(outcomes.count(where: \.isAnswer) == 50)
        // Fifty at once over HTTP/1.1 would need as many.
        #expect(relay.connections == 1)
    }
}
#endif
