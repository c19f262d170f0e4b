/// A JSON number, kept exact when it was written as an integer that fits 64 bits.
package enum JSONNumber: Sendable, Hashable {
    /// A number written without a fraction or an exponent that fits `Int64`.
    case integer(Int64)
    /// Every other number, including `-0`, `Infinity` and `NaN`.
    case double(Double)
    /// The same as ``double(_:)`` and as it was written, where the syntax asks for that: `1.50` is no `1.5` to whoever
    /// stored a key without quotes.
    indirect case written(String)

    /// The number as a `Double`, rounded where an integer has more than 53 bits.
    package var double: Double {
        switch self {
        case .integer(let value): Double(value)
        case .double(let value): value
        case .written(let text): Double(text) ?? .infinity
        }
    }

    /// The number as an `Int`, or nil when it is not a whole number that is known exactly.
    ///
    /// `1e3` and `5.0` count as whole; beyond 2^53 a `Double` no longer says which integer was written.
    package var int: Int? {
        switch self {
        case .integer(let value): Int(exactly: value)
        case .double, .written: Self.whole(double)
        }
    }

    /// A `Double` as an `Int`, or nil when it has a fraction or is beyond 2^53.
    private static func whole(_ value: Double) -> Int? {
        // Not `Int(exactly:)`: it calls `trunc`, and a program without Foundation may not link the C maths library.
        guard value.magnitude <= 0x1p53 else { return nil }
        let truncated = Int64(value)
        return Double(truncated) == value ? Int(exactly: truncated) : nil
    }
}

extension JSONNumber: ValueFree {
    /// The word `number`, never which one: a number may be a PIN.
    package var description: String { "<a number>" }
}
