extension DotenvFile {
    /// Writes bindings as a `.env` text, one line each, such that parsing it gives the same names and values.
    ///
    /// Quotes are chosen by content: none for plain words, single quotes where the value can stand literally, double
    /// quotes with escapes for the rest. A value is written on one line, `\n` standing for a line break, so it is read
    /// the same by dialects that do not know values over several lines.
    ///
    /// - Parameter pairs: The bindings, in the order to write them.
    /// - Returns: The text, each line ended with `\n`.
    /// - Throws: ``DotenvError`` with every name that is not valid and every value that holds a NUL.
    public static func render(_ pairs: some Sequence<(name: String, value: String)>) throws(DotenvError) -> String {
        var text = ""
        var errors: [DotenvDiagnostic] = []
        for (name, value) in pairs {
            if let error = problem(name: name, value: value) {
                errors.append(error)
                continue
            }
            text += "\(name)=\(written(value))\n"
        }
        guard errors.isEmpty else { throw DotenvError(diagnostics: errors) }
        return text
    }

    /// Why a binding cannot be written.
    ///
    /// A name that is not valid is not shown: it may be a value in the wrong place.
    static func problem(name: String, value: String) -> DotenvDiagnostic? {
        guard let first = name.utf8.first, first.beginsName, name.utf8.allSatisfy(\.continuesName) else {
            return DotenvDiagnostic(.invalidName)
        }
        return value.utf8.contains(0) ? DotenvDiagnostic(.nul, name: name) : nil
    }

    // MARK: - Values

    /// Writes a value such that it is read back the same, with and without expansion: in the quotes asked for where it
    /// can stand in them, or else in the least that will do.
    ///
    /// - Parameters:
    ///   - value: A value without NUL.
    ///   - quoting: The least quoting to use; an edit keeps that of the value it replaces.
    /// - Returns: The value as it is written after `=`.
    static func written(_ value: String, atLeast quoting: DotenvEntry.Quoting = .none) -> String {
        switch quoting {
        case .none where isPlain(value): value
        case .none, .single: canStandInSingleQuotes(value) ? "'\(value)'" : doubleQuoted(value)
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
