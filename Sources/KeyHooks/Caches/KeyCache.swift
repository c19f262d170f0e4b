package import ExtensionHooks

/// The cache of a plugin, as far as a resolver shows and empties it.
package protocol KeyCache: Sendable {
    /// The plugin.
    var id: HookID { get }

    /// What the cache has done so far.
    var statistics: CacheStatistics { get }

    /// What is odd about the cache as a whole, each in one line without a value.
    var warnings: [String] { get }

    /// Takes the warnings to report now: each once, and then not for a while.
    ///
    /// Resolvers ask for it after a cache found that it is too small, and hand it to their `onWarning`.
    ///
    /// - Returns: What is odd and what to do, each in one line without a value.
    func takeWarnings() -> [String]

    /// Tells what the cache knows of a key, without asking the source.
    ///
    /// - Parameter request: Which key.
    /// - Returns: Where it would be read and what is kept of it; nil if the plugin does not answer for it.
    func report(on request: KeyRequest) -> CachedKeyReport?

    /// Forgets what is kept, so that the next call asks the source.
    ///
    /// - Parameter service: The service whose keys are forgotten, with whatever shares a secret with them; nil for all.
    func invalidate(_ service: Service?)
}

extension KeyCache {
    /// Nothing is odd.
    package var warnings: [String] { [] }

    /// Nothing to report.
    ///
    /// - Returns: Nothing.
    package func takeWarnings() -> [String] { [] }
}

extension HookBundle {
    /// Shows a plugin's cache to resolvers, which list it in explanations and empty it on request.
    ///
    /// - Parameter cache: The cache.
    package mutating func provide(_ cache: some KeyCache) {
        attach(cache, for: cache.id)
    }
}
