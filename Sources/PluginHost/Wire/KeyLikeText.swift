import KeyHooks

/// Recognises what looks like a key in a text for people; wrong now and then, on the careful side.
enum KeyLikeText {
    /// The text with every such word hidden.
    static func masked(_ text: String) -> String {
        var result = ""
        var word: [Unicode.Scalar] = []
        var label = ""
        var follows = false
        func finish() {
            guard !word.isEmpty else { return }
            let isHidden = isKey(word) || (follows && word.count >= 8 && word != wordOfShells)
            if isHidden { result += SecretRedactor.hidden } else { result.unicodeScalars.append(contentsOf: word) }
            label = String(String.UnicodeScalarView(word)).lowercased()
            follows = label == "bearer" || label == "basic"
            word = []
        }
        for scalar in text.unicodeScalars {
            // What follows a label is hidden whole: of half a key that has a slash in it the rest would be shown.
            if isPart(scalar) || (follows && !word.isEmpty && !isEnd(scalar)) {
                word.append(scalar)
                continue
            }
            finish()
            if scalar == "=" || scalar == ":" {
                follows = PastedKey.labels.contains { label.hasSuffix($0) }
            } else if scalar != " ", scalar != "\"", scalar != "'" {
                follows = false
            }
            result.unicodeScalars.append(scalar)
        }
        finish()
        return result
    }

    /// What a shell writes behind the name of a variable that `set -u` found missing: `ACME_TOKEN: parameter not set`.
    private static let wordOfShells = Array("parameter".unicodeScalars)

    private static func isEnd(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isWhitespace || "\"',;()[]{}<>".unicodeScalars.contains(scalar)
    }

    private static func isPart(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", "-", "_", ".", "+", "~": true
        default: false
        }
    }

    private static func isRandom(_ word: ArraySlice<Unicode.Scalar>) -> Bool {
        word.count >= 20 && word.contains { "0"..."9" ~= $0 }
            && word.contains { "a"..."z" ~= $0 || "A"..."Z" ~= $0 }
    }

    private static func isKey(_ word: [Unicode.Scalar]) -> Bool {
        let hasDigit = word.contains { "0"..."9" ~= $0 }
        // Not the name of a machine, which has dots and digits too.
        if word.split(separator: ".").contains(where: isRandom) { return true }
        guard word.count >= 10, word.count >= 16 || hasDigit else { return false }
        let text = String(String.UnicodeScalarView(word))
        return KeyPrefix.all.contains { text.hasPrefix($0) }
    }
}
