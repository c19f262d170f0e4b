import Synchronization

/// The shared state of a registry and of all that is derived from it.
final class RegistryCore: Sendable {
    let settings: CallSettings
    private let state = Mutex(RegistryState())

    init(settings: CallSettings) {
        self.settings = settings
    }

    func add(_ layer: RegistryLayer) -> Int {
        state.withLock { $0.add(layer) }
    }

    func remove(_ layer: Int) {
        // What the layer held is released after the lock is: a hook's closure may own a derived registry.
        _ = state.withLock { state in
            let before = state
            state.remove(layer)
            return before
        }
    }

    func add(_ bundle: HookBundle, to layer: Int) throws(HookRegistrationError) -> HookRegistration {
        if let attachment = bundle.attachments.first(where: { !$0.id.isWellFormed }) {
            throw HookRegistrationError(code: .invalidID, point: "", hooks: [attachment.id])
        }
        try change(layer) { own in
            for (point, hook) in bundle.hooks { own.hooks[point, default: []].append(hook) }
            own.observers += bundle.observers
            own.attachments += bundle.attachments
        }
        return registration(of: bundle, in: layer)
    }

    private func registration(of bundle: HookBundle, in layer: Int) -> HookRegistration {
        HookRegistration { [weak self] in
            // Taking hooks away can neither repeat an id nor close a cycle.
            try? self?
                .change(layer) { own in
                    for (point, hook) in bundle.hooks { own.hooks[point]?.removeAll { $0 === hook } }
                    own.hooks = own.hooks.filter { !$0.value.isEmpty }
                    own.observers.removeAll { observer in bundle.observers.contains { $0 === observer } }
                    own.attachments.removeAll { attachment in bundle.attachments.contains { $0 === attachment } }
                }
        }
    }

    func pin(_ ids: [HookID], in layer: Int) throws(HookRegistrationError) {
        try change(layer) { $0.pins = ids.isEmpty ? nil : ids }
    }

    /// What is registered now, as it stays whatever is registered later.
    var current: RegistryState { state.withLock { $0 } }

    func published<Arguments, Output>(
        for key: PointKey,
        _ point: PointDescriptor<Arguments>,
        in layer: Int
    ) -> PublishedHooks<Arguments, Output> {
        state.withLock { state in
            if let published = state.layers[layer]?.published[key] as? PublishedHooks<Arguments, Output> {
                return published
            }
            let published = PublishedHooks<Arguments, Output>(point, settings: settings)
            state.update(layer) { $0.published[key] = published }
            // What is registered was checked when it was; it resolves.
            if let hooks = try? state.resolve(key, in: layer).hooks {
                published.publish(hooks, observers: state.observers(of: layer))
            }
            return published
        }
    }

    /// Makes a change if everything it touches still resolves; throws and leaves everything as it was otherwise.
    private func change(
        _ layer: Int,
        _ edit: (inout RegistryLayer) -> Void
    ) throws(HookRegistrationError) {
        let result = state.withLock { state -> Result<RegistryState, HookRegistrationError> in
            let before = state
            var next = state
            next.update(layer, edit)
            do throws(HookRegistrationError) {
                let publications = try next.publications(from: layer)
                state = next
                for publish in publications { publish() }
                return .success(before)
            } catch {
                return .failure(error)
            }
        }
        // `before` is kept until here so that no hook is released while the lock is held.
        _ = try result.get()
    }
}
