public import ExtensionHooks
public import Foundation
public import KeyHooks
import Synchronization

/// The drop-in directory as a source of plugins: finds them, and runs those that are ready when they are asked.
///
/// ```swift
/// let host = PluginHost(builtIn: [OpenBaoPlugin.self])
/// let resolver = try KeyResolver(configuration: .discover(), plugins: [host])
/// ```
///
/// Nothing is run before a key is asked for. A plugin that has not changed keeps its process and what was kept of its
/// answers when the resolver reloads; one that changed, or went, is ended once the last call that uses it is over.
public final class PluginHost: Sendable {
    /// Where decisions of the user are kept; nil if there is no place for them, and then no plugin of a project runs.
    public let store: TrustStore?

    /// The plugins that are part of the program, which the user can switch off as well.
    public let builtIn: [any KeyPlugin.Type]

    private let isInteractive: Bool
    let log: @Sendable (String) -> Void
    private let running = Mutex<[HookID: RunningPlugin]>([:])
    /// The processes of all plugins that ever ran here, replaced ones too.
    private let children = ChildProcesses()
    /// What the search folders looked like when the plugins there are now were found.
    private let glance = Mutex<PluginGlance?>(nil)
    /// The plugins that were told of because they do not run.
    private let idle = Mutex<Set<String>>([])
    /// The environment that plugins were last looked for with.
    private let environment: Mutex<[String: String]>
    /// The folders that plugins were last looked for in.
    private let searched = Mutex<[PluginInventory.Searched]>([])

    /// Makes a host.
    ///
    /// - Parameters:
    ///   - builtIn: The plugins that are part of the program. One that is dropped in under the same id does not run.
    ///   - environment: Where the place of the user's decisions is taken from.
    ///   - isInteractive: Whether plugins may ask the user, those that can make use of that.
    ///   - log: Is told what plugins write on standard error, line by line, cleaned and without keys; how they
    ///     progress; once of each plugin that waits to be trusted; and of the reloads of a watch that fail.
    public init(
        builtIn: [any KeyPlugin.Type] = [],
        environment: [String: String] = ProcessInfo.processInfo.environment,
        isInteractive: Bool = false,
        log: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        self.builtIn = builtIn
        store = TrustStore(environment: environment)
        self.environment = Mutex(environment)
        self.isInteractive = isInteractive
        self.log = log
    }

    /// The plugins that a configuration and an environment lead to; runs none of them.
    ///
    /// - Parameter context: The configuration and the process environment.
    /// - Returns: The directory.
    public func directory(_ context: PluginContext) -> PluginDirectory {
        PluginDirectory(
            searchPath: PluginSearchPath(declared: context.configuration.pluginPath, environment: context.environment),
            store: store,
            builtIn: builtIn.map { $0.id }
        )
    }

    /// How many processes of session plugins were started; one for each plugin that was asked, unless one crashed.
    public var spawnCount: Int {
        running.withLock {
            $0.values.reduce(0) { $0 + (($1.runner as? PluginSession).map { Int($0.spawnCount) } ?? 0) }
        }
    }

    /// What the search folders looked like when the plugins there are now were found.
    var loaded: PluginGlance? { glance.withLock(\.self) }

    /// Where plugins of a configuration are looked for.
    func watchedPath(_ configuration: KeyConfiguration) -> PluginSearchPath {
        PluginSearchPath(declared: configuration.pluginPath, environment: environment.withLock(\.self))
    }

    /// Ends all plugins and waits until their processes are collected; from now on they fail when they are asked.
    ///
    /// A host that was shut down is done with: make another one, and a resolver with it.
    ///
    /// - Parameter atOnce: Whether plugins get no time to end by themselves, which may take each of them three seconds.
    public func shutdown(atOnce: Bool = false) async {
        for plugin in running.withLock(\.values) { plugin.runner.close() }
        await children.end(atOnce ? .atOnce : .gracefully)
    }
}

extension PluginHost: PluginSource {
    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public var sectionedPlugins: Set<HookID> { Set(builtIn.map { $0.id }) }

    /// The folders that were named and cannot be searched.
    public var doubts: [String] { searched.withLock(\.self).compactMap(\.doubt) }

    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public func register(in hooks: inout HookBundle, _ context: PluginContext) throws -> Set<HookID> {
        guard children.isOpen else {
            throw KeyResolutionError(
                .invalidConfiguration,
                "the plugin host was shut down",
                remedy: "make another PluginHost, and a resolver with it"
            )
        }
        environment.withLock { $0 = context.environment }
        let glance = PluginGlance(watchedPath(context.configuration), store)
        let directory = directory(context)
        let inventory = directory.inventory()
        searched.withLock { $0 = inventory.searched }
        try inventory.checkPresence(of: context.configuration.wantedPlugins)
        tellOfIdle(inventory)
        let switchedOff = Set(try directory.disabled())
        for plugin in builtIn where !switchedOff.contains(plugin.id) {
            _ = try plugin.plugin.register(in: &hooks, context)
        }
        let taken = Set(builtIn.map { $0.id })
        var plugins: [HookID: RunningPlugin] = [:]
        for plugin in inventory.ready {
            guard let manifest = plugin.manifest, !taken.contains(manifest.id), let executable = plugin.executable
            else { continue }
            let launch = try launch(manifest, executable, in: plugin.listing.folder, context)
            try hooks.checkServiceSettings(of: manifest.id, in: context.configuration) {
                configuration throws(KeyResolutionError) in
                try configuration.checkServiceSections(of: manifest.id) { section, path in
                    manifest.providerConfiguration?.mistakes(in: section, at: path) ?? []
                }
            }
            let identity = RunningPlugin.Identity(
                launch: launch,
                manifest: manifest,
                fingerprint: PluginCandidate.fingerprint(of: plugin),
                seesValues: plugin.listing.seesValues
            )
            let known = running.withLock { $0[manifest.id] }
            if let known, known.identity == identity {
                plugins[manifest.id] = known
            } else {
                plugins[manifest.id] = try RunningPlugin(identity, in: children, log: log) {
                    () throws(PluginManagementError) in
                    try directory.verify(plugin)
                }
            }
        }
        for plugin in plugins.values.sorted(by: { $0.id < $1.id }) {
            plugin.register(in: &hooks, catalogue: try context.configuration.catalogue())
        }
        running.withLock { [plugins] in $0 = plugins }
        self.glance.withLock { $0 = glance }
        let disabled = inventory.listings.filter { $0.status == .disabled }.compactMap { $0.id.map { HookID($0) } }
        return switchedOff.union(disabled)
    }

    /// Says once of each plugin that waits to be trusted, or is broken, that it does not run.
    private func tellOfIdle(_ inventory: PluginInventory) {
        for listing in inventory.listings where [.untrusted, .broken].contains(listing.status) {
            guard idle.withLock({ $0.insert(listing.folder).inserted }) else { continue }
            let name = listing.id ?? FolderFault.shown(listing.folder)
            log("plugin '\(name)' does not run, \(listing.reason): \(listing.remedy ?? "see 'keyhooks plugins info'")")
        }
    }

    private func launch(
        _ manifest: PluginManifest,
        _ executable: String,
        in folder: String,
        _ context: PluginContext
    ) throws -> PluginLaunch {
        let section = context.configuration.section(for: manifest.id)
        do {
            try manifest.check(section ?? .object([:]))
        } catch {
            guard section == nil else { throw context.configuration.invalid(error) }
            // There is no place in the file to be named.
            let problems = error.all.map(\.withoutPosition).joined(separator: "; ")
            throw KeyResolutionError(
                .invalidConfiguration,
                "plugin '\(manifest.id)' cannot do without a section in keyhooks.json: \(problems)",
                remedy: "write its section, \"plugins\": { \"\(manifest.id)\": { … } }, "
                    + "or switch it off: keyhooks plugins disable \(manifest.id)"
            )
        }
        var environment = PluginLaunch.environment(from: context.environment, allowing: manifest.environment)
        // What Python would write into the plugin's folder would make it another plugin than the one that was trusted.
        environment["PYTHONDONTWRITEBYTECODE"] = "1"
        return PluginLaunch(
            id: manifest.id.rawValue,
            version: manifest.version,
            executable: executable,
            arguments: manifest.arguments,
            folder: folder,
            environment: environment,
            mode: manifest.mode == .oneshot ? .oneshot : .session,
            helloTimeout: manifest.helloTimeout,
            requestTimeout: manifest.requestTimeout,
            configuration: section ?? .object([:]),
            interactive: isInteractive ? manifest.interaction.rawValue : "never",
            installHint: manifest.installHint
        )
    }
}

extension PluginCandidate {
    /// What is in a plugin's folder now, whether or not it needs trust.
    static func fingerprint(of plugin: DiscoveredPlugin) -> String? {
        if let known = plugin.fingerprint { return known }
        var candidate = PluginCandidate(folder: plugin.listing.folder, origin: plugin.listing.origin)
        return candidate.fingerprint()
    }
}
