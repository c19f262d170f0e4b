package import ExtensionHooks
import JSON5Syntax

/// How a plugin finds what is wrong with its settings for single services; of a source that the program registered by
/// itself, also with its section.
package struct ServiceSettingsCheck: Sendable {
    /// Throws a ``KeyResolutionError`` with the code `invalidConfiguration`.
    typealias Body = @Sendable (KeyConfiguration) throws(KeyResolutionError) -> Void

    let body: Body

    /// The plugin, where the section is checked too.
    var plugin: PluginID?
}

extension ServiceSettingsCheck {
    /// The check of a source that the program made: its section has the words of sources alone.
    init(ofSource source: any KeySource.Type, of id: PluginID) {
        body = { configuration throws(KeyResolutionError) in
            var faults = ConfigurationFaults()
            if let section = configuration.plugins.first(where: { $0.id == id }) {
                faults.keep { () throws(KeyResolutionError) in try section.checkSourceSettings(in: configuration) }
            }
            faults.keep { () throws(KeyResolutionError) in
                if let plugin = source as? any KeyPlugin.Type, plugin.id == id {
                    return try plugin.checkServiceSettings(in: configuration)
                }
                guard source == ManagedKeySource.self else { return try configuration.refuseServiceSections(of: id) }
                try configuration.checkServiceSections(of: id, SecretServiceSettings.mistakes)
            }
            try faults.check()
        }
        plugin = id
    }
}

extension KeyConfiguration {
    /// Reports whatever is said to a plugin of single services, where it takes nothing of that.
    func refuseServiceSections(of plugin: PluginID) throws(KeyResolutionError) {
        try checkServiceSections(of: plugin) { section, path in
            let message =
                "the plugin '\(plugin)' takes no settings for a single provider: leave them out; 'ttl' and 'fallback' "
                + "stand beside '\(plugin)', not in it"
            return [JSONMistake(path: path.description, position: section.position, message: message)]
        }
    }
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
