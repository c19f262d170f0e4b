import ExtensionHooks
public import KeyHooks

extension DropInPlugins {
    /// Reloads a resolver whenever plugins, the user's decisions about them or the configuration's file change.
    ///
    /// ```swift
    /// let watching = Task { try await host.watch(resolver) }
    /// defer { watching.cancel() }
    /// ```
    ///
    /// Looks at the search folders, at the plugins' files (which of them there are, their sizes, times and permissions)
    /// and at the configuration's file. It runs nothing and reads no file before something changed. If what is there
    /// then is wrong, the host's log is told and the last good set of hooks stays, with the processes that run. What changed
    /// after the resolver was made and before this is called counts as a change.
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
        var now = glance(resolver)
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
            now = glance(resolver)
        }
    }

    private func glance(_ resolver: KeyResolver) -> WatchedFiles {
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
