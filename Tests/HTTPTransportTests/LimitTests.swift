#if os(Linux)
import HTTPTransport
import Testing

/// Answers that are too much, and answers that HTTP does not allow.
@Suite("Limits and odd answers")
struct LimitTests {
    private let transport = HTTPTransportSettings().transport()

    private func expect(
        _ expected: [Outcome],
        _ answer: String...,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let server = try RawServer { connection in
            guard connection.request() != nil else { return }
            for part in answer where !connection.send(part) { return }
        }
        let found = await transport.outcome(server.url())
        #expect(expected.contains(found), sourceLocation: sourceLocation)
    }

    @Test("Heads without measure are refused")
    func heads() async throws {
        let ok = "HTTP/1.1 200 OK\r\n"
        let end = "Content-Length: 0\r\n\r\n"
        let field = "X-Field: \(String(repeating: "x", count: 500))\r\n"
        try await expect([.answer(200, "")], ok, String(repeating: field, count: 100), end)
        try await expect([.failure(.answerTooLarge)], ok, String(repeating: field, count: 150), end)
        try await expect([.failure(.answerTooLarge)], ok, String(repeating: "X: y\r\n", count: 201), end)
        let line = String(repeating: "x", count: 400_000)
        try await expect([.failure(.answerTooLarge)], ok, "X: ", line, "\r\n", end)
        try await expect([.answer(200, "")], String(repeating: "HTTP/1.1 103 Wait\r\n\r\n", count: 16), ok, end)
        try await expect(
            [.failure(.answerTooLarge)],
            String(repeating: "HTTP/1.1 103 Wait\r\n\r\n", count: 17),
            ok,
            end
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
            let codes: [Outcome] = [.failure(.invalidAnswer), .failure(.answerTooLarge)]
            try await expect(codes, ok + "Content-Length: \(length)\r\n\r\nx")
        }
        try await expect([.failure(.invalidAnswer)], ok + "Content-Length: 1\r\nContent-Length: 2\r\n\r\nxx")
        try await expect([.failure(.invalidAnswer)], "HTTP/1.1 101 Switching\r\nUpgrade: x\r\n\r\n")
        try await expect([.failure(.invalidAnswer)], "SSH-2.0-OpenSSH_9.2\r\n")
        try await expect([.failure(.invalidAnswer)], ok + "X: a\u{0}b\r\nContent-Length: 0\r\n\r\n")
        try await expect([.failure(.connectionLost)], ok + "Transfer-Encoding: chunked\r\n\r\nzz\r\n")
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
        try await expect([.failure(.encoded)], answer)
        try await expect(
            [.answer(200, "x")],
            "HTTP/1.1 200 OK\r\nContent-Encoding: identity\r\nContent-Length: 1\r\n\r\nx"
        )
    }
}
#endif
