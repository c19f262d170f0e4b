public import ExtensionHooks

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

extension StartCall where Arguments: ServiceRequest {
    /// Tells the program of something odd about a source, which does not keep it from answering.
    ///
    /// The resolver hands it to its `onWarning` once the call is over; a call that fails has an error to tell instead.
    /// Say it now and then, and not at each call.
    ///
    /// - Parameter message: What is odd and what to do, in one line without a value.
    public mutating func warn(_ message: String) {
        arguments.warnings.append(
            KeyWarning(code: .source, service: arguments.service, names: [], message: displayLines(message))
        )
    }
}
