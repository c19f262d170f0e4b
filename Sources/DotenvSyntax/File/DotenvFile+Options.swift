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
}
