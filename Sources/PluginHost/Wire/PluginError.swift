package import KeyHooks

/// Why a plugin gave no answer.
///
/// The text holds nothing that looks like a key and none of the values that the plugin has returned.
package struct PluginError: ValueFreeError, Hashable {
    /// Who found the fault.
    enum Origin: String, Hashable, Sendable {
        case host
        case plugin
    }

    let kind: Kind
    var origin = Origin.host
    /// The plugin's id.
    let plugin: String
    /// What went wrong.
    package let message: String
    /// One line that says how to fix it.
    package var hint: String?
    /// How long the source asked to be left alone.
    var retryAfter: Duration?

    package var description: String {
        let hint = hint.map { " (\($0))" } ?? ""
        return "plugin '\(plugin)': \(kind.rawValue): \(message)\(hint)"
    }
}

extension PluginError {
    /// The kind of a fault, named as on the wire; more may come.
    package enum Kind: String, Sendable {
        case notFound = "not-found"
        case notMine = "not-mine"
        case permissionDenied = "permission-denied"
        case unauthenticated
        case interactionRequired = "interaction-required"
        case invalidInput = "invalid-input"
        case conflict
        case `internal`
        case unavailable
        case cancelled
        case deadlineExceeded = "deadline-exceeded"

        case notInstalled = "not-installed"
        /// The host has no room for a process; says nothing about the source.
        case cannotStart = "cannot-start"
        case untrusted
        case versionMismatch = "version-mismatch"
        case helloTimeout = "hello-timeout"
        case protocolViolation = "protocol-violation"
        case crashed
        case tooLarge = "too-large"

        private static let ofPlugins: [Kind] = [
            .notFound, .notMine, .permissionDenied, .unauthenticated, .interactionRequired, .invalidInput, .conflict,
            .internal, .unavailable, .cancelled, .deadlineExceeded,
        ]

        /// The kind that a plugin names; what it may not say or nobody knows is `internal`, never an absence.
        init(wire name: String) {
            self = Self.ofPlugins.first { $0.rawValue == name } ?? .internal
        }

        /// What to tell the author of a plugin that names a kind nobody knows; nil for one that is known.
        func remark(onWire name: String) -> String? {
            guard rawValue != name else { return nil }
            // The kind itself is not shown: where a kind belongs a plugin may have put anything.
            let violation = PluginMessage.Violation(
                problem: "it reports an error of an unknown kind",
                expected: Self.ofPlugins.map(\.rawValue),
                insteadOf: name
            )
            return violation.problem
        }
    }
}

extension PluginError {
    /// The error for callers who know of keys and not of plugins.
    ///
    /// - Parameters:
    ///   - service: The service whose key was wanted.
    ///   - command: What shows all that the plugin writes; nil for the check of the installed plugin.
    ///   - missing: The variables that its manifest asks for and that aren't set.
    /// - Returns: An error that says the same.
    package func keyResolutionError(
        for service: Service? = nil,
        shownBy command: String? = nil,
        missing: [String] = []
    ) -> KeyResolutionError {
        // Begins as its own text does, so that the two are not reported twice.
        KeyResolutionError(
            code,
            "plugin '\(plugin)': \(kind.rawValue): \(message)",
            remedy: remedy(shownBy: command ?? "keyhooks plugins check \(plugin) --show-output", missing),
            service: service,
            underlying: self
        )
    }

    private var code: KeyResolutionError.Code {
        switch kind {
        case .permissionDenied: .denied
        case .unauthenticated, .interactionRequired: .unauthenticated
        case .unavailable: .unavailable
        case .conflict: .conflict
        case .deadlineExceeded, .helloTimeout: .timedOut
        default: .pluginFailed
        }
    }

    /// Whether the host gives the hint; the plugin's own may be a bare command.
    private var isHintOurs: Bool { [.untrusted, .versionMismatch, .helloTimeout, .cannotStart].contains(kind) }

    private func remedy(shownBy command: String, _ missing: [String]) -> String {
        if kind == .protocolViolation {
            let first = hint ?? "fix the plugin"
            return "\(first); to see what it writes: \(command)"
        }
        if let hint { return isHintOurs ? hint : "hint: \(hint)" }
        // Those that the message says are the reason.
        let missing = [.crashed, .internal].contains(kind) ? missing.filter(message.contains) : []
        if !missing.isEmpty {
            let them = missing.count == 1 ? "it" : "them"
            return "set \(missing.joined(separator: " and ")) in the process environment; .env isn't read for \(them)"
        }
        return switch kind {
        case .permissionDenied: "ask whoever runs the source; a denied key is never taken from elsewhere"
        case .unauthenticated, .interactionRequired: "log in to the plugin's source and try again"
        case .unavailable: "try again when the plugin's source can be reached"
        case .deadlineExceeded, .helloTimeout: "raise the plugin's timeouts, or see why it is slow"
        case .notInstalled: "install what the plugin's manifest names as its entry"
        case .cannotStart: "see what this system lacks, and try again"
        case .untrusted: "look at the plugin and trust it: keyhooks plugins trust \(plugin)"
        case .cancelled: "ask again"
        case .conflict: "read the secret again, and write it on top of that"
        default: "fix the plugin, or switch it off to see what the other sources have"
        }
    }
}
