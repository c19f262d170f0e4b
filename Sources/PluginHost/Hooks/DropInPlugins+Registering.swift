import JSON5Syntax
public import KeyHooks
import LightFoundation
import Synchronization

extension DropInPlugins: PluginSource {
    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public var sectionedPlugins: Set<PluginID> { Set(builtIn.flatMap(\.sectionedPlugins)) }

    /// The folders that were named and cannot be searched, and the user's own plugins that are gone.
    public var warnings: [String] { oddities.withLock(\.self) }

    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public func register(in hooks: inout HookBundle, _ context: PluginContext) throws -> RegisteredPlugins {
        guard children.isOpen else {
            throw KeyResolutionError(
                .invalidConfiguration,
                "the drop-in plugins were shut down",
                remedy: "make another DropInPlugins, and a resolver with it"
            )
        }
        try KeyConfiguration.checkUserFolder(context.environment)
        environment.withLock { $0 = context.environment }
        let stamp = PluginFolderStamp(watchedPath(context.configuration), store)
        let directory = directory(context)
        let inventory = directory.inventory()
        oddities.withLock { $0 = inventory.warnings }
        var faults = ConfigurationFaults()
        var seen = ""
        // Those of them that do not run have been reported, or will be.
        try faults.collect(about: inventory.plugins.compactMap(\.listing.id)) {
            do throws(KeyResolutionError) {
                try inventory.checkPresence(of: context.configuration.wantedPlugins)
            } catch {
                // Who only looks is shown the rest, without what a project brings.
                guard !isRecording else { throw error }
                try inventory.checkOwn()
                seen = error.message
                let words = errorText("\(error.message), so 'keyhooks get' fails", remedy: error.remedy)
                log(displayLines("warning: \(words)"))
                // Nor is anybody shown a weaker source in the place of what the configuration counts on.
                for id in context.configuration.wantedPlugins where inventory.isOut(id) {
                    for point in [HookPoint.getAPIKey, .getSecret] {
                        hooks.onStart(point, id: HookID(id)) { _ in throw error }
                    }
                }
            }
            try inventory.checkKept(
                running.withLock { $0.values.map { ($0.id, $0.folder) } },
                isForgettable: isRecorded.withLock(\.self)
            )
        }
        tellOfIdle(inventory, but: faults.text + seen)
        let switchedOff = Set(try disabled(in: directory))
        for source in builtIn where switchedOff.isDisjoint(with: source.sectionedPlugins) {
            try faults.collect { _ = try source.register(in: &hooks, context) }
        }
        let taken = sectionedPlugins
        var plugins: [PluginID: RunningPlugin] = [:]
        for plugin in inventory.ready {
            guard let manifest = plugin.manifest, !taken.contains(manifest.id), let executable = plugin.executable
            else { continue }
            if manifest.hooks.isEmpty {
                try faults.collect(about: [manifest.id]) { try refuseSection(of: manifest, in: context.configuration) }
                continue
            }
            let prepared = try faults.collect(about: [manifest.id]) {
                try prepare(plugin, manifest, executable, in: directory, context, &hooks)
            }
            if let prepared { plugins[manifest.id] = prepared }
        }
        try faults.handOn()
        for plugin in plugins.values.sorted(by: { $0.id < $1.id }) {
            plugin.register(in: &hooks, catalogue: try context.configuration.catalogue())
        }
        running.withLock { [plugins] in $0 = plugins }
        self.stamp.withLock { $0 = stamp }
        record(inventory)
        let disabled = inventory.listings.filter { $0.status == .disabled }.compactMap(\.id)
        return RegisteredPlugins(switchedOff: switchedOff.union(disabled))
    }

    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public func mistakes(in context: PluginContext) -> [KeyResolutionError] {
        let directory = directory(context)
        let off = Set((try? disabled(in: directory)) ?? [])
        let ofBuiltIn = builtIn.filter { off.isDisjoint(with: $0.sectionedPlugins) }
            .flatMap { $0.mistakes(in: context) }
        let manifests = directory.inventory().ready.compactMap(\.manifest)
        let dropped = manifests.flatMap { manifest in
            var errors: [KeyResolutionError] = []
            do throws(KeyResolutionError) {
                let section = context.configuration.section(for: manifest.id)
                if section != nil { try check(section, of: manifest, in: context.configuration) }
            } catch {
                errors.append(error)
            }
            do throws(KeyResolutionError) {
                try checkServices(of: manifest, in: context.configuration)
            } catch {
                errors.append(error)
            }
            return errors
        }
        return ofBuiltIn + dropped
    }

    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public func plugins(in context: PluginContext) -> Set<PluginID>? {
        let directory = directory(context)
        let dropped = directory.inventory().plugins.compactMap(\.listing.id)
        return builtIn.reduce(into: Set(dropped + ((try? disabled(in: directory)) ?? []))) { plugins, plugin in
            plugins.formUnion(plugin.plugins(in: context) ?? [])
        }
    }

    private func checkServices(
        of manifest: PluginManifest,
        in configuration: KeyConfiguration
    ) throws(KeyResolutionError) {
        try configuration.checkServiceSections(of: manifest.id) { section, path in
            manifest.providerConfiguration?.mistakes(in: section, at: path) ?? []
        }
    }

    private func disabled(in directory: PluginDirectory) throws(KeyResolutionError) -> [PluginID] {
        do {
            return try directory.disabled()
        } catch {
            throw KeyResolutionError(.invalidConfiguration, error.message, remedy: error.remedy)
        }
    }

    /// Notes which of the user's own plugins are there, so that one that goes is missed.
    ///
    /// What cannot be noted is no reason to give no key: nobody is missed then.
    private func record(_ inventory: PluginInventory) {
        guard isRecording, let store else { return }
        let own = inventory.ready.filter { $0.listing.origin == .user }
            .compactMap { plugin in plugin.listing.id.map { TrustDecisions.Seen(id: $0, folder: plugin.listing.folder) }
            }
        let isNew = own.contains { !inventory.decisions.seen.contains($0) }
        let isKept = !isNew || (try? store.update(waitingFor: .zero) { $0.see(own) }) != nil
        isRecorded.withLock { $0 = isKept }
    }

    /// The plugin that runs already, if it is the same, or another.
    private func prepare(
        _ plugin: DiscoveredPlugin,
        _ manifest: PluginManifest,
        _ executable: String,
        in directory: PluginDirectory,
        _ context: PluginContext,
        _ hooks: inout HookBundle
    ) throws -> RunningPlugin {
        var faults = ConfigurationFaults()
        let section = context.configuration.section(for: manifest.id)
        try faults.collect { try check(section, of: manifest, in: context.configuration) }
        try faults.collect {
            try hooks.checkServiceSettings(of: manifest.id, in: context.configuration) {
                configuration throws(KeyResolutionError) in
                try self.checkServices(of: manifest, in: configuration)
            }
        }
        try faults.handOn()
        let identity = identity(of: plugin, manifest, executable, section, context)
        let known = running.withLock { $0[manifest.id] }
        if let known, known.identity == identity { return known }
        return RunningPlugin(identity, folder: plugin.folder, in: children, log: log) {
            () throws(PluginManagementError) in
            try directory.verify(plugin)
        }
    }

    /// All that makes a plugin another one if it changes.
    func identity(
        of plugin: DiscoveredPlugin,
        _ manifest: PluginManifest,
        _ executable: String,
        _ section: JSONNode?,
        _ context: PluginContext
    ) -> RunningPlugin.Identity {
        var launch = PluginLaunch(
            manifest,
            executable: executable,
            in: plugin.runningFolder,
            section: section,
            environment: context.environment,
            isInteractive: isInteractive
        )
        launch.isErrorInLog = isErrorInLog
        return RunningPlugin.Identity(
            launch: launch,
            manifest: manifest,
            fingerprint: PluginCandidate.fingerprint(of: plugin),
            seesValues: plugin.listing.seesValues
        )
    }

    /// Says once of each plugin that waits to be trusted, or is broken, that it does not run; not of one whose reason
    /// is in the error that will be thrown.
    private func tellOfIdle(_ inventory: PluginInventory, but error: String) {
        for listing in inventory.listings where [.untrusted, .broken].contains(listing.status) {
            let isInError = error.contains(listing.reason) && listing.id.map { error.contains("'\($0)'") } ?? true
            guard !isInError else { continue }
            guard idle.withLock({ $0.insert(FilePath(listing.folder)).inserted }) else { continue }
            let name = listing.id?.rawValue ?? FileFault.shown(listing.folder)
            let remedy = listing.remedy ?? "see 'keyhooks plugins info'"
            log(displayLines(errorText("plugin '\(name)' does not run: \(listing.reason)", remedy: remedy)))
        }
    }

    private func refuseSection(
        of manifest: PluginManifest,
        in configuration: KeyConfiguration
    ) throws(KeyResolutionError) {
        guard let section = configuration.plugins.first(where: { $0.id == manifest.id }) else { return }
        throw .invalidConfiguration(
            "\(section.place(in: configuration))plugins.\(manifest.id): the plugin only manages secrets, and has its "
                + "settings where a manager is set up",
            remedy: "move them: \"managers\": { \"NAME\": { \"kind\": \"\(manifest.id)\", … } }"
        )
    }

    private func check(
        _ section: JSONNode?,
        of manifest: PluginManifest,
        in configuration: KeyConfiguration
    ) throws(KeyResolutionError) {
        do throws(JSONMistakes) {
            try manifest.check(section ?? .object([:]))
        } catch {
            guard section == nil else { throw configuration.invalid(error) }
            // There is no place in the file to be named.
            let problems = error.all.map(\.withoutPosition).joined(separator: "; ")
            throw KeyResolutionError(
                .invalidConfiguration,
                "plugin '\(manifest.id)' cannot do without a section in keyhooks.json: \(problems)",
                remedy: "write its section, \"plugins\": { \"\(manifest.id)\": { … } }, "
                    + "or switch it off: keyhooks plugins disable \(manifest.id)"
            )
        }
    }
}

extension PluginCandidate {
    /// What is in a plugin's folder now, whether or not it needs trust.
    static func fingerprint(of plugin: DiscoveredPlugin) -> String? {
        if let known = plugin.fingerprint { return known }
        var candidate = PluginCandidate(folder: plugin.folder, origin: plugin.listing.origin)
        return candidate.fingerprint()
    }
}
