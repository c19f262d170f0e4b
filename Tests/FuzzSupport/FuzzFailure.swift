/// What does not hold of an input.
package struct Broken: Error, Sendable {
    /// The rule in a few words, the same for all inputs that break it.
    package let rule: String
    /// What was seen.
    package let details: String

    package init(_ rule: String, _ details: String = "") {
        self.rule = rule
        self.details = details
    }

    /// Throws unless it holds.
    package static func unless(
        _ holds: Bool,
        _ rule: @autoclosure () -> String,
        _ details: @autoclosure () -> String = ""
    ) throws(Broken) {
        if !holds { throw Broken(rule(), details()) }
    }
}

/// An input that breaks a property, with what it takes to see it again.
package struct FuzzFailure: Error, CustomStringConvertible {
    package let fuzzer: String
    /// The seed of this very input: a run that begins with it finds it first.
    package let seed: UInt64
    package let problem: Broken
    package let input: [UInt8]
    package let originalCount: Int

    package var description: String {
        """
        \(fuzzer): \(problem.rule)
          input (\(input.count) of \(originalCount) bytes): \(escaped(input))
          seen: \(escaped(Array(problem.details.utf8)))
          again: KEYHOOKS_FUZZ_SEED=\(seed)
        """
    }
}

/// Bytes as a line of printable ASCII, cut where there are very many of them.
package func escaped(_ bytes: [UInt8], limit: Int = 2000) -> String {
    let shown = bytes.prefix(limit)
        .map { byte in
            switch byte {
            case UInt8(ascii: "\n"): "\\n"
            case UInt8(ascii: "\r"): "\\r"
            case UInt8(ascii: "\\"): "\\\\"
            case 0x20..<0x7F: String(UnicodeScalar(byte))
            default: "\\x" + String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
            }
        }
    return "'\(shown.joined())'" + (bytes.count > limit ? "…" : "")
}
