extension DotenvFile {
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
