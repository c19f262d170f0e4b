/// Something about keys that works but is probably not meant; never contains a value.
public struct KeyWarning: Hashable, Sendable {
    /// The kind of a ``KeyWarning``; more kinds may come.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        /// The name of the kind.
        public let description: String

        private init(_ name: String) { description = name }

        /// Two variables of one service hold different values.
        public static var conflictingVariables: Self { Self("conflictingVariables") }

        /// The value looks like one that was never filled in.
        public static var placeholder: Self { Self("placeholder") }

        /// Blanks or line ends stood around the value, and were left out.
        public static var surroundingBlanks: Self { Self("surroundingBlanks") }

        /// The value begins and ends with a quotation mark.
        public static var quotes: Self { Self("quotes") }

        /// The value has a character that no header field carries.
        public static var unusableCharacter: Self { Self("unusableCharacter") }

        /// The value has a blank in it.
        public static var textAfterKey: Self { Self("textAfterKey") }

        /// The value begins with the name of an authentication scheme, such as `Bearer`.
        public static var authenticationScheme: Self { Self("authenticationScheme") }

        /// The value says where a key is, in the form of another tool.
        public static var unresolvedReference: Self { Self("unresolvedReference") }

        /// The value looks like several keys.
        public static var severalKeys: Self { Self("severalKeys") }

        /// The value begins with `#`, as a comment does.
        public static var comment: Self { Self("comment") }

        /// The value is a JSON object or array.
        public static var json: Self { Self("json") }

        /// The value is a line `NAME=value`.
        public static var assignment: Self { Self("assignment") }

        /// A comma, a semicolon, a single quotation mark or a written-out line end stands at an end of the value.
        public static var strayCharacter: Self { Self("strayCharacter") }

        /// The value is a URL.
        public static var url: Self { Self("url") }

        /// The value is longer than any key.
        public static var length: Self { Self("length") }

        /// A source has nothing for a service, and the key is from a weaker one; see ``KeyProvenance/skipped``.
        public static var skippedSource: Self { Self("skippedSource") }

        /// A hook at the end of a call failed; the call went on.
        public static var endHook: Self { Self("endHook") }

        /// The value is a key in base64.
        public static var encodedKey: Self { Self("encodedKey") }

        /// The marks that a terminal puts around pasted text stand around the value.
        public static var pasteMarks: Self { Self("pasteMarks") }

        /// The value begins as keys of another vendor do.
        public static var otherVendor: Self { Self("otherVendor") }

        /// The line after the value in its file looks like the rest of it.
        public static var brokenLine: Self { Self("brokenLine") }

        /// A source found something odd about itself, such as a cache that is too small.
        public static var source: Self { Self("source") }
    }

    /// The kind of warning.
    public let code: Code

    /// The service concerned.
    public let service: Service

    /// The variables concerned.
    public let names: [String]

    /// What is odd, in one line that names the variables.
    public let message: String
}

extension KeyWarning: CustomStringConvertible {
    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public var description: String { message }
}
