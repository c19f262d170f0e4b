extension PluginError {
    /// The kind of a fault, named as on the wire; more may come.
    struct Kind: Hashable, Sendable, CustomStringConvertible {
        let description: String

        private init(_ name: String) {
            description = name
        }

        static let notFound = Self("not-found")
        static let notMine = Self("not-mine")
        static let permissionDenied = Self("permission-denied")
        static let unauthenticated = Self("unauthenticated")
        static let interactionRequired = Self("interaction-required")
        static let invalidInput = Self("invalid-input")
        static let `internal` = Self("internal")
        static let unavailable = Self("unavailable")
        static let cancelled = Self("cancelled")
        static let deadlineExceeded = Self("deadline-exceeded")

        static let notInstalled = Self("not-installed")
        static let untrusted = Self("untrusted")
        static let versionMismatch = Self("version-mismatch")
        static let helloTimeout = Self("hello-timeout")
        static let protocolViolation = Self("protocol-violation")
        static let crashed = Self("crashed")
        static let tooLarge = Self("too-large")

        private static let ofPlugins: [Kind] = [
            notFound, notMine, permissionDenied, unauthenticated, interactionRequired, invalidInput, `internal`,
            unavailable, cancelled, deadlineExceeded,
        ]

        /// The kind that a plugin names; what it may not say or nobody knows is `internal`, never an absence.
        init(wire name: String) {
            self = Self.ofPlugins.first { $0.description == name } ?? .internal
        }
    }
}
