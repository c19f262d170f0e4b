/// The forms in which settings name hosts.
enum HostNames {
    /// Whether a text is the name or the address of one host, without a scheme, a port or brackets.
    static func isHost(_ text: String) -> Bool { isName(text[...]) || isIPv6(text[...]) }

    /// An entry of `noProxy` as the transport takes it: a host, `.example.org` or `*.example.org`, a network such as
    /// `10.0.0.0/8`, or `*` for all; nil for what would never match.
    static func exception(_ text: String) -> String? {
        if text == "*" { return text }
        if text.hasPrefix("*.") { return exception(String(text.dropFirst())) }
        if text.hasPrefix(".") { return isName(text.dropFirst()) ? text : nil }
        if text.hasPrefix("["), text.hasSuffix("]") { return isIPv6(text.dropFirst().dropLast()) ? text : nil }
        guard let slash = text.lastIndex(of: "/") else { return isHost(text) ? text : nil }
        let (base, length) = (text[..<slash], text[text.index(after: slash)...])
        let longest = isIPv4(base) ? 32 : isIPv6(base) ? 128 : -1
        guard let number = Int(length), String(number) == length, (0...max(longest, 0)).contains(number), longest > 0
        else { return nil }
        return text
    }

    private static func isName(_ text: Substring) -> Bool {
        let isPlain = text.utf8.allSatisfy { byte in
            isDigit(byte) || (0x61...0x7A).contains(byte | 0x20) || "-._".utf8.contains(byte)
        }
        // A name made of numbers is an address, or nothing.
        let isNumeric = text.utf8.allSatisfy { isDigit($0) || $0 == UInt8(ascii: ".") }
        return isPlain && !text.isEmpty && text.utf8.count <= 255 && !text.hasPrefix(".") && !text.contains("..")
            && (!isNumeric || isIPv4(text))
    }

    private static func isIPv4(_ text: Substring) -> Bool {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts.allSatisfy { part in UInt8(part).map { String($0) == part } ?? false }
    }

    private static func isIPv6(_ text: Substring) -> Bool {
        text.utf8.count <= 45 && text.count { $0 == ":" } >= 2
            && text.utf8.allSatisfy {
                isDigit($0) || (0x61...0x66).contains($0 | 0x20) || ":.".utf8.contains($0)
            }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
