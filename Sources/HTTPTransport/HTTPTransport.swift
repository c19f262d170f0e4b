/// Sends HTTP requests, for plugins that talk to servers.
///
/// ``HTTPTransportSettings/transport()`` makes the default one. Bring your own for another client.
public protocol HTTPTransport: Sendable {
    /// Sends a request and waits for the whole answer.
    ///
    /// It must not follow redirects, retry, cache or log: the plugin decides what may be sent where. It should end when
    /// its task is cancelled, as the plugin does to what takes too long; nobody waits for it then.
    ///
    /// - Parameters:
    ///   - request: What to send.
    ///   - timeout: How long it may take in all; afterwards it should throw.
    ///   - limit: How many bytes of a body to accept; a longer one is to throw.
    /// - Returns: The answer, whatever its status.
    /// - Throws: An ``HTTPTransportError`` if there is no answer; `CancellationError` if the task was cancelled.
    func send(_ request: HTTPTransportRequest, timeout: Duration, limit: Int) async throws -> HTTPTransportResponse

    /// The proxy that requests to a URL go through, for the texts of errors.
    ///
    /// - Parameter url: The whole URL.
    /// - Returns: Host and port, without a user or a password; nil for none, or if it is not known.
    func proxy(for url: String) -> String?

    /// Whether ``send(_:timeout:limit:)`` always ends within its time and at once when its task is cancelled, so that
    /// nobody has to watch it.
    var keepsDeadlines: Bool { get }
}

extension HTTPTransport {
    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public var keepsDeadlines: Bool { false }

    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public func proxy(for url: String) -> String? { nil }
}

/// A request.
public struct HTTPTransportRequest: Sendable {
    /// `GET`, `POST` or another method.
    public var method: String

    /// The whole URL, percent-encoded.
    public var url: String

    /// The header fields; some hold credentials.
    ///
    /// A name that is there twice but for capitals, and those of which the transport takes care (`Accept-Encoding`,
    /// `Content-Length`, `Expect`, `Transfer-Encoding`), make the request fail with `invalidRequest`.
    public var headers: [String: String]

    /// The body; it may hold credentials.
    public var body: [UInt8]?

    /// Whether it does no harm if the server acts on it twice (RFC 9110, section 9.2.2).
    ///
    /// Only then does it go through a connection that was used before: where that is found closed, the request is sent
    /// again, and nobody knows whether the server acted on the first.
    public var isIdempotent: Bool

    /// Makes a request.
    ///
    /// - Parameters:
    ///   - method: `GET`, `POST` or another method.
    ///   - url: The whole URL, percent-encoded.
    ///   - headers: The header fields.
    ///   - body: The body.
    ///   - isIdempotent: Whether it does no harm if the server acts on it twice; nil for what the method says, which of
    ///     `POST` and `PATCH` is that it does.
    public init(
        method: String,
        url: String,
        headers: [String: String] = [:],
        body: [UInt8]? = nil,
        isIdempotent: Bool? = nil
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.isIdempotent =
            isIdempotent ?? ["GET", "HEAD", "LIST", "OPTIONS", "PUT", "DELETE"].contains(method)
    }
}

extension HTTPTransportRequest: CustomStringConvertible, CustomReflectable {
    /// The method and the server; the path of a URL may hold a token.
    public var description: String { "\(method) \(server)" }

    /// Leaves the path, header fields and body out.
    public var customMirror: Mirror { Mirror(self, children: ["method": method, "server": server]) }

    /// Scheme, host and port; no user, path or query.
    private var server: String {
        guard let scheme = url.firstRange(of: "://"),
            url[..<scheme.lowerBound].allSatisfy({ $0.isASCII && $0.isLetter })
        else { return "a URL that is not valid" }
        let authority = url[scheme.upperBound...].prefix { $0 != "/" && $0 != "?" && $0 != "#" && $0 != "\\" }
        guard !authority.contains("@"), authority.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            return "a URL that is not shown"
        }
        return String(url[..<scheme.upperBound] + authority)
    }
}

extension HTTPTransportRequest {
    /// Refuses what would be read as more than one line, and fields that would not be sent as they are.
    func check() throws(HTTPTransportError) {
        func refusal(_ words: String) -> HTTPTransportError { HTTPTransportError(.invalidRequest, detail: words) }
        guard !method.isEmpty, method.utf8.allSatisfy(Self.isOfToken) else { throw refusal("the method isn't a word") }
        var names: Set<String> = []
        for (name, value) in headers {
            guard !name.isEmpty, name.utf8.allSatisfy(Self.isOfToken) else {
                throw refusal("the name of a header field isn't valid")
            }
            guard value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }) else {
                throw refusal("the header field '\(name)' has a line end or another control character")
            }
            let key = name.lowercased()
            guard names.insert(key).inserted else { throw refusal("the header field '\(key)' is there twice") }
            guard !Self.ownFields.contains(key) else {
                throw refusal("the header field '\(key)' is the transport's to set")
            }
        }
    }

    /// How the body is sent, and which answers are asked for, is not the caller's to say.
    private static let ownFields: Set = ["accept-encoding", "content-length", "expect", "transfer-encoding"]

    private static func isOfToken(_ byte: UInt8) -> Bool {
        (0x21...0x7E).contains(byte) && !#""(),/:;<=>?@[\]{}"#.utf8.contains(byte)
    }
}

/// An answer.
public struct HTTPTransportResponse: Sendable {
    /// The status.
    public var status: Int

    /// The header fields, their names in lower case.
    ///
    /// Fields of one name are joined with ", ". So more than one `set-cookie`, which may hold commas, can't be
    /// distinguished.
    public var headers: [String: String]

    /// The body.
    public var body: [UInt8]

    /// Makes an answer.
    ///
    /// - Parameters:
    ///   - status: The status.
    ///   - headers: The header fields; their names are made lower case.
    ///   - body: The body.
    public init(status: Int, headers: [String: String] = [:], body: [UInt8] = []) {
        self.status = status
        self.headers = Dictionary(headers.map { ($0.key.lowercased(), $0.value) }) { first, _ in first }
        self.body = body
    }
}

extension HTTPTransportResponse: CustomStringConvertible, CustomReflectable {
    /// The status alone.
    public var description: String { "HTTP \(status)" }

    /// Leaves header fields and body out.
    public var customMirror: Mirror { Mirror(self, children: ["status": status]) }
}
