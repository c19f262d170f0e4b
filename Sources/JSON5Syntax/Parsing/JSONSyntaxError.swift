/// Why a document is not JSON5, where, and what to change.
///
/// What a case can carry (numbers and positions) is all a message can say, so no message can show a text of the
/// document, neither a value nor the name of a key: with a quote missing the one becomes the other.
package struct JSONSyntaxError: Error, Sendable, Hashable {
    /// What is wrong.
    package let kind: Kind
    /// Where to look.
    package let position: SourcePosition
    /// The word that was most likely meant; never a text of the document.
    package let suggestion: String?

    /// The containers a document is made of.
    package enum Container: Sendable, Hashable {
        /// `{ }`
        case object
        /// `[ ]`
        case array
    }

    /// The ways a document can be wrong.
    package enum Kind: Sendable, Hashable {
        /// The document has more bytes than allowed.
        case documentTooLarge(limit: Int)
        /// Objects and arrays are nested more deeply than allowed.
        case nestingTooDeep(limit: Int)
        /// A key has more bytes than allowed.
        case keyTooLong(limit: Int)
        /// A byte sequence that is not UTF-8.
        case invalidUTF8
        /// A NUL byte.
        case nulByte
        /// What JSON5 has and JSON has not, where only JSON will do.
        case onlyInJSON5
        /// Nothing but white space and comments.
        case emptyDocument
        /// Something follows the document's one value.
        case contentAfterDocument
        /// A value was due; something else stands there.
        case expectedValue
        /// A word without quotes where a value was due.
        case bareWord
        /// A key was due; something else stands there.
        case expectedKey
        /// A key without quotes that needs them.
        case unquotedKey
        /// No colon between a key and its value.
        case expectedColon
        /// Neither a comma nor the closing bracket after an entry.
        case expectedSeparator(Container)
        /// The document ends inside an object or array.
        case unclosed(Container, opened: SourcePosition)
        /// A string without its closing quote.
        case unterminatedString
        /// A `/*` without its `*/`.
        case unterminatedComment
        /// A comment that begins with `#`.
        case hashComment
        /// A curly quote where a straight one belongs.
        case typographicQuote
        /// An escape sequence that does not exist or is cut short.
        case invalidEscape
        /// Half of a surrogate pair.
        case loneSurrogate
        /// A number that is not well formed.
        case invalidNumber
        /// A decimal number that begins with a superfluous zero.
        case leadingZero
        /// A number that runs on into text.
        case textAfterNumber
        /// A number no `Double` can hold.
        case numberOutOfRange
        /// A key that occurs twice in one object.
        case duplicateKey(firstLine: Int)
    }

    /// Creates an error.
    package init(_ kind: Kind, at position: SourcePosition, suggestion: String? = nil) {
        self.kind = kind
        self.position = position
        self.suggestion = suggestion
    }

    /// What is wrong and how to fix it, without the place.
    package var message: String { kind.message }
}

extension JSONSyntaxError: CustomStringConvertible {
    /// The place and the message: `3:5: …`.
    package var description: String { "\(position): \(message)" }
}

extension JSONSyntaxError.Kind {
    /// What is wrong and how to fix it.
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
