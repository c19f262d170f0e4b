import LightFoundation

/// An address of IPv4 or IPv6, however it is written.
struct HostAddress: Hashable {
    /// Four or sixteen bytes; an address of IPv4 that is written as one of IPv6 has four.
    let bytes: [UInt8]

    /// - Parameter text: Without brackets.
    init?(_ text: some StringProtocol) {
        let text = String(text.prefix { $0 != "%" })
        var four = in_addr()
        // Also `127.1` and `0x7f.1`, which name this very machine too.
        if inet_aton(text, &four) == 1 {
            bytes = withUnsafeBytes(of: four) { Array($0) }
            return
        }
        var six = in6_addr()
        guard inet_pton(AF_INET6, text, &six) == 1 else { return nil }
        let bytes = withUnsafeBytes(of: six) { Array($0) }
        let isMapped = bytes[..<10].allSatisfy { $0 == 0 } && bytes[10...11] == [0xFF, 0xFF]
        self.bytes = isMapped ? Array(bytes[12...]) : bytes
    }

    /// 127.0.0.0/8 and `::1`, and the addresses of zeros that Linux takes for them.
    var isLoopback: Bool {
        if bytes.allSatisfy({ $0 == 0 }) { return true }
        return bytes.count == 4 ? bytes[0] == 127 : bytes == Array(repeating: 0, count: 15) + [1]
    }

    /// Whether a network such as `10.0.0.0/8` holds it.
    func isIn(network: some StringProtocol) -> Bool {
        let parts = network.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let base = HostAddress(parts[0]), let length = Int(parts[1]),
            base.bytes.count == bytes.count, (0...bytes.count * 8).contains(length)
        else { return false }
        for (index, (own, other)) in zip(bytes, base.bytes).enumerated() {
            let bits = min(max(length - index * 8, 0), 8)
            let mask = UInt8(truncatingIfNeeded: 0xFF00 >> bits)
            if own & mask != other & mask { return false }
        }
        return true
    }
}

/// Whether a host is this very machine: 127.0.0.0/8, `::1`, `localhost`.
func isLoopback(_ host: String) -> Bool {
    host == "localhost" || host.hasSuffix(".localhost") || HostAddress(host)?.isLoopback == true
}
