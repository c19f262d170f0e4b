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
