import ExtensionHooks
import Synchronization

/// Holds the process-wide resolver.
private let defaultResolver = Mutex<KeyResolver?>(nil)

extension KeyResolver {
    /// The process-wide resolver, a convenience for programs that need only one.
    ///
    /// Unless one was installed it is made on first use from ``KeyConfiguration/discover(in:environment:plugins:)`` in the
    /// working directory, with an empty registry. Libraries should take a resolver as a parameter instead.
    ///
    /// - Throws: A ``KeyResolutionError`` with the code `invalidConfiguration`. The next use tries again.
    public static var `default`: KeyResolver {
        get throws(KeyResolutionError) {
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

    /// Installs the process-wide resolver, or with nil forgets it.
    ///
    /// - Parameter resolver: What ``default`` and the free functions use from now on.
    public static func installDefault(_ resolver: KeyResolver?) {
        let previous = defaultResolver.withLock { stored in
            defer { stored = resolver }
            return stored
        }
        // Released outside of the lock: a hook's closure may own anything.
        _ = previous
    }
}

/// Asks the process-wide resolver for the main key of a service.
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

/// Asks the process-wide resolver for the main key of a service and insists on one.
///
/// - Parameters:
///   - service: The service; an alias will do.
///   - scope: For whom the key is wanted.
///   - maximumAge: The age from which a value that a source keeps will not do; nil for any age.
///   - refresh: Whether no kept value will do at all.
/// - Returns: The key.
/// - Throws: As ``KeyResolver/requireAPIKey(service:scope:maximumAge:refresh:)``, and what ``KeyResolver/default`` throws.
public func requireAPIKey(
    service: Service,
    scope: KeyScope = KeyScope(),
    maximumAge: Duration? = nil,
    refresh: Bool = false
) async throws -> APIKey {
    try await KeyResolver.default.requireAPIKey(
        service: service,
        scope: scope,
        maximumAge: maximumAge,
        refresh: refresh
    )
}
