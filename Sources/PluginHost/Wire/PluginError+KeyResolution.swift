package import KeyHooks

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
            "plugin '\(plugin)': \(kind): \(message)",
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
        default: "fix the plugin, or switch it off to see what the other sources have"
        }
    }
}
