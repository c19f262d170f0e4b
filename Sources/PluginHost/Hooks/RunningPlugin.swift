import ExtensionHooks
import JSON5Syntax
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
    let pipeline: KeyPipeline<PluginKeySource>

    var id: PluginID { identity.manifest.id }

    /// Makes a plugin; nothing is run yet.
    ///
    /// `verify` throws if its files are no longer those that were found; it is asked before they are run.
    init(
        _ identity: Identity,
        folder: FilePath,
        in children: ChildProcesses,
        log: @escaping @Sendable (String) -> Void,
        verify: @escaping PluginVerification
    ) {
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
            negativeTimeToLive: .century,
            failureBackoff: .milliseconds(100)...(.seconds(30))
        )
        pipeline = KeyPipeline(
            from: PluginKeySource(id: identity.manifest.id, runner: runner),
            id: HookID(identity.manifest.id),
            // The runner has time limits of its own.
            settings: SourceSettings(cache: policy, timeout: nil),
            details: Self.details(of: identity, runner)
        )
    }

    private static func details(
        of identity: Identity,
        _ runner: any PluginRunner
    ) -> SourceDetails<PluginKeySource> {
        let id = identity.manifest.id
        let missing = identity.launch.missingVariables
        var details = SourceDetails<PluginKeySource>(of: HookID(id))
        details.title = "plugin \(id)"
        details.unnamedPlace = "asked of the plugin itself"
        details.handling = { error in
            guard let error = error as? PluginError else { return .final }
            return [.unavailable, .deadlineExceeded, .helloTimeout, .cancelled, .cannotStart].contains(error.kind)
                ? .passing(retryAfter: error.retryAfter) : .final
        }
        details.error = { error, request in
            (error as? PluginError)?.keyResolutionError(for: request.service, missing: missing)
        }
        details.invalidated = { service in
            guard let service, let session = runner as? PluginSession else { return }
            let arguments = JSONNode.object(["service": .string(service.id)])
            session.invalidate(point: "getAPIKey", arguments: arguments, reason: "invalidated")
        }
        details.rejected = { question in
            guard let session = runner as? PluginSession else { return }
            let request = question.request(.start)
            session.invalidate(point: request.point, arguments: request.arguments, reason: "rejected")
        }
        details.crowded = { evictions, capacity in
            "plugin '\(id)': \(evictions) of its answers that were still good had to make room for others: more are in "
                + "use than the \(capacity) that are kept, and it is asked again for each"
        }
        return details
    }
}

extension RunningPlugin {
    /// Registers the hooks that the manifest names, and shows what is kept to resolvers.
    func register(in hooks: inout HookBundle, catalogue: ServiceCatalogue) {
        var filters: [ServiceFilter?] = []
        for hook in identity.manifest.hooks {
            let filter = hook.filter(in: catalogue)
            let point: HookPoint<KeyRequest, KeyAnswer> = hook.point == .getAPIKey ? .getAPIKey : .getSecret
            guard hook.phase == .start else {
                addEnd(hook, at: point, filter, &hooks)
                continue
            }
            hooks.add(pipeline, as: hook.id, at: point, filter, hook.priority, hook.before, hook.after)
            if hook.point == .getAPIKey { filters.append(filter) }
        }
        hooks.show(pipeline) { [filters] request in
            filters.contains { $0.map(request.isFor) ?? true }
        }
    }
}
