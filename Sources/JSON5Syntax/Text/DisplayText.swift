/// A name from a file made safe to print on a terminal: short, and with nothing that moves the cursor or hides text.
package func displayText(_ name: String, limit: Int = 64) -> String {
    if name.utf8.count <= limit, name.isHarmlessASCII(keepingLines: false) { return name }
    return escaped(name, limit: limit, keepingLines: false)
}

/// A whole text made safe to print on a terminal: its lines stay lines, and all else is as in
/// ``displayText(_:limit:)``.
package func displayLines(_ text: String) -> String {
    if text.isHarmlessASCII(keepingLines: true) { return text }
    return escaped(text, limit: .max, keepingLines: true)
}

/// JSON in which nothing acts on a terminal either; what encoders leave as it is becomes an escape that means the same.
package func displayJSON(_ json: String) -> String {
    if json.isHarmlessASCII(keepingLines: true) { return json }
    var result = ""
    for scalar in json.unicodeScalars {
        guard scalar.needsEscapeForDisplay, scalar != "\n" else {
            result.unicodeScalars.append(scalar)
            continue
        }
        for unit in UTF16.encode(scalar)! {
            let digits = String(unit, radix: 16)
            result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }
    }
    return result
}

private func escaped(_ text: String, limit: Int, keepingLines: Bool) -> String {
    var result = ""
    for (count, scalar) in text.unicodeScalars.enumerated() {
        if count == limit { return result + "…" }
        if scalar.needsEscapeForDisplay, !keepingLines || scalar != "\n" {
            result += "\\u{" + String(scalar.value, radix: 16) + "}"
        } else {
            result.unicodeScalars.append(scalar)
        }
    }
    return result
}

extension String {
    /// Whether nothing in it needs a closer look, which is so of nearly all texts.
    fileprivate func isHarmlessASCII(keepingLines: Bool) -> Bool {
        utf8.allSatisfy { (0x20..<0x7F).contains($0) || (keepingLines && $0 == UInt8(ascii: "\n")) }
    }
}

extension Unicode.Scalar {
    /// Whether printing the scalar could act on the terminal or reorder the text around it.
    package var needsEscapeForDisplay: Bool {
        if isASCII { return value < 0x20 || value == 0x7F }
        return switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned: true
        default: false
        }
    }
}
