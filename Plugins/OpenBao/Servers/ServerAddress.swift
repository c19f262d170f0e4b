import JSON5Syntax
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
    /// What surrounds it and what the plugin adds itself is cut: blanks, quotes, and at its end `/`, `/v1` and the path
    /// of OpenBao's page for browsers.
    init(_ text: String, setting: String? = nil) throws(KeyResolutionError) {
        let text = Self.bare(text)
        if text.hasPrefix("unix://") {
            try self.init(socket: String(text.dropFirst("unix://".count)), setting)
        } else {
            try self.init(url: text, setting)
            // It would be shown, and asked of every name server.
            if isToken {
                throw .invalidConfiguration(
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
            throw .invalidConfiguration(
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

extension ServerAddress {
    /// An address without blanks, line ends and quotes around it, and with its scheme in lower case.
    static func bare(_ text: String) -> String {
        let text = text.bare
        guard let end = text.firstRange(of: "://")?.lowerBound else { return String(text) }
        return text[..<end].lowercased() + text[end...]
    }

    /// An address without what the plugin adds, or OpenBao's page for browsers, at the end of its path.
    static func cut(_ text: String) -> String {
        var text = withoutSlashes(text)
        guard let host = text.firstRange(of: "://")?.upperBound, let slash = text[host...].firstIndex(of: "/")
        else { return text }
        let path = text[slash...]
        if path.hasSuffix("/v1") || path.hasSuffix("/ui") {
            text.removeLast("/v1".count)
        } else if let page = path.firstRange(of: "/ui/vault/") {
            text.removeSubrange(page.lowerBound...)
        }
        return withoutSlashes(text)
    }

    private static func withoutSlashes(_ text: String) -> String {
        var text = text
        // The two of a scheme don't end a path.
        while text.hasSuffix("/"), !text.hasSuffix("://") { text.removeLast() }
        return text
    }

    /// Says what is wrong with an address; of what it is, only host and port are shown.
    static func refusal(of text: String, _ setting: String) -> KeyResolutionError {
        let usual = "write it as https://HOST:PORT, without user, query or fragment, or as unix:///PATH"
        func refused(_ what: String, _ remedy: String) -> KeyResolutionError {
            KeyResolutionError(.invalidConfiguration, "\(setting) \(what)", remedy: remedy)
        }
        if text.isEmpty { return refused("is empty", usual) }
        if let meant = unbracketed(text) {
            return refused("has an IPv6 address without brackets", "write it as \(meant)")
        }
        guard !text.contains("://"), let (scheme, rest) = halfScheme(of: text),
            let meant = try? ServerAddress(url: "\(scheme ?? "https")://\(rest)", nil)
        else { return refused("isn't a valid address", usual) }
        let shown = meant.isPlain ? meant.shown : nil
        if let scheme { return refused("isn't a valid address", "write it as \(shown ?? "\(scheme)://HOST:PORT")") }
        guard let shown else {
            return refused(
                "has no http:// or https:// in front",
                "write https:// in front of it, or http:// if the server speaks no TLS"
            )
        }
        let plain = shown.replacing("https://", with: "http://")
        let remedy =
            meant.isLocal
            ? "write it as \(plain), or \(shown) if the server speaks TLS"
            : "write it as \(shown), or \(plain) if the server speaks no TLS"
        return refused("has no http:// or https:// in front", remedy)
    }

    /// Whether it is plainly a server's, and not a token in the place of an address, which must not be shown.
    private var isPlain: Bool {
        guard !isToken, let parts = URLComponents(string: base), let host = parts.host else { return false }
        // No domain at the top has a single letter.
        let end = host.split(separator: ".").last ?? ""
        let isNamed = host.contains(".") && (end.count > 1 || end.allSatisfy(\.isNumber))
        return host == "localhost" || (parts.port != nil && (isNamed || host.contains(":")))
    }

    /// The scheme of which a colon or slash is missing, nil for none at all, and what follows it.
    private static func halfScheme(of text: String) -> (scheme: String?, rest: Substring)? {
        let lower = text.lowercased()
        for scheme in ["https", "http"] {
            for end in [":/", ":", "//", "/"] where lower.hasPrefix(scheme + end) {
                return (scheme, text.dropFirst(scheme.count + end.count).drop { $0 == "/" })
            }
        }
        let rest = text.drop { $0 == "/" }
        // Another scheme, or a path.
        guard text.count - rest.count != 1, !rest.isEmpty else { return nil }
        return (nil, rest)
    }

    /// An address with brackets around its host, if that makes it one.
    private static func unbracketed(_ text: String) -> String? {
        guard let start = text.firstRange(of: "://")?.upperBound else { return nil }
        let host = text[start...].prefix { $0 != "/" }
        guard host.count(where: { $0 == ":" }) >= 2, !host.contains("["), !host.contains("@"),
            let colon = host.lastIndex(of: ":")
        else { return nil }
        let port = host[host.index(after: colon)...]
        // A group of the address may be a port as well; four decimal digits, as in 8200, are taken for one.
        let hasPort = port.utf8.count == 4 && port.allSatisfy(\.isNumber)
        let inner = String(hasPort ? host[..<colon] : host)
        // With a name or a password in it, it isn't one, and isn't shown.
        var bytes = in6_addr()
        guard inet_pton(AF_INET6, inner, &bytes) == 1 else { return nil }
        return (try? ServerAddress("\(text[..<start])[\(inner)]:\(hasPort ? port : "8200")"))?.shown
    }
}
