import Synchronization

/// The shared state of a registry and of all that is derived from it.
final class RegistryFamily: Sendable {
    let settings: CallSettings
    private let state = Mutex(RegistryState())

    init(settings: CallSettings) {
        self.settings = settings
    }

    func addNode(_ node: RegistryNode) -> Int {
        state.withLock { $0.add(node) }
    }

    func removeNode(_ node: Int) {
        // What the node held is released after the lock is: a hook's closure may own a derived registry.
        _ = state.withLock { state in
            let before = state
            state.remove(node)
            return before
        }
    }

    func add(_ bundle: HookBundle, to node: Int) throws(HookRegistrationError) -> HookRegistration {
        try change(node) { own in
            for (point, hook) in bundle.hooks { own.hooks[point, default: []].append(hook) }
            own.observers += bundle.observers
        }
        return registration(of: bundle, in: node)
    }

    /// Adds observers only, which cannot conflict with anything.
    func addObservers(of bundle: HookBundle, to node: Int) -> HookRegistration {
        try? change(node) { $0.observers += bundle.observers }
        return registration(of: bundle, in: node)
    }

    private func registration(of bundle: HookBundle, in node: Int) -> HookRegistration {
        HookRegistration { [weak self] in
            // Taking hooks away can neither repeat an id nor close a cycle.
            try? self?
                .change(node) { own in
                    for (point, hook) in bundle.hooks { own.hooks[point]?.removeAll { $0 === hook } }
                    own.hooks = own.hooks.filter { !$0.value.isEmpty }
                    own.observers.removeAll { observer in bundle.observers.contains { $0 === observer } }
                }
        }
    }

    func pin(_ ids: [HookID], in node: Int) throws(HookRegistrationError) {
        try change(node) { $0.pins = ids.isEmpty ? nil : ids }
    }

    func order(of point: PointKey, in node: Int) -> [HookPlacement] {
        state.withLock { $0 }.placements(of: point, in: node)
    }

    func slot<Entry>(for key: PointKey, in node: Int, as type: HookSlot<Entry>.Type) -> HookSlot<Entry> {
        state.withLock { state in
            if let slot = state.nodes[node]?.slots[key] as? HookSlot<Entry> { return slot }
            let slot = HookSlot<Entry>(settings: settings)
            state.update(node) { $0.slots[key] = slot }
            // What is registered was checked when it was; it resolves.
            if let hooks = try? state.resolve(key, in: node).hooks {
                slot.publish(hooks, observers: state.observers(of: node))
            }
            return slot
        }
    }

    /// Makes a change if everything it touches still resolves; throws and leaves everything as it was otherwise.
    private func change(
        _ node: Int,
        _ edit: (inout RegistryNode) -> Void
    ) throws(HookRegistrationError) {
        let result = state.withLock { state -> Result<RegistryState, HookRegistrationError> in
            let before = state
            var next = state
            next.update(node, edit)
            do throws(HookRegistrationError) {
                let publications = try next.publications(from: node)
                state = next
                for publication in publications { publication.publish() }
                return .success(before)
            } catch {
                return .failure(error)
            }
        }
        // `before` is kept until here so that no hook is released while the lock is held.
        _ = try result.get()
    }
}
