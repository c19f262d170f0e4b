import Foundation
import HTTPTransport
import OpenBaoTestSupport
import Testing

@Suite("The transport of this platform")
struct TransportTests {
    private let server: FaultServer
    private let transport = HTTPTransportSettings().transport()

    init() async throws {
        server = try await FaultServer()
    }

    @Test("A redirect is handed over and not followed", arguments: [301, 302, 303, 307, 308])
    func redirect(_ status: Int) async throws {
        let reply = try await get("redirect/\(status)")
        #expect(reply.status == status)
        #expect(reply.headers["location"] == "/target")
        #expect(try await seen().requests.map(\.path) == ["/redirect/\(status)"])
    }

    @Test("Nothing is kept between requests: no cookie, no answer, no validator")
    func keepsNothing() async throws {
        for _ in 1...3 { #expect(try await get("keep").status == 200) }
        let requests = try await seen().requests
        #expect(requests.count == 3)
        for name in ["cookie", "if-none-match", "if-modified-since", "authorization"] {
            #expect(requests.allSatisfy { $0.headers[name] == nil })
        }
    }

    @Test("A server that wants credentials is not offered any, and asked once")
    func challenge() async throws {
        #expect(try await get("login").status == 401)
        #expect(try await seen().requests.count == 1)
    }

    @Test("Header fields and body arrive as they were given")
    func request() async throws {
        _ = try await get("any", headers: ["X-Vault-Token": "s.1", "X-Vault-Request": "true"])
        let headers = try #require(try await seen().requests.first).headers
        #expect(headers["x-vault-token"] == "s.1")
        #expect(headers["x-vault-request"] == "true")
        let body = Array(#"{"role_id":"r"}"#.utf8)
        let request = HTTPTransportRequest(method: "POST", url: "\(server.address)/echo", body: body)
        #expect(try await transport.send(request, timeout: .seconds(20), limit: 1000).body == body)
    }

    @Test("A body may be as long as the limit and no longer", arguments: [(999, true), (1000, true), (1001, false)])
    func limit(_ count: Int, _ fits: Bool) async throws {
        if fits {
            #expect(try await get("bytes/\(count)", limit: 1000).body.count == count)
        } else {
            #expect(await kind { try await get("bytes/\(count)", limit: 1000) } == .answerTooLarge)
        }
    }

    @Test("A body that comes without end is refused")
    func endless() async {
        #expect(await kind { try await get("endless/body", limit: 1 << 16) } == .answerTooLarge)
    }

    @Test(
        "A fault of the connection is reported by its kind",
        arguments: [
            ("silent", .timedOut), ("cut/plain/0", .connectionLost), ("noise/tls", .invalidAnswer),
            ("bomb/gzip", .encoded),
        ]
            as [(String, HTTPTransportError.Code)]
    )
    func faults(_ path: String, _ expected: HTTPTransportError.Code) async {
        let found = await kind { try await get(path, timeout: .seconds(path == "silent" ? 1 : 20)) }
        #expect(found == expected)
    }

    @Test("Half an answer is none")
    func half() async throws {
        #expect(await kind { try await get("length/long") } == .connectionLost)
    }

    @Test("A time of less than a second is not cut to none")
    func fraction() async throws {
        // The server takes 200 ms, and more where the machine is busy: one time of many will do.
        for _ in 0..<20 {
            if let answer = try? await get("late/200", timeout: .milliseconds(950)), answer.status == 200 { return }
        }
        Issue.record("it was cut to none")
    }

    @Test("Nobody there, and a URL that is none, are reported apart")
    func unreachable() async throws {
        let nobody = HTTPTransportRequest(method: "GET", url: "http://127.0.0.1:\(try freePort())/")
        #expect(await kind { try await transport.send(nobody, timeout: .seconds(20), limit: 1) } == .cannotConnect)
        let none = HTTPTransportRequest(method: "GET", url: "")
        #expect(await kind { try await transport.send(none, timeout: .seconds(20), limit: 1) } == .invalidURL)
    }

    @Test("A caller that is cancelled does not wait for the server")
    func cancellation() async throws {
        let task = Task { [transport, server] in
            let request = HTTPTransportRequest(method: "GET", url: "\(server.address)/silent")
            return try await transport.send(request, timeout: .seconds(50), limit: 1)
        }
        try await until("the request has arrived") { try await seen().requests.count == 1 }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    @Test("A caller may leave at any moment of an exchange")
    func leaving() async throws {
        let transport = transport
        let request = HTTPTransportRequest(method: "GET", url: "\(server.address)/bytes/10")
        try await withThrowingTaskGroup(of: Void.self) { group in
            for lane in 0..<4 {
                group.addTask {
                    for round in 0..<150 {
                        let task = Task { try await transport.send(request, timeout: .seconds(20), limit: 100) }
                        // From before it begins until after it is over.
                        for _ in 0..<(round * 7 + lane) % 300 { await Task.yield() }
                        task.cancel()
                        switch await task.result {
                        case .success(let response): #expect(response.status == 200)
                        case .failure(let error): #expect(error is CancellationError)
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
    }
}

extension TransportTests {
    private struct Seen: Decodable {
        struct Request: Decodable {
            let path: String
            let headers: [String: String]
        }
        let requests: [Request]
    }

    /// What has come to the server.
    private func seen() async throws -> Seen {
        try JSONDecoder().decode(Seen.self, from: Data(try await get("seen").body))
    }

    private func get(
        _ path: String,
        headers: [String: String] = [:],
        timeout: Duration = .seconds(20),
        limit: Int = 1 << 20
    ) async throws -> HTTPTransportResponse {
        let request = HTTPTransportRequest(method: "GET", url: "\(server.address)/\(path)", headers: headers)
        return try await transport.send(request, timeout: timeout, limit: limit)
    }

    /// The kind of failure; nil if there is none.
    private func kind(_ body: () async throws -> HTTPTransportResponse) async -> HTTPTransportError.Code? {
        await #expect(throws: HTTPTransportError.self) { _ = try await body() }?.code
    }
}
