/// Durations as people write them in configuration files: `30s`, `250ms`, `1h30m`, `7d`.
package enum DurationSyntax {
    /// Why a text is not a duration.
    package enum Failure: Error, Sendable, Hashable {
        /// A bare number, which could be seconds or milliseconds.
        case missingUnit
        /// With a minus sign.
        case negative
        /// With a point.
        case fraction
        /// Anything else that is not a duration.
        case malformed
        /// Longer than 36500 days, where adding it to a clock could overflow.
        case tooLong
    }

    /// Reads a duration: whole numbers, each with one of the units `d`, `h`, `m`, `s`, `ms`, larger units first.
    ///
    /// - Parameter text: The text, such as `1h30m`.
    /// - Returns: The duration.
    /// - Throws: Why the text is not a duration.
    package static func parse(_ text: String) throws(Failure) -> Duration {
        var rest = text.utf8[...]
        var milliseconds: Int64 = 0
        var smallest = Int64.max
        guard !rest.isEmpty else { throw .malformed }
        if text.hasPrefix("-") { throw .negative }
        while !rest.isEmpty {
            let digits = rest.prefix(while: \.isASCIIDigit)
            guard !digits.isEmpty else { throw .malformed }
            rest = rest[digits.endIndex...]
            let letters = rest.prefix { !$0.isASCIIDigit }
            rest = rest[letters.endIndex...]
            if letters.elementsEqual(".".utf8), rest.first?.isASCIIDigit == true { throw .fraction }
            if letters.isEmpty { throw .missingUnit }
            guard let unit = units[String(letters) ?? ""], unit < smallest else { throw .malformed }
            smallest = unit
            guard let count = Int64(String(digits) ?? ""), count <= longest / unit else { throw .tooLong }
            milliseconds += count * unit
        }
        guard milliseconds <= longest else { throw .tooLong }
        return .milliseconds(milliseconds)
    }

    /// The units by name, in milliseconds.
    private static let units: [String: Int64] = ["ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000]

    /// A hundred years, in milliseconds.
    private static let longest: Int64 = 36_500 * 86_400_000
}

extension DurationSyntax.Failure {
    /// What is wrong and how to fix it, without the text that was read.
    package var message: String {
        switch self {
        case .missingUnit: #"a duration needs a unit: write "30s", "5m", "1h", "250ms" or "7d""#
        case .malformed: #"expected a duration such as "30s", "5m", "1h", "250ms" or "7d""#
        case .negative: "a duration can't be negative"
        case .fraction: #"a duration is a whole number with a unit: write "1500ms" for one and a half seconds"#
        case .tooLong: "the duration is too long: the longest is 36500d"
        }
    }
}
