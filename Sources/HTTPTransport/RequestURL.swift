/// The parts of a URL as libcurl reads them: what it might read in another way is refused.
struct RequestURL: Hashable {
    /// `http` or `https`.
    let scheme: String

    /// In lower case, without brackets and a final dot.
    let host: String

    /// Host and port as written.
    let authority: String

    let port: Int

    /// The path and the query, as written.
    let target: String

    /// Why the URL was refused; never its text, which may hold a token.
    init(_ text: String) throws(HTTPTransportError) {
        let text = text[...]
        guard let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")), text[colon...].hasPrefix("://") else {
            throw .invalidURL("it has no 'http://' or 'https://'")
        }
        scheme = text[..<colon].lowercased()
        guard scheme == "http" || scheme == "https" else { throw .invalidURL("it is neither http nor https") }
        guard text.utf8.allSatisfy(Self.isPlain) else {
            throw .invalidURL("a character in it has to be percent-encoded")
        }
        // It is ASCII, so that its bytes are its characters.
        let rest = text.utf8[colon...].dropFirst(3).prefix { $0 != UInt8(ascii: "#") }
        let authority = Substring(rest.prefix { $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "?") })
        self.authority = String(authority)
        let target = String(Substring(rest[authority.endIndex...]))
        self.target = target.utf8.first == UInt8(ascii: "/") ? target : "/" + target
        guard !authority.utf8.contains(UInt8(ascii: "@")) else { throw .invalidURL("it holds a user or a password") }
        let (host, port) = try Self.parts(of: authority)
        self.host = host
        self.port = port ?? (scheme == "https" ? 443 : 80)
    }

    var isSecure: Bool { scheme == "https" }

    private static func parts(of authority: Substring) throws(HTTPTransportError) -> (String, Int?) {
        var host = authority
        var port: Substring?
        if authority.hasPrefix("[") {
            guard let end = authority.firstIndex(of: "]") else {
                throw .invalidURL("its address of IPv6 has no ']'")
            }
            host = authority[authority.index(after: authority.startIndex)..<end]
            let rest = authority[authority.index(after: end)...]
            guard rest.isEmpty || rest.hasPrefix(":") else { throw .invalidURL("what follows ']' isn't a port") }
            if !rest.isEmpty { port = rest.dropFirst() }
            // With a zone, such as `fe80::1%25eth0`.
            let address = host.prefix { $0 != "%" }
            guard address.contains(":"), address.allSatisfy({ $0.isHexDigit || $0 == ":" || $0 == "." }) else {
                throw .invalidURL("what stands in '[…]' isn't an address of IPv6")
            }
        } else {
            if let colon = authority.firstIndex(of: ":") {
                host = authority[..<colon]
                port = authority[authority.index(after: colon)...]
            }
            guard host.utf8.allSatisfy(isOfName) else { throw .invalidURL("its host isn't a name or an address") }
            if host.hasSuffix(".") { host.removeLast() }
        }
        guard !host.isEmpty else { throw .invalidURL("it has no host") }
        guard let port, !port.isEmpty else { return (host.lowercased(), nil) }
        guard port.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = UInt16(port), number > 0 else {
            throw .invalidURL("its port isn't a number from 1 to 65535")
        }
        return (host.lowercased(), Int(number))
    }

    /// Printable ASCII but for what programs take for more than one thing.
    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "\\"), UInt8(ascii: "^"),
            UInt8(ascii: "`"), UInt8(ascii: "{"), UInt8(ascii: "|"), UInt8(ascii: "}"):
            false
        default: (0x21...0x7E).contains(byte)
        }
    }

    static func isOfName(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"): true
        default: false
        }
    }
}

extension HTTPTransportError {
    fileprivate static func invalidURL(_ words: String) -> Self { Self(.invalidURL, detail: words) }
}
