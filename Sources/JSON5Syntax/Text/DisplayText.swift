/// A name from a file made safe to print on a terminal: short, and with nothing that moves the cursor or hides text.
package func displayText(_ name: String, limit: Int = 64) -> String {
    escaped(name, limit: limit, keepingLines: false) { "\\u{" + String($0.value, radix: 16) + "}" }
}

/// A whole text made safe to print on a terminal: its lines stay lines, and all else is as in
/// ``displayText(_:limit:)``.
package func displayLines(_ text: String) -> String {
    escaped(text, keepingLines: true) { displayText(String($0)) }
}

/// JSON in which nothing acts on a terminal either; what encoders leave as it is becomes an escape that means the same.
package func displayJSON(_ json: String) -> String {
    escaped(json, keepingLines: true, \.jsonEscape)
}

private func escaped(
    _ text: String,
    limit: Int = .max,
    keepingLines: Bool,
    _ escape: (Unicode.Scalar) -> String
) -> String {
    // Nothing needs a closer look in nearly all texts.
    let isHarmless = text.utf8.allSatisfy { (0x20..<0x7F).contains($0) || keepingLines && $0 == .lineFeed }
    if isHarmless, text.utf8.count <= limit { return text }
    var result = ""
    for (count, scalar) in text.unicodeScalars.enumerated() {
        if count == limit { return result + "…" }
        if scalar.needsEscapeForDisplay, !keepingLines || scalar != "\n" {
            result += escape(scalar)
        } else {
            result.unicodeScalars.append(scalar)
        }
    }
    return result
}

extension Unicode.Scalar {
    /// The scalar as JSON has it in a string where it may not stand as it is.
    var jsonEscape: String {
        UTF16.encode(self)!
            .map { unit in
                let digits = String(unit, radix: 16)
                return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            }
            .joined()
    }

    /// Whether printing the scalar could act on the terminal or reorder the text around it.
    package var needsEscapeForDisplay: Bool {
        if isASCII { return value < 0x20 || value == 0x7F }
        return switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned: true
        default: false
        }
    }
}

/// A value whose description says what it is and where, and never holds a value of the document.
///
/// The mirror is empty because `dump` and test frameworks walk it and would print the string inside.
package protocol ValueFree: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {}

extension ValueFree {
    /// The same as the description.
    package var debugDescription: String { description }

    /// A mirror without children.
    package var customMirror: Mirror { Mirror(self, children: EmptyCollection()) }
}
