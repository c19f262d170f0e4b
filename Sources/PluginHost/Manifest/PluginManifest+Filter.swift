package import KeyHooks

extension PluginManifest.Hook {
    /// The services the hook is for.
    ///
    /// - Parameter catalogue: What aliases mean, those of the user's configuration among them.
    /// - Returns: The filter, or nil for all services.
    package func filter(in catalogue: ServiceCatalogue = .standard) -> ServiceFilter? {
        services.map { ServiceFilter($0, catalogue: catalogue) }
    }
}
