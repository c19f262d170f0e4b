/// A name from a file made safe to print on a terminal: short, and with nothing that moves the cursor or hides text.
package func displayText(_ name: String, limit: Int = 64) -> String {
    var result = ""
    for (count, scalar) in name.unicodeScalars.enumerated() {
        if count == limit { return result + "…" }
        if scalar.needsEscapeForDisplay {
            result += "\\u{" + String(scalar.value, radix: 16) + "}"
        } else {
            result.unicodeScalars.append(scalar)
        }
    }
    return result
}

extension Unicode.Scalar {
    /// Whether printing the scalar could act on the terminal or reorder the text around it.
    fileprivate var needsEscapeForDisplay: Bool {
        if isASCII { return value < 0x20 || value == 0x7F }
        return switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned: true
        default: false
        }
    }
}
