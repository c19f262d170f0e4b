/// Reads JSON5 1.0, and so JSON, into a tree that knows where each value stands.
///
/// Stricter than the specification where leniency hides mistakes: keys may not repeat, numbers must fit a `Double`,
/// half surrogate pairs and NUL bytes are refused.
package enum JSON5 {
    /// What a document may cost.
    package struct Limits: Sendable, Hashable {
        /// The number of bytes a document may have.
        package var size: Int
        /// How deeply arrays and objects may be nested, at most 512 because parsing uses the stack.
        package var depth: Int
        /// The number of bytes a key may have: hashing a key of nothing but combining marks takes quadratic time.
        package var keySize: Int

        /// Whether only JSON (RFC 8259) will do, without what JSON5 adds for people who write by hand.
        package var isStrict: Bool

        /// Whether numbers other than 64-bit integers are kept as they were written, and may be of any size; for JSON only.
        package var keepsNumbers: Bool

        /// Creates limits; the defaults suit configuration files.
        package init(
            size: Int = 1 << 20,
            depth: Int = 128,
            keySize: Int = 1024,
            isStrict: Bool = false,
            keepsNumbers: Bool = false
        ) {
            self.size = size
            self.depth = depth
            self.keySize = keySize
            self.isStrict = isStrict
            self.keepsNumbers = keepsNumbers
        }
    }

    /// Parses one document given as UTF-8.
    ///
    /// - Parameters:
    ///   - bytes: The document; a byte order mark at the start is skipped.
    ///   - limits: What the document may cost.
    /// - Returns: The document's value.
    /// - Throws: The first mistake in the document.
    package static func parse(
        _ bytes: some Collection<UInt8>,
        limits: Limits = Limits()
    ) throws(JSONSyntaxError) -> JSONNode {
        guard bytes.count <= limits.size else {
            throw JSONSyntaxError(.documentTooLarge(limit: limits.size), at: .start)
        }
        var parser = JSON5Parser(bytes: Array(bytes), limits: limits)
        return try parser.parseDocument()
    }
}
