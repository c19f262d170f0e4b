/// One key: its value, its last failure, and the newest version that was given out.
struct CacheSlot<Key: Hashable & Sendable, Value: Sendable> {
    let key: Key
    var entry: CacheEntry<Value>?
    var failure: CacheFailure?
    var floor: CacheFloor?

    /// Which of the moments to look at it counts; the earlier ones were overtaken.
    var sweep: UInt64 = 0

    /// Whether there is anything that readers get.
    var isKnown: Bool { entry != nil || failure != nil }
}

/// The keys of a cache in the order of their last use.
///
/// A list within an array: no use and no eviction looks at more than a few places, however many keys there are.
struct CacheSlots<Key: Hashable & Sendable, Value: Sendable> {
    private struct Node {
        var slot: CacheSlot<Key, Value>?
        var newer = Self.none
        var older = Self.none

        static var none: Int { -1 }
    }

    private var nodes: [Node] = []
    private var places: [Key: Int] = [:]
    private var free: [Int] = []
    private var newest = Node.none

    /// The place of the key that was used the longest time ago.
    private(set) var oldest = Node.none

    var count: Int { places.count }
    var keys: Dictionary<Key, Int>.Keys { places.keys }

    func place(of key: Key) -> Int? { places[key] }

    /// The slot at a place; nil if none is there any more.
    func slot(at place: Int) -> CacheSlot<Key, Value>? { nodes[place].slot }

    /// The slot at a place that is known to have one.
    subscript(place: Int) -> CacheSlot<Key, Value> {
        get {
            guard let slot = nodes[place].slot else { preconditionFailure("no slot at \(place)") }
            return slot
        }
        _modify {
            // Force-unwrapped, as only that changes the slot where it is.
            yield &nodes[place].slot!
        }
    }

    /// The place of a key, which gets one if it has none.
    mutating func insert(_ key: Key) -> Int {
        if let place = places[key] { return place }
        let place = free.popLast() ?? nodes.count
        if place == nodes.count { nodes.append(Node()) }
        nodes[place].slot = CacheSlot(key: key)
        places[key] = place
        link(place)
        return place
    }

    mutating func remove(at place: Int) {
        guard let slot = nodes[place].slot else { return }
        unlink(place)
        places[slot.key] = nil
        nodes[place].slot = nil
        free.append(place)
    }

    /// Notes that a key was used last of all.
    mutating func use(_ place: Int) {
        guard place != newest else { return }
        unlink(place)
        link(place)
    }

    private mutating func link(_ place: Int) {
        (nodes[place].newer, nodes[place].older) = (Node.none, newest)
        if newest == Node.none { oldest = place } else { nodes[newest].newer = place }
        newest = place
    }

    private mutating func unlink(_ place: Int) {
        let (newer, older) = (nodes[place].newer, nodes[place].older)
        if newer == Node.none { newest = older } else { nodes[newer].older = older }
        if older == Node.none { oldest = newer } else { nodes[older].newer = newer }
    }
}
