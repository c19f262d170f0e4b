import Synchronization

extension KeyResolver {
    /// Reads everything again: the configuration's file, the `.env` files, the plugins.
    ///
    /// Calls that are running go on with what they began with; later ones see all that is new. If anything is wrong
    /// nothing changes.
    ///
    /// - Parameter configuration: The new configuration; nil reads the file of the present one again.
    /// - Throws: A ``KeyResolutionError`` with the code `invalidConfiguration`.
    public func reload(_ configuration: KeyConfiguration? = nil) throws(KeyResolutionError) {
        try change { inputs throws(KeyResolutionError) in
            inputs.loadedPlugins = nil
            if let configuration {
                inputs.configuration = configuration
            } else {
                inputs.configuration.reading.plugins = inputs.sources
                inputs.configuration = try inputs.configuration.reread()
            }
        }
    }

    /// Looks for plugins again, with the present configuration.
    ///
    /// The hooks of all plugins are replaced as a whole. If one of them is wrong the old ones stay.
    ///
    /// - Throws: A ``KeyResolutionError`` with the code `invalidConfiguration`.
    public func reloadPlugins() throws(KeyResolutionError) {
        try change { $0.loadedPlugins = nil }
    }

    /// Says what differs for a service, over the configuration and its profiles.
    ///
    /// ```swift
    /// try resolver.override("openai") { $0.fallback = .unavailable }
    /// ```
    ///
    /// - Parameters:
    ///   - service: The service; an alias will do.
    ///   - edit: Changes what was said by earlier overrides; at first nothing was. What the file says is not in there.
    /// - Throws: A ``KeyResolutionError`` with the code `invalidConfiguration`, as for a plugin that is not there or
    ///   doesn't know a setting; then nothing changes.
    public func override(_ service: Service, _ edit: (inout ProviderSettings) -> Void) throws(KeyResolutionError) {
        let service = catalogue.canonical(service)
        try change { inputs throws(KeyResolutionError) in
            var settings = inputs.overrides[service] ?? ProviderSettings()
            edit(&settings)
            guard settings.timeToLive ?? .zero >= .zero else {
                throw .invalidConfiguration(
                    "the program's override of '\(service)': a ttl may not be below zero",
                    remedy: "use .zero to keep nothing"
                )
            }
            inputs.overrides[service] = settings
        }
    }

    /// Forgets all that the program said of a service, by however many overrides.
    ///
    /// - Parameter service: The service; an alias will do.
    /// - Throws: A ``KeyResolutionError`` with the code `invalidConfiguration`; then nothing changes.
    public func removeOverride(_ service: Service) throws(KeyResolutionError) {
        let service = catalogue.canonical(service)
        try change { inputs throws(KeyResolutionError) in inputs.overrides[service] = nil }
    }

    /// Makes a change if a state can be worked out from it.
    ///
    /// One at a time: the last to begin is the last to be seen.
    private func change(_ edit: (inout ResolverInputs) throws(KeyResolutionError) -> Void) throws(KeyResolutionError) {
        try inputs.withLock { stored throws(KeyResolutionError) in
            var next = stored
            try edit(&next)
            let state = try next.state()
            next.loadedPlugins = state.hooks
            retireLeases(of: caches)
            publish(state)
            remarks.forget()
            stored = next
        }
    }
}
