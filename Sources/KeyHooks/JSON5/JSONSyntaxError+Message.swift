extension JSONSyntaxError.Kind {
    /// What is wrong and how to mend it.
    var message: String {
        switch self {
        case .documentTooLarge(let limit): "the document is larger than \(limit) bytes: make it smaller"
        case .nestingTooDeep(let limit): "more than \(limit) levels of nesting: make the document flatter"
        case .keyTooLong(let limit): "a key of more than \(limit) bytes: shorten it"
        case .invalidUTF8: "the bytes here are not UTF-8: save the file as UTF-8"
        case .nulByte: "a NUL byte: save the file as UTF-8 text"
        case .onlyInJSON5: "this is JSON5 and not JSON: write it as RFC 8259 has it"
        case .emptyDocument: "the document is empty: write at least {}"
        case .contentAfterDocument: "the document ends before this: remove what follows, or put it inside the braces"
        case .expectedValue: "a value is missing here: write a string in quotes, a number, true, false, null, [ or {"
        case .bareWord:
            "text needs quotes: only true, false, null, Infinity and NaN stand without, in exactly this spelling"
        case .expectedKey: "a key is missing here: write a key, or '}' to end the object"
        case .unquotedKey: "put quotes around this key: without quotes it may have only letters, digits, '_' and '$'"
        case .expectedColon: "put ':' between the key and its value"
        case .expectedSeparator(let container):
            "put ',' before the next entry, or '\(container.closing)' to end the \(container.name)"
        case .unclosed(let container, let opened):
            "the \(container.name) that opens at \(opened) is not closed: add '\(container.closing)'"
        case .unterminatedString: "this string has no closing quote on its line: add it, or end the line with '\\'"
        case .unterminatedComment: "this comment is not closed: add '*/'"
        case .hashComment: "'#' does not begin a comment: write '//'"
        case .typographicQuote: "a curly quote: write a straight \" or '"
        case .invalidEscape: "an escape that does not exist: write '\\\\' for a backslash"
        case .loneSurrogate: "half of a surrogate pair: write both halves, such as \\uD83D\\uDE00"
        case .invalidNumber: "a number that is cut short: complete it, or put quotes around it if it is text"
        case .leadingZero: "a number may not begin with 0: remove the zero, or put quotes around it if it is text"
        case .textAfterNumber: "a number that runs on into text: put quotes around the whole value"
        case .numberOutOfRange: "a number too large to hold: write a smaller one, or put quotes around it"
        case .duplicateKey(let firstLine): "a key that stands on line \(firstLine) already: remove one of the two"
        }
    }
}

extension JSONSyntaxError.Container {
    /// The word for the container.
    fileprivate var name: String { self == .object ? "object" : "array" }

    /// The character that ends the container.
    fileprivate var closing: String { self == .object ? "}" : "]" }
}
