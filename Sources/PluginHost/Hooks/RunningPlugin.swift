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
        runner = RunnerSettings(identity.launch, in: children, log: log, verify: verify).runner()
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

    private static func details(of identity: Identity, _ runner: any PluginRunner) -> SourceDetails<PluginKeySource> {
        let id = identity.manifest.id
        let missing = identity.launch.missingVariables
        var details = SourceDetails<PluginKeySource>(of: HookID(id))
        details.title = "plugin \(id)"
        details.unnamedPlace = "asked of the plugin itself"
        // It waits for the process without a thread, and starts it on another.
        details.neverBlocks = true
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
            for point in PluginManifest.Hook.Point.allCases {
                session.invalidate(point: point.rawValue, arguments: arguments, reason: "invalidated")
            }
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
        for hook in identity.manifest.hooks {
            let filter = hook.filter(in: catalogue)
            let point: HookPoint<KeyRequest, KeyAnswer> = hook.point == .getAPIKey ? .getAPIKey : .getSecret
            guard hook.phase == .start else {
                addEnd(hook, at: point, filter, &hooks)
                continue
            }
            hooks.add(pipeline, as: hook.id, at: point, filter, hook.priority, hook.before, hook.after)
        }
        hooks.show(pipeline)
    }
}

extension RunningPlugin {
    func addEnd(
        _ hook: PluginManifest.Hook,
        at point: HookPoint<KeyRequest, KeyAnswer>,
        _ filter: ServiceFilter?,
        _ hooks: inout HookBundle
    ) {
        let seesValues = hook.wantsValues && identity.seesValues
        hooks.onEnd(
            point,
            id: hook.id,
            filter: filter.map { .services($0) },
            priority: hook.priority,
            before: hook.before,
            after: hook.after
        ) { call in
            let question = PluginQuestion(call.arguments, for: self.id)
            let outcome = Self.outcome(of: call.result, withValues: seesValues)
            let request = question.request(.end, outcome: outcome)
            do {
                if case .replace(let outcome) = try await self.runner.answerRetrying(request) {
                    call.result = try Self.result(from: outcome, of: self.id)
                }
            } catch let error as PluginError {
                throw error.keyResolutionError(for: question.service, missing: self.identity.launch.missingVariables)
            }
        }
    }

    /// What came of the call; without a value, unless the plugin asked for it and the user granted it.
    private static func outcome(of result: Result<KeyAnswer, any Error>, withValues: Bool) -> JSONNode {
        switch result {
        case .success(.found(let key)) where withValues:
            .object(["status": .string("found"), "result": .object(["key": .string(key.value)])])
        case .success(.found): .object(["status": .string("found")])
        case .success(.notRequired): .object(["status": .string("not-required")])
        case .success(.absent): .object(["status": .string("absent")])
        case .failure(let error as KeyResolutionError):
            .object(["status": .string("failed"), "code": .string(error.code.description)])
        case .failure: .object(["status": .string("failed")])
        }
    }

    /// What a plugin put in the place of an outcome.
    static func result(from outcome: JSONNode, of id: PluginID) throws(PluginError) -> Result<KeyAnswer, any Error> {
        if let error = outcome["error"] {
            let failure = PluginError(
                kind: PluginError.Kind(wire: error["kind"]?.string ?? ""),
                origin: .plugin,
                plugin: id.rawValue,
                message: "it replaced the outcome by a failure"
            )
            return .failure(failure.keyResolutionError())
        }
        if outcome["absent"]?.kind == .bool(true) { return .success(.absent(KeyAbsence())) }
        let result = PluginResult(value: outcome, cache: nil)
        return .success(try PluginKeySource.content(of: result, from: id).answer(from: id))
    }
}
