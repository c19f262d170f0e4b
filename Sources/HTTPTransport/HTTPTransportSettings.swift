/// How a transport connects: whom it trusts, who it says that it is, and which way it goes.
///
/// Paths are taken as they are: a relative one counts from the working directory of the process, and `~` isn't
/// replaced. What can't be obeyed is an ``HTTPTransportError`` of the code `invalidSettings` when something is sent.
public struct HTTPTransportSettings: Hashable, Sendable {
    /// The path of a PEM file with the authorities to trust, in place of the system's; nil for the system's.
    ///
    /// A proxy of `https://` is judged by the same authorities.
    public var authorityFile: String?

    /// The path of a folder of PEM files with the authorities to trust, in place of the system's; nil for the system's.
    ///
    /// Files may have any name. A change counts for connections that are made a second later.
    public var authorityFolder: String?

    /// The path of a PEM file with the client's certificate, and after it those that lead to its authority.
    public var clientCertificate: String?

    /// The path of a PEM file with the private key of ``clientCertificate``; nil if that file has it too.
    public var clientKey: String?

    /// The host name or address that the server's certificate must be for, also sent as SNI; nil for that of the URL.
    ///
    /// Without a scheme, a port and a path.
    public var serverName: String?

    /// The path of a Unix socket to connect to in place of the URL's host; at most 107 bytes.
    public var unixSocket: String?

    /// The proxy for requests.
    public var proxy = Proxy.environment

    /// Whether any certificate is accepted, so that whoever sits between may read and change everything.
    ///
    /// For a test on one's own machine, and nothing else; nobody is warned. A proxy's certificate still has to be
    /// right.
    public var acceptsAnyCertificate = false

    /// How long making a connection may take, with looking the host up and TLS; never more than the request may take.
    ///
    /// Five seconds unless it is set.
    public var connectionTimeout = Duration.seconds(5)

    /// The settings of the system: its authorities, and the proxy that the environment names.
    public init() {}
}

extension HTTPTransportSettings {
    /// Which proxy requests go through.
    ///
    /// Requests for this very machine (127.0.0.0/8, `::1`, `localhost`) go through none, whatever the environment says.
    public struct Proxy: Hashable, Sendable {
        package enum Way: Hashable, Sendable {
            case environment, none, url(String, exceptions: [String])
        }

        package let way: Way

        /// As `http_proxy`, `https_proxy`, `all_proxy` and `no_proxy` say.
        public static let environment = Self(way: .environment)

        /// None.
        public static let none = Self(way: .none)

        /// This one, for all but some hosts.
        ///
        /// - Parameters:
        ///   - url: `http://HOST:PORT`, `https://…` or `socks5h://…`, with or without a user and a password.
        ///   - exceptions: Hosts, and domains with all that is below them, that are asked directly.
        /// - Returns: The choice.
        public static func url(_ url: String, exceptions: [String] = []) -> Self {
            Self(way: .url(url, exceptions: exceptions))
        }
    }
}

extension HTTPTransportSettings: CustomStringConvertible, CustomReflectable {
    /// What is set, without the user and the password of a proxy.
    public var description: String {
        "HTTPTransportSettings(" + shownChildren.map { "\($0.label): \($0.value)" }.joined(separator: ", ") + ")"
    }

    /// As ``description``: what is set, without the user and the password of a proxy.
    public var customMirror: Mirror {
        Mirror(self, children: shownChildren.map { (label: $0.label, value: $0.value as Any) })
    }

    private var shownChildren: [(label: String, value: String)] {
        let texts = [
            ("authorityFile", authorityFile), ("authorityFolder", authorityFolder),
            ("clientCertificate", clientCertificate), ("clientKey", clientKey), ("serverName", serverName),
            ("unixSocket", unixSocket),
        ]
        // A setting may by mistake hold the key itself.
        return texts.compactMap { label, text in
            text.map { (label, $0.contains("-----BEGIN") ? "[not a path]" : shown($0)) }
        } + [
            ("proxy", proxy.description), ("acceptsAnyCertificate", "\(acceptsAnyCertificate)"),
            ("connectionTimeout", "\(connectionTimeout)"),
        ]
    }
}

extension HTTPTransportSettings.Proxy: CustomStringConvertible, CustomReflectable {
    /// Host and port and the exceptions; never a user or a password.
    public var description: String {
        switch way {
        case .environment: "environment"
        case .none: "none"
        case .url(let url, let exceptions):
            (proxyEndpoint(of: url) ?? "not a host and port")
                + (exceptions.isEmpty ? "" : " except for \(exceptions.map(shown).joined(separator: ", "))")
        }
    }

    /// As ``description``: host and port and the exceptions.
    public var customMirror: Mirror { Mirror(self, children: ["proxy": description]) }
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
