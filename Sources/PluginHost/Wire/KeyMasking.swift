import JSON5Syntax
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

    private static func looksRandom(_ word: ArraySlice<Unicode.Scalar>) -> Bool {
        word.count >= 20 && word.contains { "0"..."9" ~= $0 }
            && word.contains { "a"..."z" ~= $0 || "A"..."Z" ~= $0 }
    }

    private static func isKey(_ word: [Unicode.Scalar]) -> Bool {
        let hasDigit = word.contains { "0"..."9" ~= $0 }
        // Not the name of a machine, which has dots and digits too.
        if word.split(separator: ".").contains(where: looksRandom) { return true }
        guard word.count >= 10, word.count >= 16 || hasDigit else { return false }
        let text = String(String.UnicodeScalarView(word))
        return KeyPrefix.all.contains { text.hasPrefix($0) }
    }
}

/// Leaves of a text for people what is plainly a word, and of everything else its length.
///
/// ``KeyLikeText`` knows keys by their looks and lets passwords, pass phrases and short tokens through. That will do
/// where the plugin has answered and its answer is hidden for certain; where it ended without a word, anything may be
/// the key.
enum DoubtfulText {
    private static let brackets = "\"'`()[]{}<>,;|".unicodeScalars
    /// Where files of a machine are, which a trace names; no key begins like that.
    private static let folders = [
        "/usr/", "/bin/", "/lib/", "/lib64/", "/opt/", "/etc/", "/home/", "/root/", "/tmp/", "/var/", "/srv/", "/nix/",
        "/Users/", "/Library/", "/System/", "/Applications/", "/private/", "/proc/", "/dev/", "~/", "./", "../",
    ]

    /// The text with `[12 characters]` in place of each word that might be a key or a part of one.
    static func masked(_ text: String) -> String {
        guard text != SecretRedactor.hidden else { return text }
        // What was hidden already stays as it is.
        return text.split(separator: SecretRedactor.hidden, omittingEmptySubsequences: false)
            .map { maskedPart(String($0)) }.joined(separator: SecretRedactor.hidden)
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
        // What ends a sentence isn't part of a word.
        let word = scalars[..<((scalars.lastIndex { !".:!?".unicodeScalars.contains($0) } ?? -1) + 1)]
        guard word.count >= 8 else { return false }
        let text = String(String.UnicodeScalarView(word))
        if folders.contains(where: text.hasPrefix) || isNumbers(word) || isCode(word) { return false }
        if let parts = partsOfCommand(text) ?? partsOfAddress(text) { return parts.contains(where: isDoubtful) }
        let parts = word.split { "-_./:=".unicodeScalars.contains($0) }
        // Of digits, or with a digit, a sign or a letter of another alphabet in it.
        guard parts.allSatisfy({ $0.allSatisfy(isLetter) }) else { return true }
        // A variable, such as `ACME_VAULT_TOKEN`.
        if isVariable(word) { return false }
        // A name of a program's own, such as `requests.exceptions.ConnectionError` or `raw_decode`, and not a phrase.
        let phrase = word.count { $0 == "-" || $0 == "_" || $0 == "/" || $0 == "=" }
        return phrase >= 2 && word.count >= 12 || !parts.allSatisfy(isName)
    }

    /// What remains to be looked at of `--option=value` or `NAME=value`; nil for anything else.
    private static func partsOfCommand(_ text: String) -> [[Unicode.Scalar]]? {
        let halves = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let name = Array(halves[0].unicodeScalars)
        let isOption = name.first == "-" && name.count < 40 && name.allSatisfy { "a"..."z" ~= $0 || $0 == "-" }
        guard isOption || halves.count == 2 && !name.isEmpty && isVariable(name) else { return nil }
        return halves.dropFirst().map { Array($0.unicodeScalars) }
    }

    /// What remains to be looked at of an address, whose machine isn't secret; nil for anything else.
    private static func partsOfAddress(_ text: String) -> [[Unicode.Scalar]]? {
        guard let start = text.firstRange(of: "://"), ["http", "https"].contains(text[..<start.lowerBound]) else {
            return nil
        }
        let rest = text[start.upperBound...]
        let machine = rest.prefix { !"/?#".contains($0) }
        let isMachine = machine.utf8.allSatisfy { $0.isWordByte && $0 != UInt8(ascii: "_") || ".-:".utf8.contains($0) }
        guard isMachine, machine.contains("."), machine.utf8.count < 64 else { return nil }
        return rest[machine.endIndex...].split { "/?#&=".contains($0) }.map { Array($0.unicodeScalars) }
    }

    /// A version, an address of a machine or a time, such as `127.0.0.1:8200`.
    private static func isNumbers(_ word: ArraySlice<Unicode.Scalar>) -> Bool {
        let groups = word.split(omittingEmptySubsequences: false) { $0 == "." || $0 == ":" }
        return groups.count > 1
            && groups.allSatisfy { (1...5).contains($0.count) && $0.allSatisfy { "0"..."9" ~= $0 } }
    }

    /// What somebody is to type in on a page while the plugin waits, such as `WDJB-4JHT`; shorter than any key.
    private static func isCode(_ word: ArraySlice<Unicode.Scalar>) -> Bool {
        let halves = word.split(omittingEmptySubsequences: false) { $0 == "-" }
        return halves.count == 2
            && halves.allSatisfy { $0.count == 4 && $0.allSatisfy { "A"..."Z" ~= $0 || "0"..."9" ~= $0 } }
    }

    private static func isVariable(_ word: some Collection<Unicode.Scalar>) -> Bool {
        word.count < 40 && word.allSatisfy { "A"..."Z" ~= $0 || $0 == "_" }
    }

    /// Whether letters read like a word, or like words with capitals.
    private static func isName(_ letters: ArraySlice<Unicode.Scalar>) -> Bool {
        let capitals = letters.count { "A"..."Z" ~= $0 }
        if capitals == 0 || capitals == letters.count { return letters.count < 16 }
        return letters.count < 32 && capitals * 4 <= letters.count + 2
    }

    private static func isLetter(_ scalar: Unicode.Scalar) -> Bool { "a"..."z" ~= scalar || "A"..."Z" ~= scalar }
}
