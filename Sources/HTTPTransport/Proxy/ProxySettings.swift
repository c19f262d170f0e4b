import LightFoundation

/// The way to a server: directly or through a proxy.
enum ProxyRoute: Hashable {
    case direct

    /// - Parameters:
    ///   - url: For libcurl; it may hold a password.
    ///   - shown: Host and port, and where they are set.
    case through(url: String, shown: String)

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
    /// The way to a server.
    ///
    /// - Throws: An ``HTTPTransportError`` of the code `invalidSettings`, for what isn't the URL of a proxy.
    func route(to url: RequestURL) throws(HTTPTransportError) -> ProxyRoute {
        if unixSocket != nil || isLoopback(url.host) { return .direct }
        switch proxy {
        case .none: return .direct
        case .environment:
            guard let proxy = EnvironmentProxy(for: url) else { return .direct }
            return try Self.route(through: proxy.value, from: proxy.variable)
        case .url(let proxy, let exceptions):
            if ProxyExceptions(exceptions).contains(url.host) { return .direct }
            return try Self.route(through: proxy, from: nil)
        }
    }

    private static func route(
        through proxy: String,
        from variable: String?
    ) throws(HTTPTransportError) -> ProxyRoute {
        let scheme = proxy.firstRange(of: "://").map { proxy[..<$0.lowerBound].lowercased() } ?? "http"
        let isKnown = ["http", "https", "socks4", "socks4a", "socks5", "socks5h"].contains(scheme)
        guard isKnown, let endpoint = proxyEndpoint(of: proxy), proxy.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else {
            let words = "isn't the URL of a proxy; write http://HOST:PORT"
            guard let variable else { throw .unusable(.proxy, words) }
            throw HTTPTransportError(.invalidSettings, detail: "the variable \(variable) \(words)")
        }
        return .through(url: proxy, shown: variable.map { "\(endpoint) (\($0))" } ?? endpoint)
    }
}

/// The proxy that the variables of the process name for a URL, read as libcurl reads them.
package struct EnvironmentProxy: Hashable, Sendable {
    /// Host and port; never a user or a password.
    package let endpoint: String

    /// The variable that names it.
    package let variable: String

    /// Whether the URL is on this very machine.
    package let isForLoopback: Bool

    /// The value of the variable, which may hold a password.
    let value: String

    /// The proxy for a URL; nil if it is asked directly.
    package init?(for url: String, _ environment: (String) -> String? = Self.variable) {
        guard let url = try? RequestURL(url) else { return nil }
        self.init(for: url, environment)
    }

    init?(for url: RequestURL, _ environment: (String) -> String? = Self.variable) {
        // 'HTTP_PROXY' may be a header field of a request, for a program that a web server runs.
        let names = (url.isSecure ? ["https_proxy", "HTTPS_PROXY"] : ["http_proxy"]) + ["all_proxy", "ALL_PROXY"]
        guard let variable = names.first(where: { environment($0)?.isEmpty == false }),
            let value = environment(variable),
            !ProxyExceptions(list: environment("no_proxy") ?? environment("NO_PROXY") ?? "").contains(url.host)
        else { return nil }
        self.variable = variable
        self.value = value
        endpoint = proxyEndpoint(of: value) ?? "not a host and port"
        isForLoopback = isLoopback(url.host)
    }

    /// The value of a variable; empty as libcurl sees it.
    package static func variable(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }
}

extension EnvironmentProxy: CustomStringConvertible, CustomReflectable {
    /// Host, port and variable.
    package var description: String { "\(endpoint) (\(variable))" }

    /// Leaves the value out.
    package var customMirror: Mirror { Mirror(self, children: ["endpoint": endpoint, "variable": variable]) }
}

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
struct ProxyExceptions: Hashable {
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

    private static func bare(_ host: Substring) -> String {
        var host = host
        if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
        if host.hasSuffix(".") { host.removeLast() }
        return String(host)
    }
}
