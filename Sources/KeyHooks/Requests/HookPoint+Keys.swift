public import ExtensionHooks

extension HookPoint where Arguments == KeyRequest, Output == KeyAnswer {
    /// Asking for the main key of a service: the point that plugins hook.
    public static var getAPIKey: Self { Self("getAPIKey", describeRewrite: changes, onStartFailure: skips) }

    /// Asking for a named field of a service with several.
    ///
    /// A point of its own, so that a plugin that knows only main keys can never answer a field with the wrong value.
    public static var getSecret: Self { Self("getSecret", describeRewrite: changes, onStartFailure: skips) }

    /// Both of them.
    static var ofKeys: [Self] { [.getAPIKey, .getSecret] }
}

@Sendable
private func changes(_ old: KeyRequest, _ new: KeyRequest) -> [String] {
    (old.field == new.field ? [] : ["field \(old.field ?? "") -> \(new.field ?? "")"])
        + (old.service == new.service ? [] : ["service \(old.service) -> \(new.service)"])
        + (old.scope == new.scope ? [] : ["scope"])
}

/// Skips a hook that could not answer where the user allows it, and notes that as a source would.
@Sendable
private func skips(_ request: inout KeyRequest, _ hook: HookID, _ error: any Error) -> Bool {
    // Looked at first, since a failure is rare and a rule rarer.
    guard let fallback = request.rule?.fallback,
        let failure = KeyResolutionError(thrown: error, by: hook, for: request.service), fallback.allows(failure)
    else { return false }
    request.skipped.append(SkippedSource(hook.words, after: failure))
    return true
}

extension StartCall where Output == KeyAnswer {
    /// Answers with a key: later start hooks and the environment are not asked.
    ///
    /// - Parameter key: The key.
    public mutating func answer(_ key: APIKey) {
        result = .success(.found(key))
    }

    /// Denies the key: the caller gets an error with the code `denied`, and nobody else is asked.
    ///
    /// - Parameters:
    ///   - reason: Why, without a value.
    ///   - remedy: One line that says what the caller can do; a command goes behind a colon, as in `run: vault login`.
    public mutating func deny(_ reason: String, remedy: String = "ask whoever runs the plugin") {
        result = .failure(KeyResolutionError(.denied, reason, remedy: remedy))
    }
}
