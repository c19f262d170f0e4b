import ExtensionHooks
public import KeyHooks
public import LightFoundation
import Synchronization

/// The drop-in directory as a source of plugins: finds them, and runs those that are ready when they are asked.
///
/// ```swift
/// let dropIns = DropInPlugins(builtIn: [OpenBaoPlugin.plugin], log: { line in logger.info("\(line)") })
/// let resolver = try KeyResolver(configuration: .discover(), plugins: [dropIns])
/// let watching = Task { try await dropIns.watch(resolver) }    // picks up what comes, changes or goes
/// // …
/// watching.cancel()
/// await dropIns.shutdown()                                      // ends the plugins' processes
/// ```
///
/// `builtIn` registers them too; don't also pass them to the resolver.
///
/// Nothing is run before a key is asked for. A plugin that has not changed keeps its process and what was kept of its
/// answers when the resolver reloads; one that changed, or went, is ended once the last call that uses it is over.
public final class DropInPlugins: Sendable {
    /// Where decisions of the user are kept; nil if there is no place for them, and then no plugin of a project runs.
    package let store: TrustStore?

    /// The plugins that are part of the program, which the user can switch off as well.
    public let builtIn: [any PluginSource]

    let isInteractive: Bool
    let isErrorInLog: Bool
    let log: @Sendable (String) -> Void
    let running = Mutex<[PluginID: RunningPlugin]>([:])
    /// The processes of all plugins that ever ran here, replaced ones too.
    let children = ChildProcesses()
    /// What the search folders looked like when the plugins there are now were found.
    let glance = Mutex<PluginFolderStamp?>(nil)
    /// The plugins that were told of because they do not run.
    let idle = Mutex<Set<FilePath>>([])
    /// Whether the user's own plugins are recorded as seen; a command that only looks writes nothing.
    let isRecording: Bool
    /// Whether those that run were recorded, so that the user can say which of them are not missed.
    let isRecorded = Mutex(false)
    /// The environment that plugins were last looked for with.
    let environment: Mutex<[String: String]>
    /// What was odd when plugins were last looked for.
    let oddities = Mutex<[String]>([])

    /// Makes a host.
    ///
    /// - Parameters:
    ///   - builtIn: The plugins that are part of the program, as in `[OpenBaoPlugin.plugin]`; they run if the
    ///     configuration has their sections. One that is dropped in under the same id does not run.
    ///   - environment: Where the place of the user's decisions is taken from.
    ///   - isInteractive: Whether plugins may ask the user, those that can make use of that.
    ///   - log: Gets what plugins write on standard error, line by line, cleaned and without keys; how they
    ///     progress; once of each plugin that waits to be trusted; and of the reloads of a watch that fail.
    public convenience init(
        builtIn: [any PluginSource] = [],
        environment: [String: String] = ProcessInfo.processInfo.environment,
        isInteractive: Bool = false,
        log: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        self.init(builtIn: builtIn, environment: environment, isInteractive: isInteractive, isRecording: true, log: log)
    }

    /// Makes a host that writes nothing, if that is wanted: for commands that explain and list; and one whose log leaves
    /// out what an error repeats that is shown in the same place.
    package init(
        builtIn: [any PluginSource],
        environment: [String: String] = ProcessInfo.processInfo.environment,
        isInteractive: Bool,
        isRecording: Bool,
        isErrorInLog: Bool = false,
        log: @escaping @Sendable (String) -> Void
    ) {
        self.isRecording = isRecording
        self.isErrorInLog = isErrorInLog
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
    package func directory(_ context: PluginContext) -> PluginDirectory {
        PluginDirectory(
            searchPath: PluginSearchPath(declared: context.configuration.pluginPath, environment: context.environment),
            store: store,
            builtIn: sectionedPlugins.sorted()
        )
    }

    /// How many processes of session plugins were started; one for each plugin that was asked, unless one crashed.
    public var spawnCount: Int {
        running.withLock {
            $0.values.reduce(0) { $0 + (($1.runner as? PluginSession).map { Int($0.spawnCount) } ?? 0) }
        }
    }

    /// What the search folders looked like when the plugins there are now were found.
    var loaded: PluginFolderStamp? { glance.withLock(\.self) }

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
