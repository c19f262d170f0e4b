import KeyHooks

extension PluginError {
    /// The kind of a fault, named as on the wire; more may come.
    package struct Kind: Hashable, Sendable, CustomStringConvertible {
        package let description: String

        private init(_ name: String) {
            description = name
        }

        package static let notFound = Self("not-found")
        package static let notMine = Self("not-mine")
        package static let permissionDenied = Self("permission-denied")
        package static let unauthenticated = Self("unauthenticated")
        package static let interactionRequired = Self("interaction-required")
        static let invalidInput = Self("invalid-input")
        package static let `internal` = Self("internal")
        package static let unavailable = Self("unavailable")
        static let cancelled = Self("cancelled")
        package static let deadlineExceeded = Self("deadline-exceeded")

        static let notInstalled = Self("not-installed")
        /// The host has no room for a process; says nothing about the source.
        static let cannotStart = Self("cannot-start")
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

        /// What to tell the author of a plugin that names a kind nobody knows; nil for one that is known.
        func remark(onWire name: String) -> String? {
            guard description != name else { return nil }
            // The kind itself is not shown: where a kind belongs a plugin may have put anything.
            let violation = PluginMessage.Violation(
                problem: "it reports an error of an unknown kind",
                expected: Self.ofPlugins.map(\.description),
                insteadOf: name
            )
            return violation.problem
        }
    }
}
