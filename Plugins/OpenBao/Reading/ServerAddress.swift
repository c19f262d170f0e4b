import JSON5Syntax
import LightFoundation
import KeyHooks
import LightFoundation

/// The base of a server's URLs, or the Unix socket that it listens on.
struct ServerAddress: Hashable, Sendable {
    /// Without a slash at the end.
    let base: String
    let origin: String

    /// The path of the socket; nil for a host.
    let socket: String?

    /// The path and the query of a request's URL, to be compared with those of a redirect.
    private let path: String

    /// Reads an address; an error names the variable that said it, if one did.
    ///
    /// What surrounds it and what the plugin adds itself is cut: blanks, quotes, and at its end `/`, `/v1` and the path of
    /// OpenBao's page for browsers.
    init(_ text: String, setting: String? = nil) throws(KeyResolutionError) {
        let text = Self.bare(text)
        if text.hasPrefix("unix://") {
            try self.init(socket: String(text.dropFirst("unix://".count)), setting)
        } else {
            try self.init(url: text, setting)
            // It would be shown, and asked of every name server.
            if isToken {
                throw KeyResolutionError(
                    .invalidConfiguration,
                    "\(setting ?? "an address of OpenBao") has what looks like a token in the place of a host",
                    remedy: "write it as https://HOST:PORT, and the token in BAO_TOKEN"
                )
            }
        }
    }

    /// A socket, in the form of OpenBao's own client.
    ///
    /// What is spoken there is HTTP, to `localhost`.
    private init(socket: String, _ setting: String?) throws(KeyResolutionError) {
        // A path that the system's address of a socket holds, on every platform.
        guard socket.hasPrefix("/"), !socket.hasSuffix("/"), socket.utf8.count <= 103,
            socket.utf8.allSatisfy({ (0x20...0x7E).contains($0) })
        else {
            throw KeyResolutionError(
                .invalidConfiguration,
                "the Unix socket in \(setting ?? "an address of OpenBao") isn't valid",
                remedy: "write it as unix:///run/bao.sock, with an absolute path of at most 103 ASCII characters"
            )
        }
        base = "http://localhost"
        path = ""
        origin = "unix://\(socket)"
        self.socket = socket
    }

    init(url text: String, _ setting: String?) throws(KeyResolutionError) {
        let base = Self.cut(text)
        guard
            base.utf8.allSatisfy({ (0x21...0x7E).contains($0) }),
            let parts = URLComponents(string: base),
            let scheme = parts.scheme?.lowercased(), ["http", "https"].contains(scheme),
            let host = parts.host, !host.isEmpty, (1...65_535).contains(parts.port ?? 443),
            parts.user == nil, parts.password == nil, parts.query == nil, parts.fragment == nil,
            !parts.percentEncodedPath.split(separator: "/").contains("..")
        else {
            throw Self.refusal(of: base, setting ?? "an address of OpenBao")
        }
        self.base = base
        socket = nil
        path = parts.percentEncodedPath
        origin = Self.origin(of: parts)
    }

    /// As it is shown: a gateway's address may have a token in its path.
    var shown: String { socket == nil ? (path.isEmpty ? base : "\(origin)/…") : origin }

    /// Whether it is on this very machine, as far as its name tells.
    var isLocal: Bool {
        guard socket == nil, let host = URLComponents(string: origin)?.host else { return true }
        return host == "localhost" || host.hasSuffix(".localhost") || host.hasPrefix("127.") || host == "[::1]"
    }

    /// Whether what should be its host looks like a token.
    var isToken: Bool { socket == nil && URLComponents(string: base)?.host.map(PastedKey.isInPlaceOfHost) ?? false }

    /// Whether what is sent there is encrypted.
    var isTLS: Bool { origin.hasPrefix("https:") }

    /// Whether a URL is that of a path at this server, byte by byte.
    func isReached(by url: URLComponents, at requested: String) -> Bool {
        let query = url.percentEncodedQuery.map { "?\($0)" } ?? ""
        return Self.origin(of: url) == Self.origin(ofBase: base) && url.user == nil && url.password == nil
            && url.fragment == nil
            && (url.percentEncodedPath + query).hasSameBytes(as: path + requested)
    }

    static func origin(ofBase base: String) -> String { URLComponents(string: base).map(origin(of:)) ?? base }

    static func origin(of parts: URLComponents) -> String {
        let scheme = parts.scheme?.lowercased() ?? ""
        return "\(scheme)://\(parts.host?.lowercased() ?? ""):\(parts.port ?? (scheme == "https" ? 443 : 80))"
    }
}
