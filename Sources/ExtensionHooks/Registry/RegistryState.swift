/// What one registry of a core holds itself.
struct RegistryLayer: Sendable {
    var parent: Int?

    /// Hooks of the parent that do not run here.
    var disabled: [HookID] = []

    /// The plugins of the parent that may answer here: others' hooks with a start half do not run; nil for no limit.
    var asked: [PluginID]?

    /// The pinned order; nil to take the parent's.
    var pins: [HookID]?

    var hooks: [PointKey: [any AnyHook]] = [:]
    var observers: [CallObserver] = []
    var attachments: [HookAttachment] = []

    /// Where call sites made with this registry read.
    var published: [PointKey: any AnyPublishedHooks] = [:]
}

extension RegistryLayer {
    /// Whether what a bundle attached to the parent for a hook or a plugin is not shown here.
    func hides(_ attachment: HookAttachment) -> Bool {
        disabled.contains { $0.matches(attachment.id) }
            || asked.map { asked in !asked.contains(attachment.id.plugin) } ?? false
    }

    /// Whether a hook of the parent does not run here.
    func isDisabled(_ hook: any AnyHook) -> Bool {
        if disabled.contains(where: { $0.matches(hook.constraints.id) }) { return true }
        guard let asked, hook.phases.contains(.start) else { return false }
        return !asked.contains(hook.constraints.id.plugin)
    }
}

extension RegistryLayer {
    /// The same hooks, those of plugins that are to answer here without their filters.
    ///
    /// Who names a plugin must not find that its author thought of other calls. Of several start hooks with filters the
    /// filters say which is meant, also if one of them is disabled.
    func lifting(_ hooks: [(hook: any AnyHook, isDisabled: Bool)]) -> [(hook: any AnyHook, isDisabled: Bool)] {
        guard let asked else { return hooks }
        func isChoosing(_ hook: any AnyHook) -> Bool { hook.isFiltered && hook.phases.contains(.start) }
        var choosing: [PluginID: Int] = [:]
        for (hook, _) in hooks where isChoosing(hook) { choosing[hook.constraints.id.plugin, default: 0] += 1 }
        return hooks.map { hook, isDisabled in
            let plugin = hook.constraints.id.plugin
            let isAlone = isChoosing(hook) && choosing[plugin] == 1 && asked.contains(plugin)
            return (isAlone ? hook.unfiltered() : hook, isDisabled)
        }
    }
}

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
        return own.lifting(inherited.map { ($0.hook, $0.isDisabled || own.isDisabled($0.hook)) })
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

    /// Resolves every point of a registry and of all that is derived from it; each closure makes what call sites are to
    /// read from now on known to those of one point.
    func publications(from layer: Int) throws(HookRegistrationError) -> [() -> Void] {
        var publications: [() -> Void] = []
        let derived = layers.filter { $0.value.parent == layer }.keys.sorted()
        let observers = observers(of: layer)
        // By name, so that of several conflicts the same one is reported each time.
        for point in points(of: layer).sorted(by: { $0.name < $1.name }) {
            let hooks = try resolve(point, in: layer).hooks
            guard let published = layers[layer]?.published[point] else { continue }
            publications.append { published.publish(hooks, observers: observers) }
        }
        for child in derived { publications += try self.publications(from: child) }
        return publications
    }

    func placements<Arguments>(of point: PointKey, for arguments: Arguments?, in layer: Int) -> [HookPlacement] {
        guard let resolved = try? resolve(point, in: layer) else { return [] }
        let disabled = candidates(of: point, in: layer).filter(\.isDisabled).map(\.hook)
        let ids = resolved.hooks.map(\.constraints.id)
        func placement(_ hook: any AnyHook, isPinned: Bool, isDisabled: Bool) -> HookPlacement {
            let rule = hook.constraints
            return HookPlacement(
                id: rule.id,
                phases: hook.phases,
                priority: rule.priority,
                before: rule.before,
                after: rule.after,
                unmatched: (rule.before + rule.after).filter { wanted in !ids.contains { wanted.matches($0) } },
                isPinned: isPinned,
                isDisabled: isDisabled,
                exclusion: arguments.flatMap { hook.exclusion(for: $0) }
            )
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
}
