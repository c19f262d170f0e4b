package import ExtensionHooks

/// A plugin that can be asked, whichever way it is run.
package protocol PluginRunner: Sendable {
    var launch: PluginLaunch { get }
    var clock: AnyClock { get }

    /// Asks one question once.
    ///
    /// - Throws: ``PluginError``; `CancellationError` when the task is cancelled.
    func answer(to request: PluginRequest) async throws -> PluginAnswer

    /// The processes that it starts, with those of others perhaps.
    var children: ChildProcesses { get }

    /// Has all requests fail from now on; whoever owns ``children`` ends the processes.
    func close()
}

extension PluginSession: PluginRunner {}
extension OneshotPlugin: PluginRunner {}

extension PluginRunner {
    /// Ends it, with all that is in its ``children``, and waits until the processes are collected.
    func shutdown() async {
        close()
        await children.end(.gracefully)
    }

    /// The pause after a first failure, unless the plugin suggests a longer one; each further one is twice as long.
    private static var firstPause: Duration { .milliseconds(100) }

    /// Asks one question, and again as long as the source cannot be reached and there is time.
    ///
    /// - Throws: The last ``PluginError``; `CancellationError` when the task is cancelled.
    package func answerRetrying(_ request: PluginRequest) async throws -> PluginAnswer {
        let due = clock.now() + (request.deadline ?? launch.requestTimeout)
        var request = request
        var pause = Self.firstPause
        while true {
            do {
                return try await answer(to: request)
            } catch let error as PluginError where error.kind == .unavailable && error.origin == .plugin {
                // What it suggests makes the pauses longer and never shorter: it might say zero for ever.
                let wait = max(error.retryAfter ?? .zero, pause)
                // No point in waiting for a time at which nobody waits any more.
                guard clock.now() + wait < due else { throw error }
                try await clock.sleep(wait)
                pause = wait * 2
                request.attempt += 1
                request.deadline = due - clock.now()
            }
        }
    }
}
