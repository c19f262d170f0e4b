/// Something about keys that works but is probably not meant; never contains a value.
public struct KeyWarning: Hashable, Sendable {
    /// The kind of a ``KeyWarning``; more kinds may come.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        /// The name of the kind.
        public let description: String

        private init(_ name: String) {
            description = name
        }

        /// Two variables of one service hold different values.
        public static var conflictingVariables: Self { Self("conflictingVariables") }

        /// The value looks like one that was never filled in.
        public static var placeholder: Self { Self("placeholder") }

        /// A plugin's cache found something odd about itself; see ``KeyCache/takeWarnings()``.
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
