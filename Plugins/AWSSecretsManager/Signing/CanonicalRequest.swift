#if AWS
import Crypto
import LightFoundation

/// A request in the one form that both ends of a signature compute (AWS, "Create a signed AWS API request").
struct CanonicalRequest: Sendable {
    let method: String

    /// The path as it is sent, from its first slash on.
    let path: String

    /// The names and values of the query, decoded.
    var query: [(name: String, value: String)] = []

    /// The header fields to be signed; a name may be there twice, and then the order of its values counts.
    var headers: [(name: String, value: String)]

    var body: [UInt8] = []

    /// The lines whose digest is signed, and the names of the header fields, as they are also sent.
    var parts: (text: String, signedHeaders: String) {
        let headers = canonicalHeaders
        let lines = headers.map { "\($0.name):\($0.value)\n" }.joined()
        let names = headers.map(\.name).joined(separator: ";")
        let text = """
            \(method)
            \(Self.encoded(Self.normalized(path), keeping: "/"))
            \(Self.encoded(query))
            \(lines)
            \(names)
            \(Self.hex(Crypto.SHA256.hash(data: body)))
            """
        return (text, names)
    }

    /// Names in lower case and sorted, values of one name joined, and runs of blanks made one.
    private var canonicalHeaders: [(name: String, value: String)] {
        var values: [String: [String]] = [:]
        for (name, value) in headers {
            values[name.lowercased(), default: []].append(Self.withoutRuns(value))
        }
        return values.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
            .map { ($0, values[$0, default: []].joined(separator: ",")) }
    }

    private static func withoutRuns(_ value: String) -> String {
        // As characters only where there are others than ASCII's: to look them up costs more than the signature.
        guard value.utf8.allSatisfy({ $0 < 0x80 }) else {
            return value.split { $0.isWhitespace || $0.isNewline }.joined(separator: " ")
        }
        let words = value.utf8.split { $0 == 0x20 || (0x09...0x0D).contains($0) }
        return words.map { String(decoding: $0, as: UTF8.self) }.joined(separator: " ")
    }

    /// The query as it is sent and signed: encoded and sorted by its bytes.
    static func encoded(_ query: [(name: String, value: String)]) -> String {
        query.map { (name: encoded($0.name), value: encoded($0.value)) }
            .sorted { left, right in
                left.name == right.name
                    ? left.value.utf8.lexicographicallyPrecedes(right.value.utf8)
                    : left.name.utf8.lexicographicallyPrecedes(right.name.utf8)
            }
            .map { "\($0.name)=\($0.value)" }
            .joined(separator: "&")
    }

    /// All but letters, digits, `-`, `.`, `_` and `~` as percent signs and numbers.
    static func encoded(_ text: String, keeping others: String = "") -> String {
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                bytes.append(byte)
            case let byte where others.utf8.contains(byte): bytes.append(byte)
            default: bytes += [UInt8(ascii: "%"), Self.digits[Int(byte >> 4)], Self.digits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The path without `.`, `..` and double slashes.
    private static func normalized(_ path: String) -> String {
        var parts: [Substring] = []
        for part in path.split(separator: "/") {
            if part == ".." { _ = parts.popLast() } else if part != "." { parts.append(part) }
        }
        guard !parts.isEmpty else { return "/" }
        return "/" + parts.joined(separator: "/") + (path.hasSuffix("/") ? "/" : "")
    }

    /// A digest in lower-case digits.
    static func hex(_ bytes: some Sequence<UInt8>) -> String {
        var text: [UInt8] = []
        text.reserveCapacity(64)
        for byte in bytes {
            text.append(lowDigits[Int(byte >> 4)])
            text.append(lowDigits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }

    private static let digits = Array("0123456789ABCDEF".utf8)
    private static let lowDigits = Array("0123456789abcdef".utf8)
}
#endif
