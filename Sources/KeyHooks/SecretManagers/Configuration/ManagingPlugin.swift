import ExtensionHooks
import JSON5Syntax

/// A plugin that is a secret manager: its section under `plugins` has the words that every manager has, and those of its
/// kind.
package protocol ManagingPlugin: KeyPlugin, EffectDescribing where Configuration == PluginSection {
    /// The kind, which `managers` may name too; it is called as the plugin is.
    static var kind: SecretManagerKind { get }

    /// The manager that the section describes.
    var manager: ConfiguredManager { get }
}

extension ManagingPlugin {
    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public static var managerKinds: [SecretManagerKind] { [kind] }

    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public static func configuration(
        from section: PluginSection,
        in context: PluginContext
    ) throws(KeyResolutionError) -> PluginSection {
        var faults = ConfigurationFaults()
        for fault in context.configuration.servicesInVain([id: try manager(section, in: context)]) { faults.add(fault) }
        try faults.check()
        return section
    }

    /// Makes the manager that a section describes; nothing is asked of its store yet.
    package static func manager(
        _ section: PluginSection,
        in context: PluginContext
    ) throws(KeyResolutionError) -> ConfiguredManager {
        let (section, whole) = (section.ofManagingPlugin, context.configuration)
        var faults = ConfigurationFaults()
        let settings = faults.keep { () throws(KeyResolutionError) in try SecretManagerSettings(section, in: whole) }
        let manager = faults.keep { () throws(KeyResolutionError) in
            do {
                return try kind.make(section.ofKind, context)
            } catch let error as KeyResolutionError {
                throw error
            } catch {
                // Its text may quote the section.
                throw KeyResolutionError.invalidConfiguration(
                    "\(section.place(in: whole))plugins.\(id): the manager can't be made (\(valueFreeDescription(of: error)))",
                    remedy: "fix the section, or what the manager needs"
                )
            }
        }
        try faults.check()
        guard let settings, let manager else { preconditionFailure("what isn't there has a fault") }
        return ConfiguredManager(manager, settings, section, in: whole)
    }

    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public static func checkServiceSettings(in configuration: KeyConfiguration) throws(KeyResolutionError) {
        try configuration.checkServiceSections(of: id, SecretServiceSettings.mistakes)
    }

    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public func register(in hooks: inout HookBundle) { manager.register(in: &hooks, of: Self.id) }

    package static func validate(
        _ section: PluginSection,
        in configuration: KeyConfiguration
    ) throws(KeyResolutionError) {
        let context = PluginContext(configuration: configuration, environment: configuration.reading.environment)
        _ = try manager(section, in: context)
    }

    package static func effects(of section: PluginSection, in configuration: KeyConfiguration) -> [ConfigurationEffect]
    {
        kind.effects(section.ofManagingPlugin.ofKind, configuration)
            + ConfigurationEffects.settings(of: section, isOfManager: true)
    }
}

extension PluginSection {
    fileprivate var ofManagingPlugin: PluginSection {
        var section = self
        section.isOfManagingPlugin = true
        return section
    }
}
