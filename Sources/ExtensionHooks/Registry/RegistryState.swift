/// All registries of a family: a registry and what is derived from it, directly or not.
///
/// A value, so that a change is made on a copy, checked as a whole, and kept or thrown away.
struct RegistryState: Sendable {
    private(set) var nodes: [Int: RegistryNode] = [:]
    private var nextNode = 0

    mutating func add(_ node: RegistryNode) -> Int {
        defer { nextNode += 1 }
        nodes[nextNode] = node
        return nextNode
    }

    mutating func remove(_ node: Int) {
        nodes[node] = nil
    }

    mutating func update(_ node: Int, _ change: (inout RegistryNode) -> Void) {
        guard var changed = nodes[node] else { return }
        change(&changed)
        nodes[node] = changed
    }

    /// The hooks of a point in a registry, the inherited ones first, each with whether it is disabled there.
    private func candidates(of point: PointKey, in node: Int) -> [(hook: any AnyHook, isDisabled: Bool)] {
        guard let own = nodes[node] else { return [] }
        let inherited = own.parent.map { candidates(of: point, in: $0) } ?? []
        return inherited.map { ($0.hook, $0.isDisabled || own.isDisabled($0.hook)) }
            + own.hooks[point, default: []].map { ($0, false) }
    }

    private func pins(of node: Int) -> [HookID] {
        guard let own = nodes[node] else { return [] }
        return own.pins ?? own.parent.map(pins(of:)) ?? []
    }

    func observers(of node: Int) -> [CallObserver] {
        guard let own = nodes[node] else { return [] }
        return (own.parent.map(observers(of:)) ?? []) + own.observers
    }

    /// The points that have a hook or a call site in a registry.
    private func points(of node: Int) -> Set<PointKey> {
        guard let own = nodes[node] else { return [] }
        return Set(own.hooks.keys).union(own.slots.keys).union(own.parent.map(points(of:)) ?? [])
    }

    /// The hooks of a point that run, in order, and how many of them are pinned.
    func resolve(
        _ point: PointKey,
        in node: Int
    ) throws(HookRegistrationError) -> (hooks: [any AnyHook], pinnedCount: Int) {
        let hooks = candidates(of: point, in: node).filter { !$0.isDisabled }.map(\.hook)
        let rules = hooks.map(\.rule)
        var seen: Set<HookID> = []
        for rule in rules {
            guard rule.id.isWellFormed else {
                throw HookRegistrationError(code: .invalidID, point: point.name, hooks: [rule.id])
            }
            guard seen.insert(rule.id).inserted else {
                throw HookRegistrationError(code: .duplicateID, point: point.name, hooks: [rule.id])
            }
        }
        let order = try HookOrder(of: rules, pins: pins(of: node), point: point.name)
        return (order.indices.map { hooks[$0] }, order.pinnedCount)
    }

    /// Resolves every point of a registry and of all that is derived from it.
    func publications(from node: Int) throws(HookRegistrationError) -> [Publication] {
        var publications: [Publication] = []
        let derived = nodes.filter { $0.value.parent == node }.keys.sorted()
        // By name, so that of several conflicts the same one is told each time.
        for point in points(of: node).sorted(by: { $0.name < $1.name }) {
            let resolved = try resolve(point, in: node)
            guard let slot = nodes[node]?.slots[point] else { continue }
            publications.append(Publication(slot: slot, hooks: resolved.hooks, observers: observers(of: node)))
        }
        for child in derived { publications += try self.publications(from: child) }
        return publications
    }

    func placements(of point: PointKey, in node: Int) -> [HookPlacement] {
        guard let resolved = try? resolve(point, in: node) else { return [] }
        let disabled = candidates(of: point, in: node).filter(\.isDisabled).map(\.hook)
        let ids = resolved.hooks.map(\.rule.id)
        let running = resolved.hooks.enumerated()
            .map { position, hook in
                HookPlacement(hook, among: ids, isPinned: position < resolved.pinnedCount, isDisabled: false)
            }
        return running + disabled.map { HookPlacement($0, among: ids, isPinned: false, isDisabled: true) }
    }

    /// What a call site is to read from now on.
    struct Publication {
        let slot: any AnyHookSlot
        let hooks: [any AnyHook]
        let observers: [CallObserver]

        func publish() {
            slot.publish(hooks, observers: observers)
        }
    }
}

extension HookPlacement {
    init(_ hook: any AnyHook, among ids: [HookID], isPinned: Bool, isDisabled: Bool) {
        let rule = hook.rule
        self.init(
            id: rule.id,
            phases: hook.phases,
            priority: rule.priority,
            before: rule.before,
            after: rule.after,
            unmatched: (rule.before + rule.after).filter { wanted in !ids.contains { wanted.matches($0) } },
            isPinned: isPinned,
            isDisabled: isDisabled
        )
    }
}
