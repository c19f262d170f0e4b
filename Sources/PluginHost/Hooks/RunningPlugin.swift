import ExtensionHooks
import KeyHooks

/// A plugin with its process, and what is kept of its answers.
final class RunningPlugin: Sendable {
    /// All that makes it another plugin if it changes.
    struct Identity: Hashable, Sendable {
        let launch: PluginLaunch
        let manifest: PluginManifest
        let fingerprint: String?
        /// Whether its end hooks that ask for the values of keys see them.
        let seesValues: Bool
    }

    let identity: Identity
    /// Where it was found, which of a trusted plugin is not where it runs.
    let folder: FilePath
    let runner: any PluginRunner
    let cache: TTLCache<PluginQuestion, KeptAnswer>

    var id: HookID { identity.manifest.id }

    /// Makes a plugin; nothing is run yet.
    ///
    /// `verify` throws if its files are no longer those that were found; it is asked before they are run.
    init(
        _ identity: Identity,
        folder: FilePath,
        in children: ChildProcesses,
        log: @escaping @Sendable (String) -> Void,
        verify: @escaping PluginVerification
    ) throws(KeyResolutionError) {
        self.identity = identity
        self.folder = folder
        let launch = identity.launch
        let runner: any PluginRunner =
            switch launch.mode {
            case .session: PluginSession(launch, children: children, log: log, verify: verify)
            case .oneshot: OneshotPlugin(launch, children: children, log: log, verify: verify)
            }
        self.runner = runner
        // The plugin says how long an answer is good; that it is not asked for a service at all holds while it runs.
        let policy = CachePolicy(
            timeToLive: .zero,
            negativeTimeToLive: .seconds(36_500 * 86_400),
            failureBackoff: .milliseconds(100)...(.seconds(30))
        )
        cache = try TTLCache(policy: policy, handling: Self.handling) { question in
            let answer = try await runner.answerRetrying(question.request(.start, for: identity.manifest.id))
            return try KeptAnswer.load(answer, of: identity.manifest.id, question.rule?.timeToLive)
        }
    }

    private static func handling(_ error: any Error) -> CacheFailureHandling {
        guard let error = error as? PluginError else { return .final }
        return [.unavailable, .deadlineExceeded, .helloTimeout, .cancelled, .cannotStart].contains(error.kind)
            ? .passing(retryAfter: error.retryAfter) : .final
    }
}
