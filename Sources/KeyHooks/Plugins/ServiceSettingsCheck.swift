package import ExtensionHooks

/// How a plugin finds what is wrong with its settings for single services.
package struct ServiceSettingsCheck: Sendable {
    /// Throws a ``KeyResolutionError`` with the code `invalidConfiguration`.
    typealias Body = @Sendable (KeyConfiguration) throws(KeyResolutionError) -> Void

    let body: Body
}

extension HookBundle {
    /// Checks what the configuration tells a plugin of single services, and later on what the program tells it.
    package mutating func checkServiceSettings(
        of plugin: PluginID,
        in configuration: KeyConfiguration,
        _ check: @escaping @Sendable (KeyConfiguration) throws(KeyResolutionError) -> Void
    ) throws(KeyResolutionError) {
        try check(configuration)
        attach(ServiceSettingsCheck(body: check), for: HookID(plugin))
    }
}

extension ResolverInputs {
    /// Has all plugins look at what the program tells them of single services.
    func checkOverrides(in hooks: LoadedPlugins) throws(KeyResolutionError) {
        guard overrides.values.contains(where: { !$0.sections.isEmpty }) else { return }
        var effective = configuration
        effective.providers = [:]
        effective.profiles = [:]
        // Nothing of this has a place in the file, though what a plugin demands may be in there.
        effective.document = nil
        effective.path = nil
        for (service, settings) in overrides {
            effective.providers[service] = (configuration.providers[service] ?? ProviderSettings())
                .overlaid(with: settings)
        }
        for check in hooks.registry.attachments(of: ServiceSettingsCheck.self) {
            do throws(KeyResolutionError) {
                try check.body(effective)
            } catch {
                throw .invalidConfiguration("\(Self.overridePlace): \(error.message)", remedy: error.remedy)
            }
        }
    }
}
