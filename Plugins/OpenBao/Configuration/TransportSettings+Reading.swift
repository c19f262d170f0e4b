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
        proxy = reader.read("proxy") { $0.proxy(but: exceptions ?? []) } ?? proxy
        if exceptions != nil, proxy == .none {
            reader.reject("noProxy", "'proxy' says that there is none")
        } else if exceptions != nil, reader.value("proxy") == nil {
            reader.reject("noProxy", "needs 'proxy'; for https_proxy the variable no_proxy names the exceptions")
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

extension HTTPTransportSettings.Proxy {
    /// Reads the URL of a proxy, which may have a user and a password only where no configuration holds it.
    init(
        _ text: String,
        but exceptions: [String] = [],
        allowsUser: Bool,
        setting: String = "proxy"
    ) throws(KeyResolutionError) {
        guard
            text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }), let parts = URLComponents(string: text),
            let scheme = parts.scheme?.lowercased(), ["http", "https", "socks5", "socks5h"].contains(scheme),
            let host = parts.host, !host.isEmpty, (1...65_535).contains(parts.port ?? 80),
            ["", "/"].contains(parts.path), parts.query == nil, parts.fragment == nil
        else {
            throw .invalidConfiguration(
                "\(setting) isn't a valid proxy URL",
                remedy: "write it as http://HOST:PORT, https://HOST:PORT or socks5h://HOST:PORT"
            )
        }
        guard allowsUser || (parts.user == nil && parts.password == nil) else {
            throw .invalidConfiguration(
                "\(setting) has a user or a password, which no configuration holds",
                remedy: "put the URL with them in BAO_PROXY_ADDR, or in https_proxy"
            )
        }
        self = .url(text, exceptions: exceptions)
    }
}

extension JSONValueReader {
    fileprivate mutating func path(in folder: ConfigurationFolder) -> String? {
        let path = text("expected the path of a file or folder") { !$0.isEmpty && !$0.utf8.contains(0) ? $0 : nil }
        guard let path else { return nil }
        guard !HTTPTransportSettings.hasScheme(path), path.hasPrefix("~/") || !path.hasPrefix("~") else {
            reject("expected a path alone, without 'file:' and the like, and with no '~' but that of '~/', your home")
            return nil
        }
        return folder.path(path)
    }

    fileprivate mutating func hostName() -> String? {
        text("expected the name of a host, such as bao.example.org, without scheme and port") {
            HTTPTransportSettings.isHost($0) ? $0 : nil
        }
    }

    fileprivate mutating func exceptions() -> [String]? {
        guard case .array = node.kind else {
            reject(#"expected an array of hosts, such as ["bao.example.org", "10.0.0.0/8"]"#)
            return nil
        }
        let words = "expected a host, a domain such as .example.org, a network such as 10.0.0.0/8, or *; "
        let entries = array { $0.text(words + "without scheme, port and path", ProxyExceptions.entry) }
        return entries.map { $0.contains("*") ? ["*"] : $0 }
    }

    fileprivate mutating func proxy(but exceptions: [String]) -> HTTPTransportSettings.Proxy? {
        switch node.kind {
        case .bool(false), .string("none"): return HTTPTransportSettings.Proxy.none
        case .string: return made { try HTTPTransportSettings.Proxy($0, but: exceptions, allowsUser: false) }
        default:
            reject("expected the URL of a proxy, or false for none")
            return nil
        }
    }
}
