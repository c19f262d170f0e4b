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
