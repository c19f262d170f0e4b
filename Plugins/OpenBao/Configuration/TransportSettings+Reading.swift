import HTTPTransport
import JSON5Syntax
import KeyHooks
import LightFoundation

extension HTTPTransportSettings {
    /// Reads the settings for TLS and proxies of the section.
    ///
    /// - Parameters:
    ///   - reader: The section.
    ///   - folder: Where relative paths count from.
    init(from reader: inout JSONObjectReader, in folder: ConfigurationFolder) {
        self.init()
        authorityFile = reader.read("caCert") { $0.path(in: folder) }
        authorityFolder = reader.read("caPath") { $0.path(in: folder) }
        clientCertificate = reader.read("clientCert") { $0.path(in: folder) }
        clientKey = reader.read("clientKey") { $0.path(in: folder) }
        serverName = reader.read("tlsServerName") { $0.hostName() }
        let exceptions = reader.read("noProxy") { $0.exceptions() }
        switch reader.read("proxy", { $0.proxy() }) {
        case .url(let url, _)?: proxy = .url(url, exceptions: exceptions ?? [])
        case let other?:
            proxy = other
            if exceptions != nil { reader.reject("noProxy", "'proxy' says that there is none") }
        case nil:
            if exceptions != nil {
                reader.reject("noProxy", "needs 'proxy'; for https_proxy the variable no_proxy names the exceptions")
            }
        }
        if clientKey != nil, clientCertificate == nil { reader.reject("clientKey", "needs 'clientCert'") }
    }
}

extension HTTPTransportSettings {
    /// Whether a text begins as a URI does: libcurl would take `pkcs11:…` for a key in a device.
    static func hasScheme(_ path: String) -> Bool {
        guard let colon = path.firstIndex(of: ":"), let first = path.utf8.first else { return false }
        return (0x61...0x7A).contains(first | 0x20) && !path[..<colon].contains("/")
    }
}

extension JSONValueReader {
    fileprivate mutating func path(in folder: ConfigurationFolder) -> String? {
        guard let text = string() else { return nil }
        guard !text.isEmpty, !text.utf8.contains(0) else {
            reject("expected the path of a file or folder")
            return nil
        }
        guard !HTTPTransportSettings.hasScheme(text), text.hasPrefix("~/") || !text.hasPrefix("~") else {
            reject("expected a path alone, without 'file:' and the like, and with no '~' but that of '~/', your home")
            return nil
        }
        return folder.path(text)
    }

    fileprivate mutating func hostName() -> String? {
        guard let text = string() else { return nil }
        guard HostNames.isHost(text) else {
            reject("expected the name of a host, such as bao.example.org, without scheme and port")
            return nil
        }
        return text
    }

    fileprivate mutating func exceptions() -> [String]? {
        guard case .array = node.kind else {
            reject(#"expected an array of hosts, such as ["bao.example.org", "10.0.0.0/8"]"#)
            return nil
        }
        let entries = array { entry -> String? in
            guard let text = entry.string() else { return nil }
            if let exception = HostNames.exception(text) { return exception }
            entry.reject(
                "expected a host, a domain such as .example.org, a network such as 10.0.0.0/8, or *; "
                    + "without scheme, port and path"
            )
            return nil
        }
        return entries.map { $0.contains("*") ? ["*"] : $0 }
    }

    fileprivate mutating func proxy() -> HTTPTransportSettings.Proxy? {
        if case .bool(let isWanted) = node.kind {
            if isWanted { reject("expected the URL of a proxy, or false for none") }
            return isWanted ? nil : HTTPTransportSettings.Proxy.none
        }
        guard case .string(let text) = node.kind else {
            reject("expected the URL of a proxy, or false for none")
            return nil
        }
        if text == "none" { return HTTPTransportSettings.Proxy.none }
        do {
            return .url(try ProxyAddress(text, allowsUser: false).url)
        } catch {
            reject("\(error.message): \(error.remedy)")
            return nil
        }
    }
}

/// The URL of a proxy.
struct ProxyAddress {
    let url: String
    /// Host and port alone, for texts.
    let shown: String

    /// A URL that may have a user and a password only where no configuration holds it.
    init(_ text: String, allowsUser: Bool, setting: String = "proxy") throws(KeyResolutionError) {
        guard
            text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }), let parts = URLComponents(string: text),
            let scheme = parts.scheme?.lowercased(), ["http", "https", "socks5", "socks5h"].contains(scheme),
            let host = parts.host, !host.isEmpty, (1...65_535).contains(parts.port ?? 80),
            ["", "/"].contains(parts.path), parts.query == nil, parts.fragment == nil
        else {
            throw KeyResolutionError(
                .invalidConfiguration,
                "\(setting) isn't a valid proxy URL",
                remedy: "write it as http://HOST:PORT, https://HOST:PORT or socks5h://HOST:PORT"
            )
        }
        guard allowsUser || (parts.user == nil && parts.password == nil) else {
            throw KeyResolutionError(
                .invalidConfiguration,
                "\(setting) has a user or a password, which no configuration holds",
                remedy: "put the URL with them in BAO_PROXY_ADDR, or in https_proxy"
            )
        }
        url = text
        shown = "\(scheme)://\(host)" + (parts.port.map { ":\($0)" } ?? "")
    }
}

/// The forms in which settings name hosts.
enum HostNames {
    /// Whether a text is the name or the address of one host, without a scheme, a port or brackets.
    static func isHost(_ text: String) -> Bool { isName(text[...]) || isIPv6(text[...]) }

    /// An entry of `noProxy` as the transport takes it: a host, `.example.org` or `*.example.org`, a network such as
    /// `10.0.0.0/8`, or `*` for all; nil for what would never match.
    static func exception(_ text: String) -> String? {
        if text == "*" { return text }
        if text.hasPrefix("*.") { return exception(String(text.dropFirst())) }
        if text.hasPrefix(".") { return isName(text.dropFirst()) ? text : nil }
        if text.hasPrefix("["), text.hasSuffix("]") { return isIPv6(text.dropFirst().dropLast()) ? text : nil }
        guard let slash = text.lastIndex(of: "/") else { return isHost(text) ? text : nil }
        let (base, length) = (text[..<slash], text[text.index(after: slash)...])
        let longest = isIPv4(base) ? 32 : isIPv6(base) ? 128 : -1
        guard let number = Int(length), String(number) == length, (0...max(longest, 0)).contains(number), longest > 0
        else { return nil }
        return text
    }

    private static func isName(_ text: Substring) -> Bool {
        let isPlain = text.utf8.allSatisfy { byte in
            isDigit(byte) || (0x61...0x7A).contains(byte | 0x20) || "-._".utf8.contains(byte)
        }
        // A name made of numbers is an address, or nothing.
        let isNumeric = text.utf8.allSatisfy { isDigit($0) || $0 == UInt8(ascii: ".") }
        return isPlain && !text.isEmpty && text.utf8.count <= 255 && !text.hasPrefix(".") && !text.contains("..")
            && (!isNumeric || isIPv4(text))
    }

    private static func isIPv4(_ text: Substring) -> Bool {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts.allSatisfy { part in UInt8(part).map { String($0) == part } ?? false }
    }

    private static func isIPv6(_ text: Substring) -> Bool {
        text.utf8.count <= 45 && text.count { $0 == ":" } >= 2
            && text.utf8.allSatisfy {
                isDigit($0) || (0x61...0x66).contains($0 | 0x20) || ":.".utf8.contains($0)
            }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
