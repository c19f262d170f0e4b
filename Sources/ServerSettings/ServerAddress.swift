import JSON5Syntax
package import KeyHooks
package import LightFoundation

/// What servers a plugin talks to: the words for texts, and what is cut off their addresses.
package struct ServerKind: Hashable, Sendable {
    /// What it is called, such as `OpenBao`.
    package let name: String

    /// The name of a host in examples.
    package let host: String

    /// Where its credential belongs, in words.
    package let credential: String

    /// Where the URL of a proxy with a user belongs, in words.
    package let proxyPlace: String

    /// The port in examples.
    package let port: Int

    /// Whether it may be reached by a Unix socket.
    package let takesSockets: Bool

    /// What an address ends with that the plugin adds itself, or that is the server's page for browsers.
    package let endings: [String]

    /// The beginning of the path of that page.
    package let page: String

    package init(
        _ name: String,
        host: String,
        credential: String,
        proxyPlace: String = "https_proxy",
        port: Int,
        takesSockets: Bool = false,
        endings: [String],
        page: String
    ) {
        self.name = name
        self.host = host
        self.credential = credential
        self.proxyPlace = proxyPlace
        self.port = port
        self.takesSockets = takesSockets
        self.endings = endings
        self.page = page
    }

    /// What an address is called where no setting said it.
    fileprivate var address: String { "an address of \(name)" }
}

/// The base of a server's URLs, or the Unix socket that it listens on.
package struct ServerAddress: Hashable, Sendable {
    /// Without a slash at the end.
    package let base: String
    package let origin: String

    /// The path of the socket; nil for a host.
    package let socket: String?

    private let kind: ServerKind

    /// The path and the query of a request's URL, to be compared with those of a redirect.
    private let path: String

    /// Reads an address; an error names the variable that said it, if one did.
    ///
    /// What surrounds it and what the plugin adds itself is cut: blanks, quotes, and at its end `/`, `/v1` and the path
    /// of the server's page for browsers.
    package init(_ text: String, setting: String? = nil, of kind: ServerKind) throws(KeyResolutionError) {
        let text = Self.bare(text)
        if kind.takesSockets, text.hasPrefix("unix://") {
            try self.init(socket: String(text.dropFirst("unix://".count)), setting, kind)
        } else {
            try self.init(url: text, setting, kind)
            // It would be shown, and asked of every name server.
            if isToken {
                throw .invalidConfiguration(
                    "\(setting ?? kind.address) has what looks like a token in the place of a host",
                    remedy: "write it as https://HOST:PORT, and \(kind.credential)"
                )
            }
        }
    }

    /// A socket, in the form of OpenBao's own client.
    ///
    /// What is spoken there is HTTP, to `localhost`.
    private init(socket: String, _ setting: String?, _ kind: ServerKind) throws(KeyResolutionError) {
        // A path that the system's address of a socket holds, on every platform.
        guard socket.hasPrefix("/"), !socket.hasSuffix("/"), socket.utf8.count <= 103,
            socket.utf8.allSatisfy({ (0x20...0x7E).contains($0) })
        else {
            throw .invalidConfiguration(
                "the Unix socket in \(setting ?? kind.address) isn't valid",
                remedy: "write it as unix:///run/bao.sock, with an absolute path of at most 103 ASCII characters"
            )
        }
        base = "http://localhost"
        path = ""
        origin = "unix://\(socket)"
        self.socket = socket
        self.kind = kind
    }

    private init(url text: String, _ setting: String?, _ kind: ServerKind) throws(KeyResolutionError) {
        let base = Self.cut(text, kind)
        guard
            base.utf8.allSatisfy({ (0x21...0x7E).contains($0) }),
            let parts = URLComponents(string: base),
            let scheme = parts.scheme?.lowercased(), ["http", "https"].contains(scheme),
            let host = parts.host, !host.isEmpty, (1...65_535).contains(parts.port ?? 443),
            parts.user == nil, parts.password == nil, parts.query == nil, parts.fragment == nil,
            !parts.percentEncodedPath.split(separator: "/").contains("..")
        else {
            throw Self.refusal(of: base, setting ?? kind.address, kind)
        }
        self.base = base
        self.kind = kind
        socket = nil
        path = parts.percentEncodedPath
        origin = Self.origin(of: parts)
    }

    /// What tells it from others, however its host and its port are written.
    package var identity: String { origin + path }

    /// As it is shown: a gateway's address may have a token in its path.
    package var shown: String { socket == nil ? (path.isEmpty ? base : "\(origin)/…") : origin }

    /// Whether it is on this very machine, as far as its name tells.
    package var isLocal: Bool {
        guard socket == nil, let host = URLComponents(string: origin)?.host else { return true }
        // A name such as 127.example.org may be anybody's.
        let isLoopback =
            host.hasPrefix("127.") && host.utf8.allSatisfy { $0 == UInt8(ascii: ".") || (0x30...0x39).contains($0) }
        return host == "localhost" || host.hasSuffix(".localhost") || isLoopback || host == "[::1]"
    }

    /// Whether what should be its host looks like a token.
    private var isToken: Bool {
        socket == nil && URLComponents(string: base)?.host.map(PastedKey.isInPlaceOfHost) ?? false
    }

    /// Whether what is sent there is encrypted.
    package var isTLS: Bool { origin.hasPrefix("https:") }

    /// Whether a URL is that of a path at this server, byte by byte.
    package func isReached(by url: URLComponents, at requested: String) -> Bool {
        let query = url.percentEncodedQuery.map { "?\($0)" } ?? ""
        return Self.origin(of: url) == Self.origin(ofBase: base) && url.user == nil && url.password == nil
            && url.fragment == nil
            && (url.percentEncodedPath + query).hasSameBytes(as: path + requested)
    }

    package static func origin(ofBase base: String) -> String { URLComponents(string: base).map(origin(of:)) ?? base }

    package static func origin(of parts: URLComponents) -> String {
        let scheme = parts.scheme?.lowercased() ?? ""
        return "\(scheme)://\(parts.host?.lowercased() ?? ""):\(parts.port ?? (scheme == "https" ? 443 : 80))"
    }
}

extension ServerAddress {
    /// An address without blanks, line ends and quotes around it, and with its scheme in lower case.
    private static func bare(_ text: String) -> String {
        let text = text.bare
        guard let end = text.firstRange(of: "://")?.lowerBound else { return String(text) }
        return text[..<end].lowercased() + text[end...]
    }

    /// An address without what the plugin adds, or the server's page for browsers, at the end of its path.
    private static func cut(_ text: String, _ kind: ServerKind) -> String {
        var text = withoutSlashes(text)
        guard let host = text.firstRange(of: "://")?.upperBound, let slash = text[host...].firstIndex(of: "/")
        else { return text }
        let path = text[slash...]
        if let ending = kind.endings.first(where: path.hasSuffix) {
            text.removeLast(ending.count)
        } else if let page = path.firstRange(of: kind.page) {
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
    private static func refusal(of text: String, _ setting: String, _ kind: ServerKind) -> KeyResolutionError {
        let usual =
            "write it as https://HOST:PORT, without user, query or fragment"
            + (kind.takesSockets ? ", or as unix:///PATH" : "")
        func refused(_ what: String, _ remedy: String) -> KeyResolutionError {
            KeyResolutionError(.invalidConfiguration, "\(setting) \(what)", remedy: remedy)
        }
        if text.isEmpty { return refused("is empty", usual) }
        if let meant = unbracketed(text, kind) {
            return refused("has an IPv6 address without brackets", "write it as \(meant)")
        }
        guard !text.contains("://"), let (scheme, rest) = halfScheme(of: text),
            let meant = try? ServerAddress(url: "\(scheme ?? "https")://\(rest)", nil, kind)
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
    private static func unbracketed(_ text: String, _ kind: ServerKind) -> String? {
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
        return (try? ServerAddress("\(text[..<start])[\(inner)]:\(hasPort ? String(port) : "\(kind.port)")", of: kind))?
            .shown
    }
}

/// Percent-encodes a segment of a path: everything that is not unreserved in RFC 3986.
package func percentEncoded(_ segment: String) -> String {
    func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
            UInt8(ascii: "~"):
            true
        default: false
        }
    }
    if segment.utf8.allSatisfy(isUnreserved) { return segment }
    return segment.utf8.reduce(into: "") { encoded, byte in
        if isUnreserved(byte) {
            encoded.unicodeScalars.append(Unicode.Scalar(byte))
        } else {
            encoded += (byte < 16 ? "%0" : "%") + String(byte, radix: 16, uppercase: true)
        }
    }
}
