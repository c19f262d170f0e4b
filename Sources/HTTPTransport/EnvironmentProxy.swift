import Foundation

/// The proxy that libcurl, and so `URLSession` on Linux, takes for a URL from the variables of the process.
///
/// Foundation gives no way to choose another or none, so this says what it will do.
package struct EnvironmentProxy: Hashable, Sendable {
    /// Host and port; never a user or a password.
    package let endpoint: String

    /// The variable that names it.
    package let variable: String

    /// Whether the URL is on this very machine.
    package let isForLoopback: Bool

    /// The proxy for a URL; nil if it is asked directly.
    package init?(for url: String, _ environment: (String) -> String? = Self.variable) {
        guard let parts = URLComponents(string: url), let scheme = parts.scheme?.lowercased(),
            let host = parts.host.map(Self.bare), !host.isEmpty
        else { return nil }
        // 'HTTP_PROXY' may be a header field of a request, for a program that a web server runs.
        let names = (scheme == "http" ? ["http_proxy"] : ["https_proxy", "HTTPS_PROXY"]) + ["all_proxy", "ALL_PROXY"]
        guard let variable = names.first(where: { environment($0)?.isEmpty == false }),
            let proxy = environment(variable),
            !Self.isSpared(host, by: environment("no_proxy") ?? environment("NO_PROXY"))
        else { return nil }
        self.variable = variable
        endpoint = Self.endpoint(of: proxy)
        isForLoopback = Self.isLoopback(host)
    }

    /// The value of a variable; empty as libcurl sees it.
    package static func variable(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

    private static func bare(_ host: String) -> String {
        var host = host.lowercased()
        if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
        if host.hasSuffix(".") { host.removeLast() }
        return host
    }

    /// 127.0.0.0/8, `::1` and `localhost`.
    private static func isLoopback(_ host: String) -> Bool {
        if host == "localhost" || host.hasSuffix(".localhost") { return true }
        var four = in_addr()
        if inet_aton(host, &four) == 1 { return UInt32(bigEndian: four.s_addr) >> 24 == 127 }
        var six = in6_addr()
        guard inet_pton(AF_INET6, host, &six) == 1 else { return false }
        let bytes = withUnsafeBytes(of: six) { Array($0) }
        let isMapped = bytes[..<10].allSatisfy { $0 == 0 } && bytes[10...11] == [0xFF, 0xFF] && bytes[12] == 127
        return isMapped || bytes == Array(repeating: 0, count: 15) + [1]
    }

    /// Whether `no_proxy` names a host or a domain above it.
    ///
    /// Networks such as `10.0.0.0/8` are left to libcurl: not every version knows them.
    private static func isSpared(_ host: String, by list: String?) -> Bool {
        guard let list, !list.isEmpty else { return false }
        if list == "*" { return true }
        return list.lowercased().split { $0 == "," || $0 == " " || $0 == "\t" }
            .contains { entry in
                let name = bare(String(entry.hasPrefix(".") ? entry.dropFirst() : entry))
                return !name.isEmpty && (host == name || host.hasSuffix(".\(name)"))
            }
    }

    private static func endpoint(of proxy: String) -> String {
        let authority = proxy.range(of: "://").map { proxy[$0.upperBound...] } ?? proxy[...]
        let place = authority.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        let server = place.lastIndex(of: "@").map { place[place.index(after: $0)...] } ?? place
        // What is no host and port may be anything.
        let isPlain = server.utf8.allSatisfy { (0x21...0x7E).contains($0) } && server.utf8.count <= 100
        return isPlain && !server.isEmpty ? String(server) : "that is no host and port"
    }
}

extension EnvironmentProxy: CustomStringConvertible {
    /// Host, port and variable.
    package var description: String { "\(endpoint) (\(variable))" }
}
