import HTTPTransport
import JSON5Syntax
import KeyHooks

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
