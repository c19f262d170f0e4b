import Foundation

#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

/// Whoever prepares a server for a test, over HTTP and by nothing that is tested.
package struct BaoAdmin: Sendable {
    package let address: String
    package let token: String?
    package let namespace: String?

    // Nothing is kept between requests: neither cookies nor cached answers.
    private static let session: URLSession = {
        let configuration = URLSessionConfiguration.ephemeral
        configuration.timeoutIntervalForRequest = 20
        configuration.httpMaximumConnectionsPerHost = 32
        configuration.urlCache = nil
        return URLSession(configuration: configuration)
    }()

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
        guard let url = URL(string: "\(address)/v1/\(path)") else { throw BaoFailure("not a path: \(path)") }
        var request = URLRequest(url: url)
        request.httpMethod = method
        request.setValue("true", forHTTPHeaderField: "X-Vault-Request")
        if let token { request.setValue(token, forHTTPHeaderField: "X-Vault-Token") }
        if let namespace { request.setValue(namespace, forHTTPHeaderField: "X-Vault-Namespace") }
        for (name, value) in headers { request.setValue(value, forHTTPHeaderField: name) }
        if let body {
            request.httpBody = try JSONSerialization.data(withJSONObject: body)
            request.setValue("application/json", forHTTPHeaderField: "Content-Type")
        }
        let (data, response) = try await Self.session.data(for: request)
        guard let response = response as? HTTPURLResponse else { throw BaoFailure("not an answer of HTTP") }
        let headers = response.allHeaderFields.map { ("\($0.key)".lowercased(), "\($0.value)") }
        return BaoReply(status: response.statusCode, headers: Dictionary(headers) { $1 }, body: data)
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
