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

    /// It is longer than any key; with the number of its characters.
    case length(Int)
}

extension KeyDoubt {
    /// The longest key, in bytes.
    ///
    /// Tokens of identity providers have a few thousand, and most servers take no longer header field.
    static let longestKey = 10_000

    /// What is odd about a value, the surest first.
    ///
    /// - Parameter text: The value as it was found.
    /// - Returns: One for each kind; none for a value that may be a key.
    package static func doubts(about text: String) -> [KeyDoubt] {
        let key = text.trimmedOfBlanks
        var doubts: [KeyDoubt] = key.utf8.count == text.utf8.count ? [] : [.surroundingBlanks]
        guard !key.isEmpty, !key.isDocument else { return doubts }
        if let mark = key.first, key.count >= 2, mark == key.last, "'\"`".contains(mark) { doubts.append(.quotes) }
        let scalars = key.unicodeScalars
        if let (index, scalar) = scalars.enumerated().first(where: { !(0x20...0x7E).contains($1.value) && $1 != "\t" })
        {
            doubts.append(.unusableCharacter(code: scalar.value, position: index + 1))
        }
        if let reference = UnresolvedReference.form(of: key) { return doubts + [.unresolvedReference(reference)] }
        if let scheme = scheme(of: key) {
            doubts.append(.scheme(scheme))
        } else if Placeholder.matches(key) {
            doubts.append(.placeholder)
        } else if let index = scalars.enumerated().first(where: { $1 == " " || $1 == "\t" })?.offset {
            doubts.append(.textAfterKey(position: index + 1))
        }
        if key.split(separator: ",", omittingEmptySubsequences: false).allSatisfy({ $0.utf8.count >= 16 }),
            key.contains(",")
        {
            doubts.append(.severalKeys)
        }
        if key.utf8.count > longestKey { doubts.append(.length(scalars.count)) }
        return doubts
    }

    private static func scheme(of key: Substring) -> String? {
        ["Bearer", "Basic", "Token", "Authorization:", "x-api-key:"]
            .first { key.lowercased().hasPrefix($0.lowercased() + " ") }
    }
}

extension KeyDoubt {
    /// What is wrong and what to do, in one line.
    ///
    /// - Parameter place: Where the value was found, such as `GROQ_API_KEY (.env:1)`.
    /// - Returns: The line; free of the value.
    func message(about place: String) -> String {
        switch self {
        case .surroundingBlanks:
            "\(place) has blanks or line ends around its value; they are left out. Remove them there"
        case .quotes:
            "\(place) begins and ends with a quotation mark that is probably not part of the key; "
                + "write the value without quotes there"
        case .unusableCharacter(let code, let position):
            "\(place) has a character that no HTTP header carries (\(Self.name(of: code)) at position \(position)); "
                + "copy the key again, without it"
        case .textAfterKey(let position):
            "\(place) has a blank at position \(position), which no key has; remove what does not belong to the key"
        case .scheme(let scheme):
            "\(place) begins with '\(scheme)'; write the key alone, since callers add that themselves"
        case .unresolvedReference(let form):
            "\(place) looks like a reference (\(form)) that something else should have resolved; it is used as it is. "
                + "Run the program through what resolves it, or write the key itself"
        case .placeholder:
            "\(place) looks like a placeholder, not a key; it is used as it is. Write your key there"
        case .severalKeys:
            "\(place) looks like several keys with commas between them; it is used as one. Write one key there"
        case .length(let count):
            "\(place) has \(count) characters, more than most servers take in a header field; it is used as it is. "
                + "See whether it is the key alone"
        }
    }

    /// A code point as Unicode writes it.
    package static func name(of code: UInt32) -> String {
        let digits = String(code, radix: 16, uppercase: true)
        return "U+" + String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
    }
}

extension StringProtocol {
    /// The text without ASCII white space and line ends around it.
    package var trimmedOfBlanks: Substring {
        func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
        let text = Substring(self)
        guard let first = text.utf8.firstIndex(where: { !isBlank($0) }),
            let last = text.utf8.lastIndex(where: { !isBlank($0) })
        else { return "" }
        return text[first..<text.utf8.index(after: last)]
    }

    /// Whether a credential is a text of many lines by its nature: a JSON document, as of a service account, or PEM.
    var isDocument: Bool { hasPrefix("{") && contains("\"") || hasPrefix("-----BEGIN") }

    /// The first control character, by its code point and its place counted from 1; a tab is none, nor is a line end of
    /// a document.
    var controlCharacter: (code: UInt32, position: Int)? {
        let isDocument = isDocument
        return unicodeScalars.enumerated()
            .first { _, scalar in
                (scalar.value < 0x20 || scalar.value == 0x7F) && scalar != "\t"
                    && !(isDocument && (scalar == "\n" || scalar == "\r"))
            }
            .map { ($1.value, $0 + 1) }
    }
}
