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
