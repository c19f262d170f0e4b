import LightFoundation

/// The way to a server: directly or through a proxy.
enum ProxyRoute: Hashable {
    case direct

    /// - Parameters:
    ///   - url: For libcurl; it may hold a password.
    ///   - shown: Host and port, and where they are set.
    case through(url: String, shown: String)

    /// The way through a proxy, and the variable that names it.
    init(through proxy: String, from variable: String? = nil) throws(HTTPTransportError) {
        let scheme = proxy.firstRange(of: "://").map { proxy[..<$0.lowerBound].lowercased() } ?? "http"
        let isKnown = ["http", "https", "socks4", "socks4a", "socks5", "socks5h"].contains(scheme)
        guard isKnown, let endpoint = proxyEndpoint(of: proxy), proxy.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else {
            let words = "isn't the URL of a proxy; write http://HOST:PORT"
            guard let variable else { throw .unusable(.proxy, words) }
            throw HTTPTransportError(.invalidSettings, detail: "the variable \(variable) \(words)")
        }
        self = .through(url: proxy, shown: variable.map { "\(endpoint) (\($0))" } ?? endpoint)
    }

    var shown: String? {
        if case .through(_, let shown) = self { shown } else { nil }
    }
}

extension ProxyRoute: CustomStringConvertible, CustomReflectable {
    /// Without a user and a password.
    var description: String { shown ?? "direct" }

    var customMirror: Mirror { Mirror(self, children: ["way": description]) }
}

extension HTTPTransportSettings {
    /// The way to a server; what the environment names is read as libcurl reads it.
    ///
    /// - Throws: An ``HTTPTransportError`` of the code `invalidSettings`, for what isn't the URL of a proxy.
    func route(
        to url: RequestURL,
        _ environment: (String) -> String? = environmentVariable
    ) throws(HTTPTransportError) -> ProxyRoute {
        if unixSocket != nil || isLoopback(url.host) { return .direct }
        switch proxy.way {
        case .none: return .direct
        case .url(let proxy, let exceptions):
            if ProxyExceptions(exceptions).contains(url.host) { return .direct }
            return try ProxyRoute(through: proxy)
        case .environment:
            // 'HTTP_PROXY' may be a header field of a request, for a program that a web server runs.
            let names = (url.isSecure ? ["https_proxy", "HTTPS_PROXY"] : ["http_proxy"]) + ["all_proxy", "ALL_PROXY"]
            let exceptions = environment("no_proxy") ?? environment("NO_PROXY") ?? ""
            guard let variable = names.first(where: { environment($0)?.isEmpty == false }),
                let proxy = environment(variable), !ProxyExceptions(list: exceptions).contains(url.host)
            else { return .direct }
            return try ProxyRoute(through: proxy, from: variable)
        }
    }
}

/// The value of a variable of the process, as libraries of C see it.
func environmentVariable(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

/// Host and port of a proxy's URL, without a user and a password; nil for anything else.
func proxyEndpoint(of proxy: String) -> String? {
    let authority = proxy.firstRange(of: "://").map { proxy[$0.upperBound...] } ?? proxy[...]
    let place = authority.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    // A password with one of these characters would pass for a host.
    guard !authority[place.endIndex...].contains("@") else { return nil }
    let server = place.lastIndex(of: "@").map { place[place.index(after: $0)...] } ?? place
    // Anything else may be a secret.
    guard server.utf8.count <= 260, (try? RequestURL("http://\(server)")) != nil else { return nil }
    return String(server)
}

/// The hosts that are asked directly though there is a proxy: names, domains, addresses and networks.
package struct ProxyExceptions: Hashable {
    private let entries: [String]

    init(_ entries: [String]) {
        self.entries = entries.map { $0.lowercased() }
    }

    /// As `no_proxy` has them: between commas or blanks, `*` alone for all.
    init(list: String) {
        entries = list.lowercased().split { $0 == "," || $0 == " " || $0 == "\t" }.map(String.init)
    }

    /// Whether a host is one of them.
    ///
    /// - Parameter host: In lower case, without brackets and a final dot.
    /// - Returns: Whether it is asked directly.
    func contains(_ host: String) -> Bool {
        if entries == ["*"] { return true }
        let address = HostAddress(host)
        return entries.contains { entry in
            if let address, entry.contains("/") { return address.isIn(network: entry) }
            let name = Self.bare(entry.hasPrefix(".") ? entry.dropFirst() : entry[...])
            if let address, let other = HostAddress(name) { return address == other }
            return !name.isEmpty && (host == name || host.hasSuffix(".\(name)"))
        }
    }

    /// An entry as ``HTTPTransportSettings/Proxy`` takes it: a host, `.example.org` or `*.example.org`, a network such
    /// as `10.0.0.0/8`, or `*` for all; nil for what would never match.
    package static func entry(_ text: String) -> String? {
        if text == "*" { return text }
        if text.hasPrefix("*.") { return entry(String(text.dropFirst())) }
        if let slash = text.firstIndex(of: "/") {
            return HostAddress(text[..<slash])?.isIn(network: text) == true ? text : nil
        }
        let name = bare(text.hasPrefix(".") ? text.dropFirst() : text[...])
        return HTTPTransportSettings.isHost(name) ? text : nil
    }

    private static func bare(_ host: Substring) -> String {
        var host = host
        if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
        if host.hasSuffix(".") { host.removeLast() }
        return String(host)
    }
}
