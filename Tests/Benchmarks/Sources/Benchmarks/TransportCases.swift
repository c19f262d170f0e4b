import BareCurl
import Foundation
import HTTPTransport

#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

/// One read of a secret on loopback: by libcurl itself, by the transport over it, and by `URLSession`.
struct TransportCases {
    let url: String
    let token: String
    let transport: any HTTPTransport

    func all() throws -> [Case] {
        let request = HTTPTransportRequest(
            method: "GET",
            url: url,
            headers: ["X-Vault-Token": token, "X-Vault-Request": "true", "Accept": "application/json"]
        )
        var cases = [
            Case("cold read: the transport alone", count: 200) { [transport] in
                for _ in 0..<$0 { try await Self.ask(transport, request) }
            },
            Case("1,000 requests at once, in all", count: 1) { [transport] _ in
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for _ in 0..<1_000 { group.addTask { try await Self.ask(transport, request) } }
                    try await group.waitForAll()
                }
            },
        ]
        if let handle = Handle(url, token) {
            cases.append(
                Case("cold read: a bare curl_easy_perform", count: 200) {
                    for _ in 0..<$0 { guard handle.get() == 200 else { throw NoKey() } }
                }
            )
        }
        guard let target = URL(string: url) else { throw NoKey() }
        var plain = URLRequest(url: target)
        plain.setValue(token, forHTTPHeaderField: "X-Vault-Token")
        plain.setValue("true", forHTTPHeaderField: "X-Vault-Request")
        let session = URLSession(configuration: .ephemeral)
        cases.append(
            Case("cold read: URLSession", count: 200) { [plain] in
                for _ in 0..<$0 { _ = try await session.data(for: plain) }
            }
        )
        return cases
    }

    private static func ask(_ transport: any HTTPTransport, _ request: HTTPTransportRequest) async throws {
        guard try await transport.send(request, timeout: .seconds(10), limit: 1 << 20).status == 200 else {
            throw NoKey()
        }
    }

    /// Cases run one after another, so one thread at a time has the handle.
    private final class Handle: @unchecked Sendable {
        private let pointer: UnsafeMutableRawPointer

        init?(_ url: String, _ token: String) {
            guard let pointer = bare_curl_new(url, token) else { return nil }
            self.pointer = pointer
        }

        func get() -> Int { bare_curl_get(pointer) }
    }
}
