/// Leaves of a text for people what is plainly a word, and of everything else its length.
///
/// ``KeyLikeText`` knows keys by their looks and lets passwords, pass phrases and short tokens through. That will do where
/// the plugin has answered and its answer is hidden for certain; where it ended without a word, anything may be the key.
enum DoubtfulText {
    private static let brackets = "\"'`()[]{}<>,;|".unicodeScalars
    /// Where files of a machine are, which a trace names; no key begins like that.
    private static let folders = [
        "/usr/", "/bin/", "/lib/", "/lib64/", "/opt/", "/etc/", "/home/", "/root/", "/tmp/", "/var/", "/srv/", "/nix/",
        "/Users/", "/Library/", "/System/", "/Applications/", "/private/", "/proc/", "/dev/", "~/", "./", "../",
    ]

    /// The text with `[12 characters]` in place of each word that might be a key or a part of one.
    static func masked(_ text: String) -> String {
        guard text != SecretMask.hidden else { return text }
        // What was hidden already stays as it is.
        return text.split(separator: SecretMask.hidden, omittingEmptySubsequences: false)
            .map { maskedPart(String($0)) }.joined(separator: SecretMask.hidden)
    }

    private static func maskedPart(_ text: String) -> String {
        var result = ""
        var word: [Unicode.Scalar] = []
        func finish() {
            result += isDoubtful(word) ? "[\(word.count) characters]" : String(String.UnicodeScalarView(word))
            word = []
        }
        for scalar in text.unicodeScalars {
            guard scalar.properties.isWhitespace || brackets.contains(scalar) else {
                word.append(scalar)
                continue
            }
            finish()
            result.unicodeScalars.append(scalar)
        }
        finish()
        return result
    }

    private static func isDoubtful(_ scalars: [Unicode.Scalar]) -> Bool {
        // What ends a sentence is no part of a word.
        let word = scalars[..<((scalars.lastIndex { !".:!?".unicodeScalars.contains($0) } ?? -1) + 1)]
        guard word.count >= 8 else { return false }
        let text = String(String.UnicodeScalarView(word))
        if folders.contains(where: text.hasPrefix) { return false }
        let parts = word.split { "-_./:=".unicodeScalars.contains($0) }
        // Of digits, or with a digit, a sign or a letter of another alphabet in it.
        guard parts.allSatisfy({ $0.allSatisfy(isLetter) }) else { return true }
        // A name of a program's own, such as `requests.exceptions.ConnectionError` or `raw_decode`, and not a phrase.
        let phrase = word.count { $0 == "-" || $0 == "_" || $0 == "/" || $0 == "=" }
        return phrase >= 2 && word.count >= 12 || !parts.allSatisfy(isName)
    }

    /// Whether letters read like a word, or like words with capitals.
    private static func isName(_ letters: ArraySlice<Unicode.Scalar>) -> Bool {
        let capitals = letters.count { "A"..."Z" ~= $0 }
        if capitals == 0 || capitals == letters.count { return letters.count < 16 }
        return letters.count < 32 && capitals * 4 <= letters.count + 2
    }

    private static func isLetter(_ scalar: Unicode.Scalar) -> Bool { "a"..."z" ~= scalar || "A"..."Z" ~= scalar }
}
