#if os(Linux)
import HTTPTransport
import Testing

/// Answers that are too much, and answers that HTTP does not allow.
@Suite("Limits and odd answers")
struct LimitTests {
    private let transport = HTTPTransportSettings().transport()

    private func outcome(limit: Int = 1 << 20, _ answer: String...) async throws -> Outcome {
        let server = try RawServer { connection in
            guard connection.request() != nil else { return }
            for part in answer where !connection.send(part) { return }
        }
        return await transport.outcome(server.url(), timeout: .seconds(20), limit: limit)
    }

    @Test("Heads without measure are refused")
    func heads() async throws {
        let ok = "HTTP/1.1 200 OK\r\n"
        let end = "Content-Length: 0\r\n\r\n"
        let field = "X-Field: \(String(repeating: "x", count: 500))\r\n"
        #expect(try await outcome(ok, String(repeating: field, count: 100), end) == .answer(200, ""))
        #expect(try await outcome(ok, String(repeating: field, count: 150), end) == .failure(.answerTooLarge))
        #expect(try await outcome(ok, String(repeating: "X: y\r\n", count: 201), end) == .failure(.answerTooLarge))
        let line = String(repeating: "x", count: 400_000)
        #expect(try await outcome(ok, "X: ", line, "\r\n", end) == .failure(.answerTooLarge))
        #expect(
            try await outcome(String(repeating: "HTTP/1.1 103 Wait\r\n\r\n", count: 16), ok, end) == .answer(200, "")
        )
        #expect(
            try await outcome(String(repeating: "HTTP/1.1 103 Wait\r\n\r\n", count: 17), ok, end)
                == .failure(.answerTooLarge)
        )
    }

    @Test("A body that is announced as too long is refused before it comes")
    func announced() async throws {
        let server = try RawServer { connection in
            _ = connection.request()
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n")
            connection.waitForEnd()
        }
        #expect(await transport.outcome(server.url(), limit: 1000) == .failure(.answerTooLarge))
    }

    @Test("A body without end is cut off at the limit", arguments: ["Transfer-Encoding: chunked\r\n\r\n", "\r\n"])
    func endless(_ rest: String) async throws {
        let server = try RawServer { connection in
            _ = connection.request()
            connection.send("HTTP/1.1 200 OK\r\n" + rest)
            let block =
                (rest.count > 2 ? "10000\r\n" : "") + String(repeating: "x", count: 1 << 16)
                + (rest.count > 2 ? "\r\n" : "")
            while connection.send(block) {}
        }
        #expect(await transport.outcome(server.url(), limit: 1 << 17) == .failure(.answerTooLarge))
    }

    @Test("A length that isn't one number, and a protocol that changes, are no answers")
    func invalid() async throws {
        let ok = "HTTP/1.1 200 OK\r\n"
        for length in ["-1", "abc", "99999999999999999999", "1, 2", "0x10"] {
            let found = try await outcome(ok + "Content-Length: \(length)\r\n\r\nx")
            #expect([.failure(.invalidAnswer), .failure(.answerTooLarge)].contains(found), "\(length): \(found)")
        }
        #expect(try await outcome(ok + "Content-Length: 1\r\nContent-Length: 2\r\n\r\nxx") == .failure(.invalidAnswer))
        #expect(try await outcome("HTTP/1.1 101 Switching\r\nUpgrade: x\r\n\r\n") == .failure(.invalidAnswer))
        #expect(try await outcome("SSH-2.0-OpenSSH_9.2\r\n") == .failure(.invalidAnswer))
        #expect(try await outcome(ok + "X: a\u{0}b\r\nContent-Length: 0\r\n\r\n") == .failure(.invalidAnswer))
        #expect(try await outcome(ok + "Transfer-Encoding: chunked\r\n\r\nzz\r\n") == .failure(.connectionLost))
    }

    @Test("A second answer on the connection is nobody's")
    func smuggled() async throws {
        let answer = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"
        let server = try RawServer { connection in
            while let request = connection.request() {
                let isFirst = request.hasPrefix("GET /1 ")
                connection.send(isFirst ? answer + "first" + answer + "wrong" : answer + "right")
            }
        }
        #expect(await transport.outcome(server.url("/1")) == .answer(200, "first"))
        for _ in 0..<3 { #expect(await transport.outcome(server.url("/2")) == .answer(200, "right")) }
    }

    @Test(
        "An answer that is packed is refused, whatever it would unpack to",
        arguments: ["gzip", "br", "deflate", "x"]
    )
    func packed(_ encoding: String) async throws {
        let answer = "HTTP/1.1 200 OK\r\nContent-Encoding: \(encoding)\r\nContent-Length: 1\r\n\r\nx"
        #expect(try await outcome(answer) == .failure(.encoded))
        #expect(
            try await outcome("HTTP/1.1 200 OK\r\nContent-Encoding: identity\r\nContent-Length: 1\r\n\r\nx")
                == .answer(200, "x")
        )
    }
}
#endif
