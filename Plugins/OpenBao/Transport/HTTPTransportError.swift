public import ExtensionHooks

/// Why there is no answer.
public struct HTTPTransportError: ValueFreeError {
    /// The kind of an ``HTTPTransportError``.
    public enum Kind: String, Hashable, Sendable {
        /// No connection could be made.
        case cannotConnect

        /// The connection ended before the answer was complete.
        case connectionLost

        /// It took too long.
        case timedOut

        /// The server's certificate is not trusted, or TLS failed otherwise.
        case insecure

        /// The body is longer than allowed.
        case bodyTooLarge

        /// The body is compressed, though that was not asked for.
        case encoded

        /// The URL is none.
        case invalidURL

        /// A proxy would get a request that is for this very machine, and its credentials.
        case loopbackThroughProxy

        /// Something else.
        case other
    }

    /// The kind of failure.
    public let kind: Kind

    /// Makes an error.
    ///
    /// - Parameter kind: The kind of failure.
    public init(_ kind: Kind) {
        self.kind = kind
    }

    /// What went wrong, in words.
    public var description: String {
        switch kind {
        case .cannotConnect: "cannot connect"
        case .connectionLost: "the connection was lost"
        case .timedOut: "no answer in time"
        case .insecure: "TLS failed: the certificate is not trusted or does not fit"
        case .bodyTooLarge: "the answer is too large"
        case .encoded: "the answer is compressed, which was not asked for"
        case .invalidURL: "the URL is not valid"
        case .loopbackThroughProxy: "a request for this very machine would go through a proxy"
        case .other: "the request failed"
        }
    }
}
