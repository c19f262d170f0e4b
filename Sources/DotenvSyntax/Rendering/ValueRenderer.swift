/// Writes a value such that it is read back the same, with and without expansion.
enum ValueRenderer {
    /// Writes a value in the quotes asked for where it can stand in them, or else in the least that will do.
    ///
    /// - Parameters:
    ///   - value: A value without NUL.
    ///   - quoting: The least quoting to use; an edit keeps that of the value it replaces.
    /// - Returns: The value as it is written after `=`.
    static func render(_ value: String, atLeast quoting: DotenvEntry.Quoting = .none) -> String {
        switch quoting {
        case .none where isPlain(value): value
        case .none, .single: canStandInSingleQuotes(value) ? singleQuoted(value) : doubleQuoted(value)
        case .double: doubleQuoted(value)
        }
    }

    /// Bytes that no dialect and no shell treats as special.
    ///
    /// An empty value is quoted: at least one parser goes on to the next line for it.
    private static func isPlain(_ value: String) -> Bool {
        !value.isEmpty
            && value.utf8.allSatisfy { byte in
                byte.continuesName || plainPunctuation.contains(byte)
            }
    }

    private static let plainPunctuation = Array("/:@%+,=".utf8)

    private static func canStandInSingleQuotes(_ value: String) -> Bool {
        !value.isEmpty && !value.utf8.contains { $0 == Byte.singleQuote || $0.isLineEnd }
    }

    private static func singleQuoted(_ value: String) -> String { "'\(value)'" }

    private static func doubleQuoted(_ value: String) -> String {
        var bytes: [UInt8] = [Byte.doubleQuote]
        bytes.reserveCapacity(value.utf8.count + 2)
        for byte in value.utf8 {
            switch byte {
            case Byte.newline: bytes += "\\n".utf8
            case Byte.carriageReturn: bytes += "\\r".utf8
            case Byte.doubleQuote, Byte.backslash, Byte.dollar: bytes += [Byte.backslash, byte]
            default: bytes.append(byte)
            }
        }
        bytes.append(Byte.doubleQuote)
        return String(decoding: bytes, as: UTF8.self)
    }
}
