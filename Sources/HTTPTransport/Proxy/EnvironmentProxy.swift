import LightFoundation

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
