/// Why a document is not JSON5, where, and what to change.
///
/// What a kind can carry (numbers and positions) is all a message can say, so no message can show a text of the
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
    package struct Kind: Sendable, Hashable {
        /// What is wrong and how to fix it.
        let message: String

        private init(_ message: String) { self.message = message }
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
    /// The document has more bytes than allowed.
    package static func documentTooLarge(limit: Int) -> Self {
        Self("the document is larger than \(limit) bytes: make it smaller")
    }

    /// Objects and arrays are nested more deeply than allowed.
    package static func nestingTooDeep(limit: Int) -> Self {
        Self("more than \(limit) levels of nesting: make the document flatter")
    }

    /// A key has more bytes than allowed.
    package static func keyTooLong(limit: Int) -> Self {
        Self("a key of more than \(limit) bytes: shorten it")
    }

    /// A byte sequence that is not UTF-8.
    package static let invalidUTF8 = Self("the bytes here are not UTF-8: save the file as UTF-8")

    /// A NUL byte.
    package static let nulByte = Self("a NUL byte: save the file as UTF-8 text")

    /// What JSON5 has and JSON has not, where only JSON will do.
    package static let onlyInJSON5 = Self("this is JSON5 and not JSON: write it as RFC 8259 has it")

    /// Nothing but white space and comments.
    package static let emptyDocument = Self("the document is empty: write at least {}")

    /// Something follows the document's one value.
    package static let contentAfterDocument = Self(
        "the document ends before this: remove what follows, or put it inside the braces"
    )

    /// A value was due; something else stands there.
    package static let expectedValue = Self(
        "a value is missing here: write a string in quotes, a number, true, false, null, [ or {"
    )

    /// A word without quotes where a value was due.
    package static let bareWord = Self(
        "text needs quotes: only true, false, null, Infinity and NaN stand without, in exactly this spelling"
    )

    /// A key was due; something else stands there.
    package static let expectedKey = Self("a key is missing here: write a key, or '}' to end the object")

    /// A key without quotes that needs them.
    package static let unquotedKey = Self(
        "put quotes around this key: without quotes it may have only letters, digits, '_' and '$'"
    )

    /// No colon between a key and its value.
    package static let expectedColon = Self("put ':' between the key and its value")

    /// Neither a comma nor the closing bracket after an entry.
    package static func expectedSeparator(_ container: JSONSyntaxError.Container) -> Self {
        Self("put ',' before the next entry, or '\(container.closing)' to end the \(container.name)")
    }

    /// The document ends inside an object or array.
    package static func unclosed(_ container: JSONSyntaxError.Container, opened: SourcePosition) -> Self {
        Self("the \(container.name) that opens at \(opened) is not closed: add '\(container.closing)'")
    }

    /// A string without its closing quote.
    package static let unterminatedString = Self(
        "this string has no closing quote on its line: add it, or end the line with '\\'"
    )

    /// A `/*` without its `*/`.
    package static let unterminatedComment = Self("this comment is not closed: add '*/'")

    /// A comment that begins with `#`.
    package static let hashComment = Self("'#' does not begin a comment: write '//'")

    /// A curly quote where a straight one belongs.
    package static let typographicQuote = Self("a curly quote: write a straight \" or '")

    /// An escape sequence that does not exist or is cut short.
    package static let invalidEscape = Self("an escape that does not exist: write '\\\\' for a backslash")

    /// Half of a surrogate pair.
    package static let loneSurrogate = Self("half of a surrogate pair: write both halves, such as \\uD83D\\uDE00")

    /// A number that is not well formed.
    package static let invalidNumber = Self(
        "a number that is cut short: complete it, or put quotes around it if it is text"
    )

    /// A decimal number that begins with a superfluous zero.
    package static let leadingZero = Self(
        "a number may not begin with 0: remove the zero, or put quotes around it if it is text"
    )

    /// A number that runs on into text.
    package static let textAfterNumber = Self("a number that runs on into text: put quotes around the whole value")

    /// A number no `Double` can hold.
    package static let numberOutOfRange = Self(
        "a number too large to hold: write a smaller one, or put quotes around it"
    )

    /// A key that occurs twice in one object.
    package static func duplicateKey(firstLine: Int) -> Self {
        Self("a duplicate key, first on line \(firstLine): remove one of the two")
    }
}

extension JSONSyntaxError.Container {
    /// The word for the container.
    fileprivate var name: String { self == .object ? "object" : "array" }

    /// The character that ends the container.
    fileprivate var closing: String { self == .object ? "}" : "]" }
}
