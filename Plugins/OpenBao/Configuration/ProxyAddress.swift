import KeyHooks
import LightFoundation

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
