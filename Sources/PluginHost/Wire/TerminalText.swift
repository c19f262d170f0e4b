import JSON5Syntax

/// Text from a plugin made fit for a terminal and a log.
package enum TerminalText {
    /// Takes out what acts on a terminal, whole sequences and not only their first byte, and cuts what is too long.
    ///
    /// - Parameters:
    ///   - text: What the plugin wrote.
    ///   - limit: The number of scalars to keep.
    /// - Returns: Text on one line.
    package static func clean(_ text: String, limit: Int) -> String {
        var result = ""
        var count = 0
        var scalars = text.unicodeScalars.makeIterator()
        var next = scalars.next()
        while let scalar = next {
            next = scalars.next()
            switch scalar {
            case "\u{1B}": skipSequence(&next, &scalars)
            case "\u{9B}": skipParameters(&next, &scalars)
            case "\t", "\n", "\r": append(" ")
            case let other where !other.needsEscapeForDisplay: append(other)
            default: break
            }
            if count > limit { return result + "…" }
        }
        return result

        func append(_ scalar: Unicode.Scalar) {
            count += 1
            if count <= limit { result.unicodeScalars.append(scalar) }
        }
    }

    private typealias Scalars = String.UnicodeScalarView.Iterator

    /// Skips what follows an escape.
    private static func skipSequence(_ next: inout Unicode.Scalar?, _ scalars: inout Scalars) {
        switch next {
        case "[":
            next = scalars.next()
            skipParameters(&next, &scalars)
        case "]", "P", "_", "^", "X":
            // Strings for the terminal, such as its title, up to a bell or a string terminator.
            while let scalar = next, scalar != "\u{7}", scalar != "\u{9C}" {
                next = scalars.next()
                if scalar == "\u{1B}", next == "\\" { break }
            }
            next = scalars.next()
        default: next = scalars.next()
        }
    }

    /// Skips the rest of a control sequence, whose last scalar is a letter or the like.
    private static func skipParameters(_ next: inout Unicode.Scalar?, _ scalars: inout Scalars) {
        while let scalar = next, scalar.value >= 0x20, scalar.value < 0x40 { next = scalars.next() }
        if next != nil { next = scalars.next() }
    }
}
