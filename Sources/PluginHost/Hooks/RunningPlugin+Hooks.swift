import ExtensionHooks
import KeyHooks

extension RunningPlugin {
    /// Registers the hooks that the manifest names, and shows what is kept to resolvers.
    func register(in hooks: inout HookBundle, catalogue: ServiceCatalogue) {
        for hook in identity.manifest.hooks {
            let filter = hook.filter(in: catalogue)
            let isStart = hook.phase == .start
            switch hook.point {
            case .getAPIKey where isStart: addStart(hook, at: .getAPIKey, filter, &hooks)
            case .getSecret where isStart: addStart(hook, at: .getSecret, filter, &hooks)
            case .getAPIKey: addEnd(hook, at: .getAPIKey, filter, &hooks)
            case .getSecret: addEnd(hook, at: .getSecret, filter, &hooks)
            }
        }
        hooks.provide(PluginKeyCache(plugin: self, catalogue: catalogue))
    }

    private func addStart(
        _ hook: PluginManifest.Hook,
        at point: HookPoint<KeyRequest, KeyAnswer>,
        _ filter: ServiceFilter?,
        _ hooks: inout HookBundle
    ) {
        hooks.onStart(
            point,
            id: hook.id,
            filter: filter.map { .services($0) },
            priority: hook.priority,
            before: hook.before,
            after: hook.after,
            attempting: { call in self.attempt(&call) },
            otherwise: { call in try await self.ask(&call) }
        )
    }

    func attempt(_ call: inout StartCall<KeyRequest, KeyAnswer>) -> Bool {
        let question = call.arguments.question
        do {
            let age = call.arguments.maximumAge
            guard let hit = try cache.immediateValue(for: question, maximumAge: age) else { return false }
            give(hit.value, to: &call)
        } catch {
            give(error, question, to: &call)
        }
        return true
    }

    private func ask(_ call: inout StartCall<KeyRequest, KeyAnswer>) async throws {
        let question = call.arguments.question
        do {
            let hit = try await cache.value(for: question, maximumAge: call.arguments.maximumAge)
            give(hit.value, to: &call)
        } catch let error as CancellationError {
            throw error
        } catch {
            give(error, question, to: &call)
        }
    }

    private func give(
        _ answer: KeptAnswer,
        to call: inout StartCall<KeyRequest, KeyAnswer>
    ) {
        switch answer {
        case .key(let key): call.result = .success(.found(key))
        case .notRequired: call.result = .success(.notRequired)
        case .absent:
            let isUsual = call.arguments.question.rule?.countsOn(id) != true
            call.skip("plugin \(id)", reason: "not found", isUsual: isUsual)
        case .proceed: break
        case .rewrite(let service): call.arguments.service = service
        }
    }

    private func give(
        _ error: any Error,
        _ question: PluginQuestion,
        to call: inout StartCall<KeyRequest, KeyAnswer>
    ) {
        let error =
            switch error {
            case let error as PluginError:
                error.keyResolutionError(for: question.service, missing: identity.launch.missingVariables)
            case let error as KeyResolutionError: error
            default:
                KeyResolutionError(.pluginFailed, "plugin '\(id)' failed", remedy: "report it", underlying: error)
            }
        if (question.rule?.fallback ?? .never).allows(error) {
            call.skip("plugin \(id)", after: error)
        } else {
            call.result = .failure(error)
        }
    }
}
