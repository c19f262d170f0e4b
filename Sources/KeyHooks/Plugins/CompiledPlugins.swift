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
        try faults.collect(about: [Plugin.id], checkID)
        try faults.handOn()
        let configuration = context.configuration
        guard let section = section(in: configuration) else { return RegisteredPlugins() }
        let present = hooks.ids.count
        let source = try faults.collect(about: [Plugin.id]) { try sourceSettings(section, in: configuration) }
        let settings = try faults.collect(about: [Plugin.id]) {
            try Plugin.configuration(from: own(section), in: context)
        }
        try faults.collect(about: [Plugin.id]) {
            try hooks.checkServiceSettings(of: Plugin.id, in: configuration, Plugin.checkServiceSettings(in:))
        }
        if let settings, let source, faults.isEmpty {
            try faults.collect(about: [Plugin.id]) {
                try SourceSettings.$ofPlugins.withValue([Plugin.id: source]) {
                    try make(settings, section, in: context, &hooks)
                }
            }
        }
        try faults.collect(about: [Plugin.id]) { try checkHooks(hooks.ids.dropFirst(present)) }
        try faults.handOn()
        return RegisteredPlugins()
    }

    func mistakes(in context: PluginContext) -> [KeyResolutionError] {
        var faults = ConfigurationFaults()
        guard let section = section(in: context.configuration) else { return [] }
        _ = faults.keep { () throws(KeyResolutionError) in try sourceSettings(section, in: context.configuration) }
        _ = faults.keep { () throws(KeyResolutionError) in
            try Plugin.configuration(from: own(section), in: context)
        }
        faults.keep { () throws(KeyResolutionError) in
            try Plugin.checkServiceSettings(in: context.configuration)
        }
        return faults.error.map { [$0] } ?? []
    }

    func plugins(in context: PluginContext) -> Set<PluginID>? {
        section(in: context.configuration) == nil ? [] : [Plugin.id]
    }

    /// What the configuration says of it; nothing, where it does without.
    private func section(in configuration: KeyConfiguration) -> PluginSection? {
        configuration.plugins.first { $0.id == Plugin.id }
            ?? (Plugin.needsSection ? nil : PluginSection(id: Plugin.id, settings: .object([:]), position: .start))
    }

    private var isSource: Bool { Plugin.self is any KeySource.Type }

    /// What the section of a source says of its cache, its timeout and `fallback`.
    private func sourceSettings(
        _ section: PluginSection,
        in configuration: KeyConfiguration
    ) throws(KeyResolutionError) -> SourceSettings {
        isSource ? try section.sourceSettings(in: configuration) : SourceSettings()
    }

    /// The section as the plugin sees it.
    private func own(_ section: PluginSection) -> PluginSection {
        isSource ? section.withoutSourceSettings : section
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
                "the id '\(displayText(Plugin.id.rawValue))' of \(Plugin.self) is no plugin id",
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
