/// Throws if a plugin's files are no longer those that were found.
typealias PluginVerification = @Sendable () throws(PluginManagementError) -> Void

extension PluginLaunch {
    /// Starts a process, if its files are still what they were.
    ///
    /// - Throws: A ``PluginError`` that says why there is no process.
    func start<Started>(
        _ verify: PluginVerification,
        _ start: () throws(SpawnFailure) -> Started
    ) throws(PluginError) -> Started {
        do throws(PluginManagementError) {
            try verify()
        } catch {
            throw PluginError(.untrusted, plugin: id, error.message, hint: error.remedy)
        }
        do throws(SpawnFailure) {
            return try start()
        } catch {
            guard !error.isCancelled else { throw PluginError(.cancelled, plugin: id, "it was shut down") }
            throw PluginError(
                error.isMissing ? .notInstalled : .unavailable,
                plugin: id,
                "it cannot be started: \(error.reason)",
                hint: error.isMissing ? installHint : nil
            )
        }
    }
}
