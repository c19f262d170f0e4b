/// How a transport connects: whom it trusts, who it says that it is, and which way it goes.
public struct HTTPTransportSettings: Hashable, Sendable {
    /// The path of a PEM file with the authorities to trust, in place of the system's; nil for the system's.
    public var authorityFile: String?

    /// The path of a folder of PEM files with the authorities to trust, in place of the system's; nil for the system's.
    public var authorityFolder: String?

    /// The path of a PEM file with the client's certificate, and after it those that lead to its authority.
    public var clientCertificate: String?

    /// The path of a PEM file with the private key of ``clientCertificate``; nil if that file has it too.
    public var clientKey: String?

    /// The host name that the server's certificate must be for, also sent as SNI; nil for that of the URL.
    public var serverName: String?

    /// The path of a Unix socket to connect to in place of the URL's host.
    public var unixSocket: String?

    /// The proxy for requests.
    public var proxy = Proxy.environment

    /// Whether any certificate is accepted, so that whoever sits between may read and change everything.
    ///
    /// For a test on one's own machine, and nothing else.
    public var acceptsAnyCertificate = false

    /// How long making a connection may take, with looking the host up and TLS; never more than the request may take.
    public var connectionTimeout = Duration.seconds(5)

    /// The settings of the system: its authorities, and the proxy that the environment names.
    public init() {}
}

extension HTTPTransportSettings {
    /// Which proxy requests go through.
    ///
    /// Requests for this very machine (127.0.0.0/8, `::1`, `localhost`) go through none, whatever the environment says.
    public enum Proxy: Hashable, Sendable {
        /// As `http_proxy`, `https_proxy`, `all_proxy` and `no_proxy` say.
        case environment

        /// None.
        case none

        /// This one, for all but some hosts.
        ///
        /// - Parameters:
        ///   - url: `http://HOST:PORT`, `https://…` or `socks5h://…`, with or without a user and a password.
        ///   - exceptions: Hosts, and domains with all that is below them, that are asked directly.
        case url(String, exceptions: [String] = [])
    }
}

extension HTTPTransportSettings {
    /// Makes the transport of this platform: libcurl on Linux, loaded with the first request; `URLSession` elsewhere.
    ///
    /// - Returns: A transport with connections of its own, made with the first request.
    public func transport() -> any HTTPTransport {
        #if canImport(Darwin)
        URLSessionTransport(self)
        #else
        CurlTransport(self)
        #endif
    }
}
