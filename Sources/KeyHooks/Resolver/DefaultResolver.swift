import ExtensionHooks
import Synchronization

/// Holds the process-wide resolver.
private let defaultResolver = Mutex<KeyResolver?>(nil)

extension KeyResolver {
    /// What ``withDefault(_:_:)`` set for the present task.
    @TaskLocal private static var ofTask: KeyResolver?

    /// The resolver of the present task, or else of the process; a convenience for programs that need only one.
    ///
    /// ``withDefault(_:_:)`` sets that of a task, ``installDefault(_:)`` that of the process. Unless one was installed
    /// it is made on first use from ``KeyConfiguration/discover(in:environment:plugins:)`` in the
    /// working directory, with an empty registry. Libraries should take a resolver as a parameter instead.
    ///
    /// - Throws: A ``KeyResolutionError`` with the code `invalidConfiguration`. The next use tries again.
    public static var `default`: KeyResolver {
        get throws(KeyResolutionError) {
            if let ofTask { return ofTask }
            if let installed = defaultResolver.withLock({ $0 }) { return installed }
            // Files are read outside of the lock; if two threads do it at once, the first to finish is kept.
            let made = try KeyResolver(configuration: .discover())
            return defaultResolver.withLock { stored in
                if let stored { return stored }
                stored = made
                return made
            }
        }
    }

    /// Makes a resolver the default one for as long as a closure runs, in its task and the child tasks of that.
    ///
    /// Tests that run in parallel so have one each:
    ///
    /// ```swift
    /// try await KeyResolver.withDefault(.fake(["openai": "test"])) {
    ///     try await agent.run()       // calls getAPIKey(service:) somewhere inside
    /// }
    /// ```
    ///
    /// A detached task and a thread of its own don't see it.
    ///
    /// - Parameters:
    ///   - resolver: What ``default`` and the free functions use in the closure.
    ///   - body: Runs with it.
    /// - Returns: What `body` returns.
    /// - Throws: What `body` throws.
    public nonisolated(nonsending) static func withDefault<Result>(
        _ resolver: KeyResolver,
        _ body: () async throws -> Result
    ) async rethrows -> Result {
        try await $ofTask.withValue(resolver, operation: body)
    }

    /// Makes a resolver the default one for as long as a closure runs that doesn't wait.
    ///
    /// - Parameters:
    ///   - resolver: What ``default`` and the free functions use in the closure.
    ///   - body: Runs with it.
    /// - Returns: What `body` returns.
    /// - Throws: What `body` throws.
    public static func withDefault<Result>(_ resolver: KeyResolver, _ body: () throws -> Result) rethrows -> Result {
        try $ofTask.withValue(resolver, operation: body)
    }

    /// Installs the process-wide resolver, or with nil forgets it.
    ///
    /// - Parameter resolver: What ``default`` and the free functions use from now on, but for tasks under
    ///   ``withDefault(_:_:)``.
    public static func installDefault(_ resolver: KeyResolver?) {
        let previous = defaultResolver.withLock { stored in
            defer { stored = resolver }
            return stored
        }
        // Released outside of the lock: a hook's closure may own anything.
        _ = previous
    }
}

/// Asks the default resolver for the main key of a service.
///
/// - Parameters:
///   - service: The service; an alias will do.
///   - scope: For whom the key is wanted.
///   - maximumAge: The age from which a value that a source keeps will not do; nil for any age.
///   - refresh: Whether no kept value will do at all, as after a provider refused one.
/// - Returns: The key; nil if nobody has one or none is required.
/// - Throws: As ``KeyResolver/resolve(service:scope:maximumAge:refresh:)``, and what ``KeyResolver/default`` throws.
public func getAPIKey(
    service: Service,
    scope: KeyScope = KeyScope(),
    maximumAge: Duration? = nil,
    refresh: Bool = false
) async throws -> APIKey? {
    try await KeyResolver.default.getAPIKey(service: service, scope: scope, maximumAge: maximumAge, refresh: refresh)
}

/// Asks the default resolver for the main key of a service and insists on one.
///
/// - Parameters:
///   - service: The service; an alias will do.
///   - scope: For whom the key is wanted.
///   - maximumAge: The age from which a value that a source keeps will not do; nil for any age.
///   - refresh: Whether no kept value will do at all.
/// - Returns: The key.
/// - Throws: As ``KeyResolver/requireAPIKey(service:scope:maximumAge:refresh:)``, and what ``KeyResolver/default``
///   throws.
public func requireAPIKey(
    service: Service,
    scope: KeyScope = KeyScope(),
    maximumAge: Duration? = nil,
    refresh: Bool = false
) async throws -> APIKey {
    let maximumAge = refresh ? .zero : maximumAge
    return try await KeyResolver.default.requireAPIKey(service: service, scope: scope, maximumAge: maximumAge)
}
