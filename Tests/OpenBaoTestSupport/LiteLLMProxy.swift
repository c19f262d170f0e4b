import Foundation

/// `Tests/Support/litellm-proxy.py`: the real LiteLLM proxy on loopback, with its database in memory and a stand-in for
/// models.
package final class LiteLLMProxy: Sendable {
    package let url: String
    package let masterKey: String
    package let models: [String]
    private let control: String
    private let script: SupportScript

    /// The one proxy of all tests, as it is without options; it ends with the test process.
    ///
    /// Tests keep apart by the beginnings of their keys' aliases.
    package static var shared: LiteLLMProxy {
        get async throws { try await started.value }
    }

    private static let started = Task { try await LiteLLMProxy() }

    /// Starts a proxy; it ends with `stop()`, or when nobody has it any more.
    ///
    /// - Parameter options: Those of `litellm-proxy.py`, such as `--no-database`.
    /// - Throws: A ``BaoFailure`` if it doesn't start.
    package init(_ options: String...) async throws {
        script = try SupportScript("litellm-proxy.py", options)
        guard let line = await script.line() else {
            throw BaoFailure("litellm-proxy.py did not start a proxy; see what it writes")
        }
        let ready = try JSONDecoder().decode(Ready.self, from: Data(line.utf8))
        (url, masterKey, models, control) = (ready.url, ready.masterKey, ready.models, ready.control)
    }

    /// Ends the proxy.
    package func stop() async throws { try await script.close() }

    private struct Ready: Decodable {
        let url: String
        let masterKey: String
        let control: String
        let models: [String]
    }
}

extension LiteLLMProxy {
    /// A request that the proxy got; keys in it are replaced by their hashes.
    package struct Request: Decodable, Sendable {
        package let method: String
        package let path: String
        package let status: Int?
        package let query: String
        package let aliases: [String]
        package let fault: String?
    }

    /// A key in the proxy's table.
    package struct Row: Decodable, Sendable {
        package let token: String
        package let key_alias: String?
        package let expires: String?
        package let models: [String]?
        package let max_budget: Double?
        package let spend: Double?
        package let blocked: Bool?
        package let user_id: String?
        package let team_id: String?
    }

    /// The requests about keys whose aliases begin so, in order.
    package func requests(_ alias: String) async throws -> [Request] {
        try await ask("requests?alias=\(encoded(alias))")
    }

    /// The keys that there are whose aliases begin so.
    package func keys(_ alias: String) async throws -> [Row] { try await ask("keys?alias=\(encoded(alias))") }

    /// The same as text, to look for what must not be there.
    package func keysText(_ alias: String) async throws -> String {
        String(decoding: try await send("keys?alias=\(encoded(alias))"), as: UTF8.self)
    }

    /// The log of requests as text: what was sent, with keys replaced by their hashes.
    package func requestsText(_ alias: String) async throws -> String {
        String(decoding: try await send("requests?alias=\(encoded(alias))"), as: UTF8.self)
    }

    /// Lets a key end.
    package func expire(_ token: String) async throws { try await send("expire", ["token": token]) }

    /// Says what a key has spent, in US dollars.
    package func spend(_ token: String, _ amount: Double) async throws {
        try await send("spend", ["token": token, "spend": amount])
    }

    /// Has something go wrong around LiteLLM's own handlers; see `litellm-proxy.py`.
    package func fault(_ kind: String, at path: String, of alias: String, times: Int = 1, seconds: Double = 0)
        async throws
    {
        let fault: [String: Any] = ["path": path, "kind": kind, "times": times, "seconds": seconds, "alias": alias]
        try await send("fault", fault)
    }

    private func ask<Answer: Decodable>(_ path: String) async throws -> Answer {
        try JSONDecoder().decode(Answer.self, from: try await send(path))
    }

    @discardableResult
    private func send(_ path: String, _ body: [String: Any]? = nil) async throws -> Data {
        let data = try body.map { try JSONSerialization.data(withJSONObject: $0) }
        let reply = try await LoopbackHTTP(address: control)
            .ask(data == nil ? "GET" : "POST", "/\(path)", Self.json, data)
        guard reply.status == 200 else { throw BaoFailure("the control server answers \(reply.status) to /\(path)") }
        return reply.body
    }

    private static var json: [String: String] { ["Content-Type": "application/json"] }

    /// Asks the proxy as a program with a key does.
    ///
    /// - Parameters:
    ///   - path: Without a slash in front.
    ///   - key: The key; nil for none.
    ///   - body: What is posted; nil has it be a GET.
    /// - Returns: The reply, whatever its status.
    /// - Throws: A ``BaoFailure`` if there is none.
    package func ask(_ path: String, key: String?, body: [String: Any]? = nil) async throws -> BaoReply {
        let data = try body.map { try JSONSerialization.data(withJSONObject: $0) }
        let headers = key.map { Self.json.merging(["Authorization": "Bearer \($0)"]) { $1 } } ?? Self.json
        return try await LoopbackHTTP(address: url).ask(data == nil ? "GET" : "POST", "/\(path)", headers, data)
    }

    /// A chat with a model.
    ///
    /// - Returns: The status.
    package func chat(key: String, model: String) async throws -> Int {
        let message = ["role": "user", "content": "hello"]
        return try await ask("chat/completions", key: key, body: ["model": model, "messages": [message]]).status
    }

    private func encoded(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? text
    }
}
