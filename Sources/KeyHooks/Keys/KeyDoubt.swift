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
        guard !(key.isJSON && use.mayBeJSON(key) || use.mayBePEM && key.isPEM) else { return doubts }
        if let mark = key.first, key.count >= 2, mark == key.last, "'\"`".contains(mark) { doubts.append(.quotes) }
        let scalars = key.unicodeScalars
        if let (index, scalar) = scalars.enumerated().first(where: { !(0x20...0x7E).contains($1.value) && $1 != "\t" })
        {
            doubts.append(.unusableCharacter(code: scalar.value, position: index + 1))
        }
        if key.isJSON { return doubts + [.json] }
        if let reference = UnresolvedReference.form(of: key) { return doubts + [.unresolvedReference(reference)] }
        if let scheme = scheme(of: key) {
            doubts.append(.scheme(scheme))
        } else if key.hasPrefix("[200~") || key.hasPrefix("\u{1B}[200~") {
            doubts.append(.pasteMarks)
        } else if key.hasPrefix("#") {
            doubts.append(.comment)
        } else if key.isAssignment {
            doubts.append(.assignment)
        } else if use.wantsKey, Placeholder.matches(key) {
            doubts.append(.placeholder)
        } else if let index = scalars.enumerated().first(where: { $1 == " " || $1 == "\t" })?.offset {
            doubts.append(.textAfterKey(position: index + 1))
        } else if let prefix = Base64Text.keyPrefix(in: key) {
            doubts.append(.encoded(prefix: prefix))
        } else if let vendor = use.otherVendor(of: key) {
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

    private static func scheme(of key: Substring) -> String? {
        ["Bearer", "Basic", "Token", "Authorization:", "x-api-key:"]
            .first { key.lowercased().hasPrefix($0.lowercased() + " ") }
    }
}
