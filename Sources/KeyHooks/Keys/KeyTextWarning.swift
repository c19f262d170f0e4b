/// What is odd about a value that should be a key; never the value.
///
/// A key goes into a header field of a request. What does not fit there, or is plainly something else, fails at the
/// provider as "invalid key", far from its cause; so it is said where the value is found.
package struct KeyTextWarning: Hashable, Sendable {
    /// The kind.
    package let code: KeyWarning.Code

    /// What is wrong and what to do, to follow the name of the place.
    private let words: String

    /// The same for a value in a `.env` file, where that is something else.
    private var wordsInFile: String?

    /// The form of an unresolved reference, or the name of an authentication scheme.
    package private(set) var detail: String?

    private init(_ code: KeyWarning.Code, _ words: String, detail: String? = nil) {
        self.code = code
        self.words = words
        self.detail = detail
    }

    /// What is wrong and what to do, in one line.
    ///
    /// - Parameters:
    ///   - place: Where the value was found, such as `GROQ_API_KEY (.env:1)`.
    ///   - isInFile: Whether that is a `.env` file.
    /// - Returns: The line; free of the value.
    package func message(about place: String, isInFile: Bool = false) -> String {
        "\(place) \(isInFile ? wordsInFile ?? words : words)"
    }

    /// Whether it is odd in a named field too, which may be a sentence or a reference by its nature.
    var concernsFields: Bool { Self.ofFields.contains(code) }

    private static let ofFields: Set<KeyWarning.Code> = [
        .surroundingBlanks, .quotes, .placeholder, .unusableCharacter, .comment, .assignment, .pasteMarks,
        .strayCharacter,
    ]
}

extension KeyTextWarning {
    /// The longest key, in bytes.
    ///
    /// Tokens of identity providers have a few thousand, and most servers take no longer header field.
    static let longestKey = 10_000

    /// What is odd about a value of which nobody knows what it is wanted for.
    package static func all(in text: String) -> [KeyTextWarning] { all(in: text, as: KeyUse()) }

    /// What is odd about a value, the surest first.
    ///
    /// - Parameters:
    ///   - text: The value as it was found.
    ///   - use: What it is wanted for.
    /// - Returns: One for each kind; none for a value that may be a key.
    static func all(in text: String, as use: KeyUse) -> [KeyTextWarning] {
        let key = text.trimmedOfBlanks
        var warnings = key.utf8.count == text.utf8.count ? [] : [surroundingBlanks]
        guard !key.isEmpty, !(key.isJSON && use.mayBeJSON(key) || key.isPEM && use.mayBePEM) else { return warnings }
        let (core, marks) = core(of: key)
        warnings += marks
        let scalars = key.unicodeScalars.enumerated()
        if let (index, scalar) = scalars.first(where: { !(0x20...0x7E).contains($1.value) && $1 != "\t" }) {
            warnings.append(unusable(scalar, at: index + 1))
        }
        if key.isJSON {
            let words = "is JSON, not a key; it is used as it is. Hand over the one member that holds the key"
            return warnings + [Self(.json, words)]
        }
        if let form = UnresolvedReference.form(of: key) ?? UnresolvedReference.form(of: core) {
            return warnings + [unresolved(form)]
        }
        if let warning = start(of: core) ?? nature(of: core, in: key, as: use) { warnings.append(warning) }
        let parts = key.split(separator: ",", omittingEmptySubsequences: false)
        if parts.count > 1, parts.allSatisfy({ $0.utf8.count >= 16 }) {
            let words = "looks like several keys with commas between them; it is used as one. Write one key there"
            warnings.append(Self(.severalKeys, words))
        }
        if key.utf8.count > longestKey {
            let words =
                "has \(key.unicodeScalars.count) characters, more than most servers take in a header field; it is used "
                + "as it is. See whether it is the key alone"
            warnings.append(Self(.length, words))
        }
        return warnings
    }

    static let surroundingBlanks = Self(
        .surroundingBlanks,
        "has blanks or line ends around its value; they are left out. Remove them there"
    )

    private static func unusable(_ scalar: Unicode.Scalar, at position: Int) -> Self {
        let words =
            scalar == "\u{FFFD}"
            ? "has bytes at position \(position) that aren't UTF-8, or the character U+FFFD in their place; "
                + "it is refused: write the key there again, in UTF-8"
            : "has a character that no HTTP header carries (\(scalar.codePoint) at position \(position)); "
                + "copy the key again, without it"
        return Self(.unusableCharacter, words)
    }

    private static func unresolved(_ form: String) -> Self {
        var warning = Self(.unresolvedReference, UnresolvedReference.words(for: form), detail: form)
        warning.wordsInFile = UnresolvedReference.words(for: form, isInFile: true)
        return warning
    }

    /// What was copied before the key, or in place of it.
    private static func start(of core: Substring) -> Self? {
        let schemes = ["Bearer", "Basic", "Token", "Authorization:", "x-api-key:"]
        if let scheme = schemes.first(where: { core.lowercased().hasPrefix($0.lowercased() + " ") }) {
            let words = "begins with '\(scheme)'; write the key alone, since callers add that themselves"
            return Self(.authenticationScheme, words, detail: scheme)
        }
        if core.hasPrefix("[200~") || core.hasPrefix("\u{1B}[200~") {
            return Self(
                .pasteMarks,
                "has the marks around it that a terminal puts around pasted text ('[200~'); "
                    + "it is used as it is. Write the key without them there"
            )
        }
        if core.hasPrefix("#") {
            return Self(
                .comment,
                "begins with '#': it is probably a comment that was taken for the value; it is used as it is. "
                    + "Put the comment on a line of its own there, or unset the variable"
            )
        }
        guard core.isAssignment else { return nil }
        return Self(
            .assignment,
            "begins with the name of a variable and '='; it is used as it is. Write only what stands behind the '='"
        )
    }

    /// What it is, if it isn't the key that is wanted, or more than that.
    private static func nature(of core: Substring, in key: Substring, as use: KeyUse) -> Self? {
        if core.isURL, !use.isOfOwnMaking {
            return Self(.url, "is the address of a server, not a key; it is used as it is. Write your key there")
        }
        if use.wantsKey, let kind = Placeholder.kind(of: core, as: use) {
            return Self(
                .placeholder,
                kind == .request
                    ? "looks like a placeholder, not a key; it is used as it is. Write your key there"
                    : "looks like a stand-in for no key; it is used as it is. Write your key there, or, if the server "
                        + "takes any word or none, say so for the service in keyhooks.json: \"constant\" or \"notRequired\""
            )
        }
        if let index = key.unicodeScalars.enumerated().first(where: { $1 == " " || $1 == "\t" })?.offset,
            !use.isOfOwnMaking || key.contains(" #")
        {
            let words = "has a blank at position \(index + 1), which no key has; remove what does not belong to the key"
            return Self(.textAfterKey, words)
        }
        if let prefix = core.prefixOfEncodedKey {
            return Self(
                .encodedKey,
                "looks like a key in base64: decoded, it begins with '\(prefix)'; it is used as it is. "
                    + "It was probably encoded once too often: write the key itself there"
            )
        }
        guard let vendor = use.otherVendor(of: core) else { return nil }
        return Self(
            .otherVendor,
            "looks like a key of \(vendor), and not of the service that it is for; it is used as it is. "
                + "Write the right key there, or, if requests go to another server, set its base URL in the "
                + "variable for it"
        )
    }

    /// The key without what was copied along with it at its ends, and what that was.
    private static func core(of key: Substring) -> (core: Substring, marks: [KeyTextWarning]) {
        var core = key
        var marks: [KeyTextWarning] = []
        func addStray(_ mark: String, _ verb: String = "ends") {
            let words =
                "\(verb) with \(mark), which is probably not part of the key; it is used as it is. Remove it there"
            let warning = Self(.strayCharacter, words)
            if !marks.contains(warning) { marks.append(warning) }
        }
        let ends = [
            (",", "a comma"), (";", "a semicolon"), ("\\r\\n", "'\\r\\n' written out"), ("\\n", "'\\n' written out"),
        ]
        // Whatever stands there four times was not copied along with a key.
        for _ in 1...4 {
            guard let (end, words) = ends.first(where: { core.hasSuffix($0.0) && core.utf8.count > $0.0.utf8.count })
            else { break }
            core = core.dropLast(end.count).trimmedOfBlanks
            addStray(words)
        }
        let quotes: Set<Character> = ["'", "\"", "`"]
        guard core.count >= 2, let first = core.first, let last = core.last else { return (core, marks) }
        if first == last, quotes.contains(first) {
            let words =
                "begins and ends with a quotation mark that is probably not part of the key; "
                + "write the value without quotes there"
            return (core.dropFirst().dropLast().trimmedOfBlanks, marks + [Self(.quotes, words)])
        }
        if quotes.contains(last) {
            core = core.dropLast()
            addStray("a quotation mark")
        }
        if quotes.contains(first) {
            core = core.dropFirst()
            addStray("a quotation mark", "begins")
        }
        return (core.trimmedOfBlanks, marks)
    }
}

extension Unicode.Scalar {
    /// The code point as Unicode writes it.
    package var codePoint: String {
        let digits = String(value, radix: 16, uppercase: true)
        return "U+" + String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
    }
}
