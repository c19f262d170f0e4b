import Foundation

/// Whoever prepares a server for a test, over HTTP and by nothing that is tested.
package struct BaoAdmin: Sendable {
    package let address: String
    package let token: String?
    package let namespace: String?

    /// With the root token, unless another one is given.
    package init(_ server: BaoServer, token: String? = nil, namespace: String? = nil) {
        self.init(address: server.address, token: token ?? server.rootToken, namespace: namespace)
    }

    package init(address: String, token: String? = nil, namespace: String? = nil) {
        self.address = address
        self.token = token
        self.namespace = namespace
    }

    /// The same administrator in a namespace.
    package func within(_ namespace: String) -> BaoAdmin {
        BaoAdmin(address: address, token: token, namespace: namespace)
    }

    /// Somebody else at the same server; nil for nobody.
    package func with(token: String?) -> BaoAdmin { BaoAdmin(address: address, token: token, namespace: namespace) }

    /// Sends one request to a path below `/v1/`, and gives the answer whatever its status.
    @discardableResult
    package func call(
        _ method: String,
        _ path: String,
        _ body: [String: any Sendable]? = nil,
        headers: [String: String] = [:]
    ) async throws -> BaoReply {
        var headers = headers
        headers["X-Vault-Request"] = "true"
        headers["X-Vault-Token"] = token
        headers["X-Vault-Namespace"] = namespace
        let data = try body.map { try JSONSerialization.data(withJSONObject: $0) }
        if data != nil { headers["Content-Type"] = "application/json" }
        return try await LoopbackHTTP(address: address).ask(method, "/v1/\(path)", headers, data)
    }

    /// Sends one request, and throws unless it succeeds.
    @discardableResult
    package func expect(_ method: String, _ path: String, _ body: [String: any Sendable]? = nil) async throws
        -> BaoReply
    {
        let reply = try await call(method, path, body)
        guard (200...204).contains(reply.status) else { throw BaoFailure("\(method) \(path): \(reply)") }
        return reply
    }

    /// The status that the server's health has, or nil when nobody answers.
    package var status: Int? {
        get async { try? await BaoAdmin(address: address).call("GET", "sys/health").status }
    }
}
