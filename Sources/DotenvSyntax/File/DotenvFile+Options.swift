extension DotenvFile {
    /// How a text is parsed.
    public struct Options: Sendable {
        /// Whether an error in the text is thrown or skipped.
        public var mode: Mode

        /// Whether `${NAME}` is replaced in bare and double-quoted values.
        ///
        /// Off unless asked for.
        public var expansion: Expansion

        /// The largest text accepted, in bytes; also the most that references may add to all values together.
        public var maximumBytes: Int

        /// How many references or nested defaults may lead from one value to the next.
        ///
        /// At most 64 is used.
        public var maximumExpansionDepth: Int

        /// Creates options; each has a safe default.
        ///
        /// - Parameters:
        ///   - mode: Whether an error in the text is thrown or skipped.
        ///   - expansion: Whether `${NAME}` is replaced.
        ///   - maximumBytes: The largest text accepted, 1 MiB unless given.
        ///   - maximumExpansionDepth: How many references may lead from one value to the next.
        public init(
            mode: Mode = .strict,
            expansion: Expansion = .off,
            maximumBytes: Int = 1_048_576,
            maximumExpansionDepth: Int = 16
        ) {
            self.mode = mode
            self.expansion = expansion
            self.maximumBytes = maximumBytes
            self.maximumExpansionDepth = maximumExpansionDepth
        }
    }

    /// What happens on an error in the text.
    ///
    /// New modes may be added.
    public struct Mode: Sendable, Hashable {
        private let name: String

        /// Every error is collected and thrown, as in godotenv; nothing is guessed.
        public static let strict = Mode(name: "strict")

        /// A statement with an error is skipped and reported, as in python-dotenv; the rest is used.
        public static let lenient = Mode(name: "lenient")
    }

    /// Whether and how references to other variables are replaced.
    ///
    /// New forms may be added.
    ///
    /// `$NAME` and `$(command)` are never replaced, and single-quoted values never change.
    public struct Expansion: Sendable {
        /// Answers a name from outside the file; nil when off.
        let lookup: (@Sendable (String) -> String?)?
        let preference: Preference

        /// Values are taken as they stand, so a `$` in a password survives.
        public static let off = Expansion(lookup: nil, preference: .lookup)

        /// Replaces `${NAME}` and `${NAME:-default}`; a default also stands in for an empty value, and may nest.
        ///
        /// A reference means the nearest earlier binding in the file, or else a later one; a value that names itself
        /// means the earlier binding or `lookup`. What `lookup` returns is not expanded again. An unset name is
        /// empty, with a warning. `\$` writes a `$` that starts no reference.
        ///
        /// - Parameters:
        ///   - preference: Who is asked first. `lookup` unless given, as in Node's and Ruby's dotenv.
        ///   - lookup: Answers a name from outside the file, for instance the process environment.
        /// - Returns: The expansion.
        public static func braces(
            preferring preference: Preference = .lookup,
            lookup: @escaping @Sendable (String) -> String?
        ) -> Expansion {
            Expansion(lookup: lookup, preference: preference)
        }

        /// Who answers a reference that both the file and the look-up know.
        public struct Preference: Sendable, Hashable {
            private let name: String

            /// The look-up, as Node's and Ruby's dotenv do.
            public static let lookup = Preference(name: "lookup")

            /// The file, as python-dotenv's `dotenv_values` does.
            public static let file = Preference(name: "file")
        }
    }
}
