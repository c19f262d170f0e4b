import ExtensionHooks
import JSON5Syntax
import KeyHooks

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
                throw error.keyResolutionError(
                    for: question.service,
                    missing: self.identity.launch.missingVariables
                )
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
    static func result(
        from outcome: JSONNode,
        of id: PluginID
    ) throws(PluginError) -> Result<KeyAnswer, any Error> {
        if let error = outcome["error"] {
            let kind = PluginError.Kind(wire: error["kind"]?.string ?? "")
            let failure = PluginError(
                kind,
                origin: .plugin,
                plugin: id.rawValue,
                "it replaced the outcome by a failure"
            )
            return .failure(failure.keyResolutionError())
        }
        if outcome["absent"]?.kind == .bool(true) { return .success(.absent(KeyAbsence())) }
        let result = PluginResult(value: outcome, cache: nil)
        return .success(try PluginKeySource.content(of: result, from: id).answer(from: id))
    }
}
