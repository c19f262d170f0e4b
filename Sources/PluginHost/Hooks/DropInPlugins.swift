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
    /// Those that manage secrets, as long as somebody has them.
    let managers = Mutex<[RunningPlugin.Identity: WeakRunner]>([:])
    /// The processes of all plugins that ever ran here, replaced ones too.
    let children = ChildProcesses()
    /// What the search folders looked like when the plugins there are now were found.
    let stamp = Mutex<PluginFolderStamp?>(nil)
    /// The plugins that were reported because they don't run.
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

    /// Makes a host that writes nothing, if that is wanted: for commands that explain and list; and one whose log
    /// leaves out what an error repeats that is shown in the same place.
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
    var loaded: PluginFolderStamp? { stamp.withLock(\.self) }

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
        for manager in managers.withLock(\.values) { manager.runner?.close() }
        await children.end(atOnce ? .atOnce : .gracefully)
    }
}

extension DropInPlugins {
    /// Reloads a resolver whenever plugins, the user's decisions about them or the configuration's file change.
    ///
    /// ```swift
    /// let watching = Task { try await dropIns.watch(resolver) }
    /// defer { watching.cancel() }
    /// ```
    ///
    /// Looks at the search folders, at the plugins' files (which of them there are, their sizes, times and permissions)
    /// and at the configuration's file. It runs nothing and reads no file before something changed. If what is there
    /// then is wrong, the host's log gets it and the last good set of hooks stays, with the processes that run. What
    /// changed after the resolver was made and before this is called counts as a change.
    ///
    /// - Parameters:
    ///   - resolver: A resolver that has this host among its sources.
    ///   - interval: How long to wait before looking again.
    ///   - clock: What the interval is measured by.
    /// - Throws: `CancellationError` when the task is cancelled; there is no other end.
    @concurrent
    public func watch(
        _ resolver: KeyResolver,
        every interval: Duration = .seconds(2),
        clock: some Clock<Duration> = ContinuousClock()
    ) async throws {
        var now = stamp(resolver)
        // A file that was wrong may be right once a plugin has changed that it speaks of.
        var isReadingPending = !resolver.configuration.isAsInFile
        // What the program changed in its configuration is not to be lost for nothing, nor what plugins keep.
        var known = isReadingPending ? nil : WatchedFiles(plugins: loaded, configuration: now.configuration)
        while true {
            if now != known {
                if now.configuration != known?.configuration { isReadingPending = true }
                known = now
                do {
                    if isReadingPending { try resolver.reload() } else { try resolver.reloadPlugins() }
                    isReadingPending = false
                } catch {
                    log("reload failed, all stays as it was: \(error)")
                }
            }
            try await clock.sleep(for: interval.bounded)
            now = stamp(resolver)
        }
    }

    private func stamp(_ resolver: KeyResolver) -> WatchedFiles {
        let configuration = resolver.configuration
        return WatchedFiles(
            plugins: PluginFolderStamp(watchedPath(configuration), store),
            configuration: configuration.path.flatMap { try? FileStatus(of: $0, followsLinks: true) }
        )
    }
}

/// What a watch compares.
private struct WatchedFiles: Hashable {
    let plugins: PluginFolderStamp?
    let configuration: FileStatus?
}
