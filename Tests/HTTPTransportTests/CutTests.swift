#if os(Linux)
import HTTPTransport
import Testing

/// Answers that end too early, at every byte.
@Suite("Answers that are cut")
struct CutTests {
    private static let body = #"{"data":{"OPENAI_API_KEY":"sk-1"}}"#
    static let answers = [
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10\r\n\(body.prefix(16))\r\n"
            + "\(String(body.utf8.count - 16, radix: 16))\r\n\(body.dropFirst(16))\r\n0\r\nX-Trailer: a\r\n\r\n",
        "HTTP/1.1 103 Early\r\nLink: a\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)",
    ]

    @Test("Cut at any byte, it is a lost connection and never another answer", arguments: answers, [false, true])
    func cut(_ answer: String, isReset: Bool) async throws {
        let bytes = Array(answer.utf8)
        let server = try RawServer { connection in
            guard let request = connection.request(), let count = Int(request.split(separator: " ")[1].dropFirst())
            else { return }
            connection.send(bytes.prefix(count))
            if isReset { connection.reset() }
        }
        let transport = HTTPTransportSettings().transport()
        for count in 0...bytes.count {
            let outcome = await transport.outcome(server.url("/\(count)"))
            // A body of chunks is whole once the last is seen, whatever becomes of the trailers; and a reset may
            // overtake what was sent before it.
            let isWhole = count == bytes.count || answer.contains("chunked") && count > bytes.count - 4
            if isWhole, outcome == .answer(200, Self.body) { continue }
            #expect(count < bytes.count || isReset, "the whole answer: \(outcome)")
            #expect([.failure(.connectionLost), .failure(.invalidAnswer)].contains(outcome), "at \(count)")
        }
    }

    @Test("An answer of HTTP/1.0 ends with its connection, but its head has an end of its own")
    func old() async throws {
        let head = "HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n"
        let bytes = Array((head + Self.body).utf8)
        let server = try RawServer { connection in
            guard let request = connection.request(), let count = Int(request.split(separator: " ")[1].dropFirst())
            else { return }
            connection.send(bytes.prefix(count))
        }
        let transport = HTTPTransportSettings().transport()
        for count in 0...bytes.count {
            let outcome = await transport.outcome(server.url("/\(count)"))
            if count < head.utf8.count {
                #expect([.failure(.connectionLost), .failure(.invalidAnswer)].contains(outcome), "at \(count)")
            } else {
                #expect(outcome == .answer(200, String(Self.body.prefix(count - head.utf8.count))), "at \(count)")
            }
        }
    }

    @Test("Trailers are read and are no header fields")
    func trailers() async throws {
        let server = try RawServer { connection in
            while connection.request() != nil { connection.send(Self.answers[1]) }
        }
        let transport = HTTPTransportSettings().transport()
        for _ in 0..<3 {
            let response = try await transport.get(server.url())
            #expect(String(decoding: response.body, as: UTF8.self) == Self.body)
            #expect(response.headers["x-trailer"] == nil)
        }
        #expect(server.connections == 1)
    }
}
#endif
