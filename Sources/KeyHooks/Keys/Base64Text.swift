/// Recognises a key that was encoded in base64, as Kubernetes wants secrets, once more than it was decoded.
enum Base64Text {
    /// How many characters are decoded: enough to be sure, and no more of the key than that.
    private static let length = 24

    /// What the decoded text begins with, of the beginnings that vendors' keys have; nil if it is no such thing.
    static func keyPrefix(in text: some StringProtocol) -> String? {
        let body = text.utf8.reversed().drop { $0 == UInt8(ascii: "=") }.count
        guard body >= length, text.utf8.count - body <= 2, text.utf8.prefix(body).allSatisfy({ digit($0) != nil })
        else {
            return nil
        }
        var decoded: [UInt8] = []
        var bits: UInt32 = 0
        for (index, byte) in text.utf8.prefix(length).enumerated() {
            bits = bits << 6 | UInt32(digit(byte) ?? 0)
            if index % 4 == 3 {
                decoded += [UInt8(truncatingIfNeeded: bits >> 16), UInt8(truncatingIfNeeded: bits >> 8)]
                decoded.append(UInt8(truncatingIfNeeded: bits))
            }
        }
        // A random text decodes to printable characters once in 40 million.
        guard decoded.allSatisfy({ (0x21...0x7E).contains($0) }) else { return nil }
        return KeyPrefix.all.filter { $0.utf8.count >= 3 && decoded.starts(with: $0.utf8) }
            .max { $0.utf8.count < $1.utf8.count }
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte - UInt8(ascii: "A")
        case UInt8(ascii: "a")...UInt8(ascii: "z"): byte - UInt8(ascii: "a") + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0") + 52
        case UInt8(ascii: "+"), UInt8(ascii: "-"): 62
        case UInt8(ascii: "/"), UInt8(ascii: "_"): 63
        default: nil
        }
    }
}
