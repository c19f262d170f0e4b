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

    /// What is wrong and how to mend it, without the place.
    package var message: String { kind.message }
}

extension JSONSyntaxError: CustomStringConvertible {
    /// The place and the message: `3:5: …`.
    package var description: String { "\(position): \(message)" }
}
