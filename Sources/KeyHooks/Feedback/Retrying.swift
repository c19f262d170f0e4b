/// An error that says whether a provider rejected the key of a request.
///
/// Conform the errors of your client to it, and ``KeyResolver/withAPIKey(_:scope:maximumAge:isUnauthorized:_:)`` knows
/// when to try another key:
///
/// ```swift
/// extension HTTPError: ProviderRejection {
///     var isUnauthorized: Bool { status == 401 }
/// }
/// ```
public protocol ProviderRejection: Error {
    /// Whether it was the key that was rejected.
    var isUnauthorized: Bool { get }
}

extension KeyResolver {
    /// Runs a closure with the key of a service, and once more with another key if the provider rejects the first.
    ///
    /// ```swift
    /// let reply = try await resolver.withAPIKey("openai") { key in
    ///     try await model.complete(prompt, key: key.value)
    /// }
    /// ```
    ///
    /// An error that says unauthorized has the key reported as ``report(_:for:)-(_,APIKey)`` does, and the key asked
    /// for again. If that brings the same one, or none, nothing runs twice, and the closure's own error is thrown. What
    /// the closure throws the second time is thrown as it is. The closure runs where the caller is, on the same actor.
    ///
    /// - Parameters:
    ///   - service: The service; an alias will do.
    ///   - scope: For whom the key is wanted.
    ///   - maximumAge: The age from which a value that a source keeps will not do for the first run; nil for any age.
    ///   - isUnauthorized: Whether an error of the closure says that the key was rejected. By default one does that
    ///     conforms to ``ProviderRejection`` and says so.
    ///   - body: Uses the key.
    /// - Returns: What `body` returns.
    /// - Throws: What `body` throws, and what ``requireAPIKey(service:scope:maximumAge:refresh:)`` throws before it
    ///   runs.
    public nonisolated(nonsending) func withAPIKey<Result>(
        _ service: Service,
        scope: KeyScope = KeyScope(),
        maximumAge: Duration? = nil,
        isUnauthorized: (any Error) -> Bool = { ($0 as? any ProviderRejection)?.isUnauthorized ?? false },
        _ body: nonisolated(nonsending) (APIKey) async throws -> Result
    ) async throws -> Result {
        var key = try await requireAPIKey(service: service, scope: scope, maximumAge: maximumAge)
        var isFirst = true
        while true {
            do {
                let result = try await body(key)
                report(.success, for: key)
                return result
            } catch let error where !(error is CancellationError) && isUnauthorized(error) {
                report(.unauthorized, for: key)
                guard isFirst, let other = try await freshKey(of: service, scope, otherThan: key) else { throw error }
                (key, isFirst) = (other, false)
            }
        }
    }

    /// The key that there is now, if it is another one; that it can't be had doesn't matter beside the rejection.
    private nonisolated(nonsending) func freshKey(
        of service: Service,
        _ scope: KeyScope,
        otherThan rejected: APIKey
    ) async throws -> APIKey? {
        do {
            try Task.checkCancellation()
            let key = try await getAPIKey(service: service, scope: scope)
            return key == rejected ? nil : key
        } catch let error as CancellationError {
            throw error
        } catch {
            return nil
        }
    }
}
