import ExtensionHooks
import JSON5Syntax

/// A source of plugins that a program hands over for one of them.
protocol SinglePluginSource: PluginSource {
    /// The plugin, if a configuration must have a section for it.
    var expected: PluginID? { get }
}

/// A plugin's type as a source.
struct CompiledPlugin<Plugin: KeyPlugin>: SinglePluginSource {
    var expected: PluginID? { Plugin.needsSection ? Plugin.id : nil }

    var sectionedPlugins: Set<PluginID> { [Plugin.id] }

    func register(in hooks: inout HookBundle, _ context: PluginContext) throws -> RegisteredPlugins {
        var faults = ConfigurationFaults()
        let isNamed: Void? = faults.keep(about: [Plugin.id], checkID)
        if isNamed != nil, let section = section(in: context.configuration) {
            let present = hooks.ids.count
            hooks.attach(ServiceSettingsCheck(body: Plugin.checkServiceSettings), for: HookID(Plugin.id))
            if let settings = read(section, in: context, &faults) {
                try faults.collect(about: [Plugin.id]) {
                    try SourceSettings.$ofPlugins.withValue([Plugin.id: section.with(sourceSettings: isSource)]) {
                        try make(settings, section, in: context, &hooks)
                    }
                }
            }
            let ids = hooks.ids.dropFirst(present)
            faults.keep(about: [Plugin.id]) { () throws(KeyResolutionError) in try checkHooks(ids) }
        }
        try faults.handOn()
        return RegisteredPlugins()
    }

    func mistakes(in context: PluginContext) -> [KeyResolutionError] {
        var faults = ConfigurationFaults()
        guard let section = section(in: context.configuration) else { return [] }
        _ = read(section, in: context, &faults)
        return faults.error.map { [$0] } ?? []
    }

    /// Whether its section has the words of sources too.
    private var isSource: Bool { Plugin.self is any KeySource.Type }

    /// What the section says to the plugin.
    ///
    /// - Returns: Nil if something is wrong with that, with what it says of a source, or with what is said of single
    ///   services.
    private func read(
        _ section: PluginSection,
        in context: PluginContext,
        _ faults: inout ConfigurationFaults
    ) -> Plugin.Configuration? {
        if isSource {
            faults.keep(about: [Plugin.id]) { () throws(KeyResolutionError) in
                try section.with(sourceSettings: true).checkSourceSettings(in: context.configuration)
            }
        }
        let settings = faults.keep(about: [Plugin.id]) { () throws(KeyResolutionError) in
            try Plugin.configuration(from: isSource ? section.with(sourceSettings: false) : section, in: context)
        }
        faults.keep(about: [Plugin.id]) { () throws(KeyResolutionError) in
            try Plugin.checkServiceSettings(in: context.configuration)
        }
        return faults.isEmpty ? settings : nil
    }

    func managerKinds(in context: PluginContext) -> [SecretManagerKind] { Plugin.managerKinds }

    func plugins(in context: PluginContext) -> Set<PluginID>? {
        section(in: context.configuration) == nil ? [] : [Plugin.id]
    }

    /// What the configuration says of it; nothing, where it does without.
    private func section(in configuration: KeyConfiguration) -> PluginSection? {
        configuration.plugins.first { $0.id == Plugin.id }
            ?? (Plugin.needsSection ? nil : PluginSection(id: Plugin.id, settings: .object([:]), position: .start))
    }

    private func make(
        _ settings: Plugin.Configuration,
        _ section: PluginSection,
        in context: PluginContext,
        _ hooks: inout HookBundle
    ) throws {
        do {
            try Plugin(settings, in: context).register(in: &hooks)
        } catch let error as KeyResolutionError {
            throw error
        } catch {
            // Its text may quote the section.
            let place = section.place(in: context.configuration)
            throw KeyResolutionError.invalidConfiguration(
                "\(place)plugins.\(Plugin.id): the plugin cannot be made (\(valueFreeDescription(of: error)))",
                remedy: "fix the section, or what the plugin needs"
            )
        }
    }

    private func checkID() throws(KeyResolutionError) {
        guard Plugin.id.isWellFormed else {
            throw .invalidConfiguration(
                "the id '\(displayText(Plugin.id.rawValue))' of \(Plugin.self) isn't a valid plugin id",
                remedy: "use letters, digits, '.', '_' and '-'"
            )
        }
    }

    /// Hooks under another id would run where the plugin is left out, and be skipped where it is asked.
    private func checkHooks(_ ids: some Sequence<HookID>) throws(KeyResolutionError) {
        guard let foreign = ids.first(where: { $0.plugin != Plugin.id }) else { return }
        throw .invalidConfiguration(
            "the plugin '\(Plugin.id)' adds a hook '\(displayText(foreign.rawValue))' that is not called after it",
            remedy: "call the hook '\(Plugin.id)' or '\(Plugin.id)/…'"
        )
    }
}
