/// What a hook asks for about its place among the others.
struct HookConstraints: Sendable {
    let id: HookID
    let priority: Int
    let before: [HookID]
    let after: [HookID]
}

/// Resolves the order of all hooks of a point at once.
///
/// Pinned hooks come first, in the order of the pin. The rest follows by a stable topological sort of `before` and
/// `after`; among the hooks that may come next the lowest priority does, then the lowest id. The order of registration
/// never matters.
struct HookOrder {
    /// The hooks' indices in running order.
    let indices: [Int]

    /// How many of `indices`, from the front, are pinned.
    let pinnedCount: Int

    /// Orders hooks.
    ///
    /// - Parameters:
    ///   - constraints: What each hook asks for.
    ///   - pins: Hook or plugin ids in the order the user wants; they override `before`, `after` and priority.
    ///   - point: The name of the point, for the error.
    /// - Throws: A ``HookRegistrationError`` that prints the cycle if the constraints contradict each other.
    init(of constraints: [HookConstraints], pins: [HookID], point: String) throws(HookRegistrationError) {
        var pinned: [Int] = []
        for pin in pins {
            let matching = constraints.indices.filter { pin.matches(constraints[$0].id) && !pinned.contains($0) }
            pinned += matching.sorted { Self.precedes(constraints[$0], constraints[$1]) }
        }
        let free = constraints.indices.filter { !pinned.contains($0) }
        let graph = ConstraintGraph(constraints: constraints, nodes: free)
        indices = pinned + (try graph.sorted(point: point))
        pinnedCount = pinned.count
    }

    static func precedes(_ left: HookConstraints, _ right: HookConstraints) -> Bool {
        left.priority != right.priority ? left.priority < right.priority : left.id < right.id
    }
}

/// The `before` and `after` of a set of hooks as a graph.
struct ConstraintGraph {
    private let constraints: [HookConstraints]
    private let nodes: [Int]

    /// For each node the nodes that must run earlier.
    private var predecessors: [Int: Set<Int>] = [:]

    init(constraints: [HookConstraints], nodes: [Int]) {
        self.constraints = constraints
        self.nodes = nodes
        for node in nodes {
            for later in constraints[node].before.flatMap({ targets(of: $0, from: node) }) {
                predecessors[later, default: []].insert(node)
            }
            for earlier in constraints[node].after.flatMap({ targets(of: $0, from: node) }) {
                predecessors[node, default: []].insert(earlier)
            }
        }
    }

    /// The nodes a constraint means.
    ///
    /// A plugin's name never means the hook that says it; its own full id does, and is a cycle.
    private func targets(of id: HookID, from node: Int) -> [Int] {
        nodes.filter { id == constraints[$0].id || ($0 != node && id.matches(constraints[$0].id)) }
    }

    func sorted(point: String) throws(HookRegistrationError) -> [Int] {
        var left = nodes.sorted { HookOrder.precedes(constraints[$0], constraints[$1]) }
        var placed: Set<Int> = []
        var order: [Int] = []
        while let next = left.firstIndex(where: { predecessors[$0, default: []].isSubset(of: placed) }) {
            placed.insert(left[next])
            order.append(left.remove(at: next))
        }
        guard left.isEmpty else {
            throw HookRegistrationError(code: .cycle, point: point, hooks: cycle(among: Set(left)))
        }
        return order
    }

    /// One cycle among nodes that all wait for each other, in running order and from its lowest id on.
    private func cycle(among stuck: Set<Int>) -> [HookID] {
        func lowest(_ candidates: Set<Int>) -> Int? { candidates.min { constraints[$0].id < constraints[$1].id } }
        var path: [Int] = []
        var node = lowest(stuck)
        while let current = node, !path.contains(current) {
            path.append(current)
            node = lowest(predecessors[current, default: []].intersection(stuck))
        }
        guard let node, let entry = path.firstIndex(of: node) else { return [] }
        var loop = path[entry...].reversed().map { constraints[$0].id }
        if let least = loop.min(), let start = loop.firstIndex(of: least) {
            loop = Array(loop[start...] + loop[..<start])
        }
        return loop + loop.prefix(1)
    }
}

/// Where a hook stands among the hooks of a point, and why.
public struct HookPlacement: Hashable, Sendable {
    /// The hook.
    public let id: HookID

    /// The phases in which it runs.
    public let phases: [HookPhase]

    /// The priority it was registered with; lower runs first.
    public let priority: Int

    /// The hooks or plugins it asked to run before.
    public let before: [HookID]

    /// The hooks or plugins it asked to run after.
    public let after: [HookID]

    /// The ids in `before` and `after` that mean no hook that runs and therefore had no effect.
    public let unmatched: [HookID]

    /// Whether a pinned order gave it its place.
    public let isPinned: Bool

    /// Whether it is switched off in this registry; a disabled hook stands in the list but never runs.
    public let isDisabled: Bool

    /// Why its filter keeps it from running for the arguments that were asked about, as in "for other services"; nil if
    /// it does not, or if nothing was asked.
    public let exclusion: String?

    /// One line that says why it stands where it does.
    public var reason: String {
        if isDisabled { return "disabled" }
        if let exclusion { return exclusion }
        if isPinned { return "pinned by the configured order" }
        var parts = ["priority \(priority)"]
        parts += before.filter { !unmatched.contains($0) }.map { "before '\($0)'" }
        parts += after.filter { !unmatched.contains($0) }.map { "after '\($0)'" }
        parts += unmatched.map { "no '\($0)' runs here" }
        return parts.joined(separator: ", ")
    }
}
