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
        var waiting = predecessors
        var successors: [Int: [Int]] = [:]
        for (node, earlier) in predecessors {
            for predecessor in earlier { successors[predecessor, default: []].append(node) }
        }
        var ready = nodes.filter { waiting[$0, default: []].isEmpty }
        var order: [Int] = []
        while let next = ready.min(by: { HookOrder.precedes(constraints[$0], constraints[$1]) }) {
            ready.removeAll { $0 == next }
            order.append(next)
            for successor in successors[next, default: []] {
                waiting[successor]?.remove(next)
                if waiting[successor, default: []].isEmpty { ready.append(successor) }
            }
        }
        guard order.count == nodes.count else {
            let hooks = cycle(among: Set(nodes).subtracting(order))
            throw HookRegistrationError(code: .cycle, point: point, hooks: hooks)
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
