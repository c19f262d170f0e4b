import Foundation
import HTTPTransport
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
        acceptsAnyCertificate = reader.read("skipVerify") { $0.onlyTrue() } ?? false
        let exceptions = reader.array("noProxy") { $0.hostName(withPattern: true) }
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

extension JSONValueReader {
    fileprivate mutating func path(in folder: ConfigurationFolder) -> String? {
        guard let text = string() else { return nil }
        guard !text.isEmpty, !text.utf8.contains(0) else {
            reject("expected the path of a file or folder")
            return nil
        }
        return folder.path(text)
    }

    /// A host; with a pattern also a domain such as `.example.org`, a network or `*`.
    fileprivate mutating func hostName(withPattern: Bool = false) -> String? {
        guard let text = string() else { return nil }
        let others = withPattern ? ".-_:[]*/" : ".-_:"
        let isName = text.utf8.allSatisfy { byte in
            Character(UnicodeScalar(byte)).isLetter && byte < 0x80 || (0x30...0x39).contains(byte)
                || others.utf8.contains(byte)
        }
        guard !text.isEmpty, text.utf8.count <= 255, isName else {
            reject("expected the name of a host, such as bao.example.org")
            return nil
        }
        return text
    }

    fileprivate mutating func onlyTrue() -> Bool? {
        guard let isTrue = bool() else { return nil }
        if !isTrue { reject("can only be true: leave it out to have certificates checked") }
        return isTrue
    }

    fileprivate mutating func proxy() -> HTTPTransportSettings.Proxy? {
        if case .bool(let isWanted) = node.kind {
            if isWanted { reject("expected the URL of a proxy, or false for none") }
            return isWanted ? nil : HTTPTransportSettings.Proxy.none
        }
        guard let text = string() else { return nil }
        if text == "none" { return HTTPTransportSettings.Proxy.none }
        do {
            return .url(try ProxyAddress(text, allowsUser: false).url)
        } catch {
            reject("\(error.message): \(error.remedy)")
            return nil
        }
    }
}
