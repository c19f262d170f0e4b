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
