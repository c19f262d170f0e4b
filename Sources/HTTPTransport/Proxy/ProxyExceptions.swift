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
