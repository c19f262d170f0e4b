import ExtensionHooks
import JSON5Syntax

/// The hooks of plugins, and which plugins have none because the user switched them off.
struct LoadedPlugins: Sendable {
    let registry: HookRegistry
    let switchedOff: Set<PluginID>

    /// The secret managers of the configuration.
    var managers = ConfiguredManagers()

    /// What the sources find odd about where they looked for plugins.
    var warnings: [String] = []

    /// Whether no plugin is asked at all.
    var areAllOff = false
}

/// What a resolver's state is worked out from.
struct ResolverInputs: Sendable {
    let registry: HookRegistry
    let sources: [any PluginSource]
    let process: [String: String]
    let isUsingPlugins: Bool
    var configuration: KeyConfiguration
    var overrides: [Service: ProviderSettings] = [:]

    /// The registry with the plugins' hooks, if they need not be made anew.
    ///
    /// Overrides don't concern them, and what they keep is not to be lost at each.
    var loadedPlugins: LoadedPlugins?

    /// Works the state out, with new hooks of the plugins unless there are some.
    ///
    /// - Parameter known: What the environment and the files have; nil reads the files.
    /// - Returns: The state.
    /// - Throws: A ``KeyResolutionError`` with the code `invalidConfiguration`; then nothing has changed.
    func state(_ known: KeyEnvironment? = nil) throws(KeyResolutionError) -> ResolverState {
        var faults = ConfigurationFaults()
        let environment = known ?? newEnvironment(&faults)
        faults.keep { () throws(KeyResolutionError) in try checkVariableNames() }
        let made = faults.keep { () throws(KeyResolutionError) in try hooks() }
        try faults.check()
        guard let hooks = made else { preconditionFailure("what has no hooks has a fault") }
        if isUsingPlugins { try checkOverrides(in: hooks) }
        return try ResolverState(configuration, overrides: overrides, environment: environment, hooks: hooks)
    }

    private func newEnvironment(_ faults: inout ConfigurationFaults) -> KeyEnvironment {
        var files: [LoadedFile] = []
        for var file in configuration.envFiles {
            file.path = WrittenPath.expanded(file.path, process)
            if let loaded = faults.keep({ () throws(KeyResolutionError) in try LoadedFile.load(file) }) {
                files.append(loaded)
            }
        }
        return KeyEnvironment(process: process, files: files, precedence: configuration.envPrecedence)
    }

    private func hooks() throws(KeyResolutionError) -> LoadedPlugins {
        guard let loadedPlugins else { return try newHooks() }
        var faults = ConfigurationFaults()
        if isUsingPlugins { checkPresence(in: loadedPlugins, &faults) }
        try faults.check()
        return loadedPlugins
    }

    /// The hooks that are asked: with the plugins', pinned as configured, all disabled if plugins are off.
    private func newHooks() throws(KeyResolutionError) -> LoadedPlugins {
        var faults = ConfigurationFaults()
        do {
            guard isUsingPlugins else {
                return LoadedPlugins(
                    registry: try registry.derived(disabling: [.all]),
                    switchedOff: [],
                    warnings: insideOfPlugin(process).map { [$0] } ?? [],
                    areAllOff: true
                )
            }
            let context = PluginContext(configuration: configuration, environment: process)
            var switchedOff: Set<PluginID> = []
            let managers = ConfiguredManagers(in: context, sources, &faults)
            let registry = try registry.derived { hooks in
                hooks.conditions = SourceSections(configuration.plugins)
                for source in sources {
                    let registered = try faults.collect { try source.register(in: &hooks, context) }
                    switchedOff.formUnion(registered?.switchedOff ?? [])
                }
                managers.register(in: &hooks)
            }
            let hooks = LoadedPlugins(
                registry: registry,
                switchedOff: switchedOff,
                managers: managers,
                warnings: sources.flatMap(\.warnings)
            )
            // Before the order: a plugin that is not there is the likelier fault.
            checkPresence(in: hooks, &faults)
            if faults.isEmpty { checkSections(in: context, &faults) }
            // A plugin with settings of its own has checked them.
            let checked = Set(sources.flatMap(\.sectionedPlugins))
            for check in registry.attachments(of: ServiceSettingsCheck.self) {
                guard let plugin = check.plugin, !checked.contains(plugin) else { continue }
                faults.keep { () throws(KeyResolutionError) in try check.body(configuration) }
            }
            try faults.check()
            if !configuration.hookOrder.isEmpty { try registry.pinOrder(configuration.hookOrder) }
            return hooks
        } catch let error as KeyResolutionError {
            throw error
        } catch {
            try faults.check()
            throw .invalidConfiguration(
                "the hooks cannot be put in order (\(valueFreeDescription(of: error)))",
                remedy: "change hookOrder, or the before: and after: of the hooks"
            )
        }
    }

    /// A plugin that a program has and a configuration forgets would let a weaker source answer.
    private func checkSections(in context: PluginContext, _ faults: inout ConfigurationFaults) {
        let kinds = Set(configuration.managers.compactMap { $0.settings["kind"]?.string })
        let place = configuration.path.map { FileFault.shown($0) } ?? "the configuration"
        for source in sources {
            guard let plugin = (source as? any SinglePluginSource)?.expected,
                !configuration.pluginIDs.contains(plugin),
                !source.managerKinds(in: context).contains(where: { kinds.contains($0.name) })
            else { continue }
            faults.add(
                .invalidConfiguration(
                    "\(place) has no section for plugin '\(plugin)', which the program hands over",
                    remedy: "write its section, \"plugins\": { \"\(plugin)\": { … } }, or take it out of the program"
                )
            )
        }
    }

    /// A configured vault that is silently not asked would let a weaker source answer.
    private func checkPresence(in hooks: LoadedPlugins, _ faults: inout ConfigurationFaults) {
        let placements = hooks.registry.order(of: .getAPIKey) + hooks.registry.order(of: .getSecret)
        let present = Set(placements.map(\.id.plugin)).union(hooks.switchedOff).union(faults.plugins)
        checkPresence(among: present, &faults)
    }

    /// Reports what the configuration names beside the plugins that are there, those that are switched off or wrong
    /// included.
    func checkPresence(among present: Set<PluginID>, _ faults: inout ConfigurationFaults) {
        let present = present.union(configuration.unknownPlugins)
        for missing in configuration.plugins where !present.contains(missing.id) {
            let place = missing.place(in: configuration)
            faults.add(noPlugin(missing.id, "\(place)plugins.\(missing.id)", among: present))
        }
        let document = configuration.document
        let nodes = document?["profiles"]?.membersByName ?? [:]
        let profiles = configuration.profiles.map { name, profile in
            (displayText("profiles.\(name)."), profile.providers, nodes[ExactText(name)])
        }
        // What the file lacks under 'plugins' was reported; a section of it is one more word about the same.
        let declared = present.union(configuration.pluginIDs)
        for (path, providers, node) in [("", configuration.providers, document)] + profiles + [
            ("\(Self.overridePlace): ", overrides, nil)
        ] {
            var nodes: [Service: JSONNode]?
            for (service, settings) in providers.sorted(by: { $0.key < $1.key }) {
                if nodes == nil, !settings.sections.isEmpty || settings.plugins != nil {
                    nodes = node?["providers"]?.membersByService
                }
                let hasSource = nodes?[service]?["source"] != nil
                // Of a source it is said once.
                let strangers = hasSource ? [] : settings.sections.keys.sorted()
                for stranger in strangers where !declared.contains(stranger) {
                    faults.add(noPlugin(stranger, "\(path)providers.\(service).\(stranger)", among: present))
                }
                for (index, missing) in (settings.plugins ?? []).enumerated() where !declared.contains(missing) {
                    let setting = settings.only != nil ? "only" : hasSource ? "source" : "plugins"
                    let list = nodes?[service]?[setting]
                    let position = list.map { $0.elements?[index].position ?? $0.position }
                    let file = configuration.path.flatMap { file in position.map { "\(file):\($0): " } } ?? ""
                    let index = list?.string == nil ? "[\(index)]" : ""
                    let place = "\(file)\(path)providers.\(service).\(setting)\(index): '\(missing)'"
                    faults.add(noPlugin(missing, place, among: present))
                }
            }
        }
    }

    /// What rules are called that weren't written in a file.
    static let overridePlace = "the program, override(_:)"

    private func noPlugin(_ plugin: PluginID, _ place: String, among present: Set<PluginID>) -> KeyResolutionError {
        let sectioned = Set(sources.flatMap(\.sectionedPlugins))
        if sectioned.contains(plugin), !configuration.pluginIDs.contains(plugin) {
            return .invalidConfiguration(
                "\(place): plugin '\(plugin)' has no section",
                remedy: "add \"plugins\": { \"\(plugin)\": { … } }"
            )
        }
        if let remedy = remedy(forAbsent: plugin) {
            return .invalidConfiguration(
                "\(place): the plugin '\(plugin)' isn't part of this build",
                remedy: remedy
                    + ", take it out of the configuration, or switch plugins off (--no-plugins, KEYHOOKS_NO_PLUGINS=1)"
            )
        }
        let managers = configuration.managers.map(\.id)
        let known = present.union(sectioned).union(managers).map(\.rawValue).sorted()
        let meant = PeerWords.meaning(of: plugin.rawValue, among: known)
        let suggestion =
            (meant ?? closestMatch(to: plugin.rawValue, among: known))
            .map { "did you mean '\($0)'? Otherwise " } ?? ""
        return .invalidConfiguration(
            "\(place): there is no plugin\(place.contains(".source: ") ? " and no secret manager" : "") of this name",
            remedy: suggestion
                + "install '\(plugin)' or hand it to the resolver, take it out of the configuration, "
                + "or switch plugins off (--no-plugins, KEYHOOKS_NO_PLUGINS=1)"
        )
    }
}
