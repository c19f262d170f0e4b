package import HTTPTransport
package import JSON5Syntax
package import KeyHooks
import LightFoundation

extension HTTPTransportSettings {
    /// Reads the settings for TLS and proxies of the section.
    ///
    /// - Parameters:
    ///   - reader: The section.
    ///   - folder: Where relative paths count from.
    ///   - kind: What servers are asked.
    package init(from reader: inout JSONObjectReader, in folder: ConfigurationFolder, of kind: ServerKind) {
        self.init()
        authorityFile = reader.read("caCert") { $0.path(in: folder) }
        authorityFolder = reader.read("caPath") { $0.path(in: folder) }
        clientCertificate = reader.read("clientCert") { $0.path(in: folder) }
        clientKey = reader.read("clientKey") { $0.path(in: folder) }
        serverName = reader.read("tlsServerName") { $0.hostName(kind.host) }
        let exceptions = reader.read("noProxy") { $0.exceptions(kind.host) }
        proxy = reader.read("proxy") { $0.proxy(but: exceptions ?? [], kind.proxyPlace) } ?? proxy
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
    package static func hasScheme(_ path: String) -> Bool {
        guard let colon = path.firstIndex(of: ":"), let first = path.utf8.first else { return false }
        return (0x61...0x7A).contains(first | 0x20) && !path[..<colon].contains("/")
    }
}

extension HTTPTransportSettings.Proxy {
    /// Reads the URL of a proxy, which may have a user and a password only where no configuration holds it.
    package init(
        _ text: String,
        but exceptions: [String] = [],
        allowsUser: Bool,
        setting: String = "proxy",
        otherPlace: String
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
                remedy: "put the URL with them in \(otherPlace)"
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

    fileprivate mutating func hostName(_ example: String) -> String? {
        text("expected the name of a host, such as \(example), without scheme and port") {
            HTTPTransportSettings.isHost($0) ? $0 : nil
        }
    }

    fileprivate mutating func exceptions(_ example: String) -> [String]? {
        guard case .array = node.kind else {
            reject("expected an array of hosts, such as [\"\(example)\", \"10.0.0.0/8\"]")
            return nil
        }
        let words = "expected a host, a domain such as .example.org, a network such as 10.0.0.0/8, or *; "
        let entries = array { $0.text(words + "without scheme, port and path", ProxyExceptions.entry) }
        return entries.map { $0.contains("*") ? ["*"] : $0 }
    }

    fileprivate mutating func proxy(but exceptions: [String], _ otherPlace: String) -> HTTPTransportSettings.Proxy? {
        switch node.kind {
        case .bool(false), .string("none"): return HTTPTransportSettings.Proxy.none
        case .string:
            return made {
                try HTTPTransportSettings.Proxy($0, but: exceptions, allowsUser: false, otherPlace: otherPlace)
            }
        default:
            reject("expected the URL of a proxy, or false for none")
            return nil
        }
    }
}

extension HTTPTransportSettings {
    /// The effects of these settings in a file, for whoever decides whether to trust it.
    ///
    /// - Parameter server: What the server is called.
    /// - Returns: The effects.
    package func effects(on server: String) -> [ConfigurationEffect] {
        func shown(_ path: String) -> String { ConfigurationEffects.shown(path, asPath: true) }
        var words: [String] = []
        if acceptsAnyCertificate {
            words.append(
                "accepts any certificate as \(server)'s, so that whoever sits in between gets the credential and the keys"
            )
        }
        if let authorityFile { words.append("trusts as \(server)'s authorities those in \(shown(authorityFile))") }
        if let authorityFolder {
            words.append("trusts as \(server)'s authorities those in the folder \(shown(authorityFolder))")
        }
        if let clientCertificate {
            let key = clientKey.map { " and the key \(shown($0))" } ?? ""
            words.append("identifies itself to \(server) by the certificate \(shown(clientCertificate))\(key)")
        }
        if let serverName { words.append("accepts a certificate for \(shown(serverName)) as \(server)'s") }
        switch proxy.way {
        case .environment: break
        case .none: words.append("asks \(server) directly, whatever proxy the environment names")
        case .url(let url, let exceptions):
            let but = exceptions.isEmpty ? "" : ", except for \(exceptions.map(shown).joined(separator: ", "))"
            words.append("sends requests to \(server) through the proxy \(shown(url))\(but)")
        }
        return words.map { ConfigurationEffect($0, isGrave: true) }
    }

    /// The members of the section that ``effects`` speaks of.
    package static let members: Set = [
        "caCert", "caPath", "clientCert", "clientKey", "tlsServerName", "proxy", "noProxy", "skipVerify",
    ]
}
