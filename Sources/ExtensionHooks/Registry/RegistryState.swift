/// A registry and all that is derived from it, directly or not.
///
/// A value, so that a change is made on a copy, checked as a whole, and kept or thrown away.
struct RegistryState: Sendable {
    private(set) var layers: [Int: RegistryLayer] = [:]
    private var nextLayer = 0

    mutating func add(_ layer: RegistryLayer) -> Int {
        defer { nextLayer += 1 }
        layers[nextLayer] = layer
        return nextLayer
    }

    mutating func remove(_ layer: Int) {
        layers[layer] = nil
    }

    mutating func update(_ layer: Int, _ change: (inout RegistryLayer) -> Void) {
        guard var changed = layers[layer] else { return }
        change(&changed)
        layers[layer] = changed
    }

    /// The hooks of a point in a registry, the inherited ones first, each with whether it is disabled there.
    private func candidates(of point: PointKey, in layer: Int) -> [(hook: any AnyHook, isDisabled: Bool)] {
        guard let own = layers[layer] else { return [] }
        let inherited = own.parent.map { candidates(of: point, in: $0) } ?? []
        return inherited.map { ($0.hook, $0.isDisabled || own.isDisabled($0.hook)) }
            + own.hooks[point, default: []].map { ($0, false) }
    }

    private func pins(of layer: Int) -> [HookID] {
        guard let own = layers[layer] else { return [] }
        return own.pins ?? own.parent.map(pins(of:)) ?? []
    }

    func observers(of layer: Int) -> [CallObserver] {
        guard let own = layers[layer] else { return [] }
        return (own.parent.map(observers(of:)) ?? []) + own.observers
    }

    /// The points that have a hook or a call site in a registry.
    private func points(of layer: Int) -> Set<PointKey> {
        guard let own = layers[layer] else { return [] }
        return Set(own.hooks.keys).union(own.published.keys).union(own.parent.map(points(of:)) ?? [])
    }

    /// The hooks of a point that run, in order, and how many of them are pinned.
    func resolve(
        _ point: PointKey,
        in layer: Int
    ) throws(HookRegistrationError) -> (hooks: [any AnyHook], pinnedCount: Int) {
        let hooks = candidates(of: point, in: layer).filter { !$0.isDisabled }.map(\.hook)
        let constraints = hooks.map(\.constraints)
        var seen: Set<HookID> = []
        for rule in constraints {
            guard rule.id.isWellFormed else {
                throw HookRegistrationError(code: .invalidID, point: point.name, hooks: [rule.id])
            }
            guard seen.insert(rule.id).inserted else {
                throw HookRegistrationError(code: .duplicateID, point: point.name, hooks: [rule.id])
            }
        }
        let order = try HookOrder(of: constraints, pins: pins(of: layer), point: point.name)
        return (order.indices.map { hooks[$0] }, order.pinnedCount)
    }

    /// Resolves every point of a registry and of all that is derived from it.
    func publications(from layer: Int) throws(HookRegistrationError) -> [Publication] {
        var publications: [Publication] = []
        let derived = layers.filter { $0.value.parent == layer }.keys.sorted()
        // By name, so that of several conflicts the same one is told each time.
        for point in points(of: layer).sorted(by: { $0.name < $1.name }) {
            let resolved = try resolve(point, in: layer)
            guard let published = layers[layer]?.published[point] else { continue }
            let observers = observers(of: layer)
            publications.append(Publication(published: published, hooks: resolved.hooks, observers: observers))
        }
        for child in derived { publications += try self.publications(from: child) }
        return publications
    }

    func placements<Arguments>(of point: PointKey, for arguments: Arguments?, in layer: Int) -> [HookPlacement] {
        guard let resolved = try? resolve(point, in: layer) else { return [] }
        let disabled = candidates(of: point, in: layer).filter(\.isDisabled).map(\.hook)
        let ids = resolved.hooks.map(\.constraints.id)
        func placement(_ hook: any AnyHook, isPinned: Bool, isDisabled: Bool) -> HookPlacement {
            let exclusion = arguments.flatMap { hook.exclusion(for: $0) }
            return HookPlacement(hook, among: ids, isPinned: isPinned, isDisabled: isDisabled, exclusion: exclusion)
        }
        let running = resolved.hooks.enumerated()
            .map { placement($1, isPinned: $0 < resolved.pinnedCount, isDisabled: false) }
        return running + disabled.map { placement($0, isPinned: false, isDisabled: true) }
    }

    /// What bundles attached, as far as a registry shows it, sorted by id.
    func attachments(of layer: Int) -> [HookAttachment] {
        visibleAttachments(of: layer).enumerated()
            .sorted { ($0.element.id, $0.offset) < ($1.element.id, $1.offset) }
            .map(\.element)
    }

    private func visibleAttachments(of layer: Int) -> [HookAttachment] {
        guard let own = layers[layer] else { return [] }
        let inherited = own.parent.map(visibleAttachments(of:)) ?? []
        return inherited.filter { !own.hides($0) } + own.attachments
    }

    /// What a call site is to read from now on.
    struct Publication {
        let published: any AnyPublishedHooks
        let hooks: [any AnyHook]
        let observers: [CallObserver]

        func publish() {
            published.publish(hooks, observers: observers)
        }
    }
}

extension HookPlacement {
    init(_ hook: any AnyHook, among ids: [HookID], isPinned: Bool, isDisabled: Bool, exclusion: String?) {
        let rule = hook.constraints
        self.init(
            id: rule.id,
            phases: hook.phases,
            priority: rule.priority,
            before: rule.before,
            after: rule.after,
            unmatched: (rule.before + rule.after).filter { wanted in !ids.contains { wanted.matches($0) } },
            isPinned: isPinned,
            isDisabled: isDisabled,
            exclusion: exclusion
        )
    }
}
