/// What is odd about a value that should be a key; never the value.
///
/// A key goes into a header field of a request. What does not fit there, or is plainly something else, fails at the
/// provider as "invalid key", far from its cause; so it is said where the value is found.
package enum KeyDoubt: Hashable, Sendable {
    /// White space or line ends around it, which are cut.
    case surroundingBlanks

    /// The same quotation mark at both ends, as `docker --env-file` leaves them.
    case quotes

    /// A character that no header field carries, by its code point and its place counted from 1.
    case unusableCharacter(code: UInt32, position: Int)

    /// A blank, and text after it; the place of the blank is counted from 1.
    case textAfterKey(position: Int)

    /// It begins with the name of an HTTP authentication scheme, which callers write themselves.
    case scheme(String)

    /// It says where a key is and something else should have put it there; with the form, such as `op://…`.
    case unresolvedReference(String)

    /// It stands for "fill me in".
    case placeholder

    /// It stands for "no key", as `EMPTY` and `not-needed` do.
    case standIn

    /// It ends, or begins, with something that was copied along with it; with that in words.
    case strayEnd(String)
    case strayStart(String)

    /// It is a URL.
    case url

    /// It is several keys, with commas between them.
    case severalKeys

    /// It begins with `#`, as the comment of a line without a value that somebody took for one.
    case comment

    /// It is a JSON object or array, in which the key may be.
    case json

    /// It is a whole line `NAME=value`.
    case assignment

    /// It is longer than any key; with the number of its characters.
    case length(Int)

    /// It is a key of this prefix once more in base64.
    case encoded(prefix: String)

    /// What a terminal puts around pasted text is still around it.
    case pasteMarks

    /// It begins as keys of another vendor do.
    case otherVendor(String)
}

extension KeyDoubt {
    /// The longest key, in bytes.
    ///
    /// Tokens of identity providers have a few thousand, and most servers take no longer header field.
    static let longestKey = 10_000

    /// What is odd about a value, the surest first.
    ///
    /// - Parameters:
    ///   - text: The value as it was found.
    ///   - use: What it is wanted for.
    /// - Returns: One for each kind; none for a value that may be a key.
    static func doubts(about text: String, as use: KeyUse) -> [KeyDoubt] {
        let key = text.trimmedOfBlanks
        var doubts: [KeyDoubt] = key.utf8.count == text.utf8.count ? [] : [.surroundingBlanks]
        guard !key.isEmpty else { return doubts }
        guard !(key.isJSON && use.mayBeJSON(key) || key.isPEM && use.mayBePEM) else { return doubts }
        let (core, marks) = Self.core(of: key)
        doubts += marks
        let scalars = key.unicodeScalars
        if let (index, scalar) = scalars.enumerated().first(where: { !(0x20...0x7E).contains($1.value) && $1 != "\t" })
        {
            doubts.append(.unusableCharacter(code: scalar.value, position: index + 1))
        }
        if key.isJSON { return doubts + [.json] }
        if let reference = UnresolvedReference.form(of: key) ?? UnresolvedReference.form(of: core) {
            return doubts + [.unresolvedReference(reference)]
        }
        if let scheme = scheme(of: core) {
            doubts.append(.scheme(scheme))
        } else if core.hasPrefix("[200~") || core.hasPrefix("\u{1B}[200~") {
            doubts.append(.pasteMarks)
        } else if core.hasPrefix("#") {
            doubts.append(.comment)
        } else if core.isAssignment {
            doubts.append(.assignment)
        } else if core.isURL, !use.isOfOwnMaking {
            doubts.append(.url)
        } else if use.wantsKey, let kind = Placeholder.kind(of: core, as: use) {
            doubts.append(kind == .standIn ? .standIn : .placeholder)
        } else if let index = scalars.enumerated().first(where: { $1 == " " || $1 == "\t" })?.offset,
            !use.isOfOwnMaking || key.contains(" #")
        {
            doubts.append(.textAfterKey(position: index + 1))
        } else if let prefix = Base64Text.keyPrefix(in: core) {
            doubts.append(.encoded(prefix: prefix))
        } else if let vendor = use.otherVendor(of: core) {
            doubts.append(.otherVendor(vendor))
        }
        if key.split(separator: ",", omittingEmptySubsequences: false).allSatisfy({ $0.utf8.count >= 16 }),
            key.contains(",")
        {
            doubts.append(.severalKeys)
        }
        if key.utf8.count > longestKey { doubts.append(.length(scalars.count)) }
        return doubts
    }

    /// The same for a value of which nobody knows what it is wanted for.
    package static func doubts(about text: String) -> [KeyDoubt] { doubts(about: text, as: KeyUse()) }

    /// The key without what was copied along with it at its ends, and what that was.
    private static func core(of key: Substring) -> (core: Substring, marks: [KeyDoubt]) {
        var core = key
        var marks: [KeyDoubt] = []
        let ends = [
            (",", "a comma"), (";", "a semicolon"), ("\\r\\n", "'\\r\\n' written out"), ("\\n", "'\\n' written out"),
        ]
        // Whatever stands there four times was not copied along with a key.
        for _ in 1...4 {
            guard let (end, words) = ends.first(where: { core.hasSuffix($0.0) && core.utf8.count > $0.0.utf8.count })
            else { break }
            core = core.dropLast(end.count).trimmedOfBlanks
            if !marks.contains(.strayEnd(words)) { marks.append(.strayEnd(words)) }
        }
        let quotes: Set<Character> = ["'", "\"", "`"]
        guard core.count >= 2, let first = core.first, let last = core.last else { return (core, marks) }
        if first == last, quotes.contains(first) {
            return (core.dropFirst().dropLast().trimmedOfBlanks, marks + [.quotes])
        }
        if quotes.contains(last) {
            core = core.dropLast()
            marks.append(.strayEnd("a quotation mark"))
        }
        if quotes.contains(first) {
            core = core.dropFirst()
            marks.append(.strayStart("a quotation mark"))
        }
        return (core.trimmedOfBlanks, marks)
    }

    private static func scheme(of key: Substring) -> String? {
        ["Bearer", "Basic", "Token", "Authorization:", "x-api-key:"]
            .first { key.lowercased().hasPrefix($0.lowercased() + " ") }
    }
}

extension KeyDoubt {
    /// What is wrong and what to do, in one line.
    ///
    /// - Parameters:
    ///   - place: Where the value was found, such as `GROQ_API_KEY (.env:1)`.
    ///   - isInFile: Whether that is a `.env` file.
    /// - Returns: The line; free of the value.
    package func message(about place: String, isInFile: Bool = false) -> String {
        switch self {
        case .surroundingBlanks:
            "\(place) has blanks or line ends around its value; they are left out. Remove them there"
        case .quotes:
            "\(place) begins and ends with a quotation mark that is probably not part of the key; "
                + "write the value without quotes there"
        case .unusableCharacter(code: 0xFFFD, let position):
            "\(place) has bytes at position \(position) that aren't UTF-8, or the character U+FFFD in their place; "
                + "it is refused: write the key there again, in UTF-8"
        case .unusableCharacter(let code, let position):
            "\(place) has a character that no HTTP header carries (\(Self.name(of: code)) at position \(position)); "
                + "copy the key again, without it"
        case .textAfterKey(let position):
            "\(place) has a blank at position \(position), which no key has; remove what does not belong to the key"
        case .scheme(let scheme):
            "\(place) begins with '\(scheme)'; write the key alone, since callers add that themselves"
        case .unresolvedReference(let form):
            UnresolvedReference.message(about: place, form: form, isInFile: isInFile)
        case .placeholder:
            "\(place) looks like a placeholder, not a key; it is used as it is. Write your key there"
        case .standIn:
            "\(place) looks like a stand-in for no key; it is used as it is. Write your key there, or, if the server takes "
                + "any word or none, say so for the service in keyhooks.json: \"constant\" or \"notRequired\""
        case .strayEnd(let mark):
            "\(place) ends with \(mark), which is probably not part of the key; it is used as it is. Remove it there"
        case .strayStart(let mark):
            "\(place) begins with \(mark), which is probably not part of the key; it is used as it is. Remove it there"
        case .url:
            "\(place) is the address of a server, not a key; it is used as it is. Write your key there"
        case .severalKeys:
            "\(place) looks like several keys with commas between them; it is used as one. Write one key there"
        case .comment:
            "\(place) begins with '#': it is probably a comment that was taken for the value; it is used as it is. "
                + "Put the comment on a line of its own there, or unset the variable"
        case .assignment:
            "\(place) begins with the name of a variable and '='; it is used as it is. Write only what stands behind the '='"
        case .length(let count):
            "\(place) has \(count) characters, more than most servers take in a header field; it is used as it is. "
                + "See whether it is the key alone"
        case .json:
            "\(place) is JSON, not a key; it is used as it is. Hand over the one member that holds the key"
        case .encoded(let prefix):
            "\(place) looks like a key in base64: decoded, it begins with '\(prefix)'; it is used as it is. "
                + "It was probably encoded once too often: write the key itself there"
        case .pasteMarks:
            "\(place) has the marks around it that a terminal puts around pasted text ('[200~'); "
                + "it is used as it is. Write the key without them there"
        case .otherVendor(let vendor):
            "\(place) looks like a key of \(vendor), and not of the service that it is for; it is used as it is. "
                + "Write the right key there, or, if requests go to another server, set its base URL in the variable for it"
        }
    }

    /// A code point as Unicode writes it.
    package static func name(of code: UInt32) -> String {
        let digits = String(code, radix: 16, uppercase: true)
        return "U+" + String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
    }
}
