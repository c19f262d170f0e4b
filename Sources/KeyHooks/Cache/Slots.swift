import Synchronization

/// One key: its value, its last failure, and the newest version that was given out.
struct CacheSlot<Key: Hashable & Sendable, Content: Sendable> {
    let key: Key
    var entry: CacheEntry<Content>?
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
struct CacheSlots<Key: Hashable & Sendable, Content: Sendable> {
    private struct Node {
        var slot: CacheSlot<Key, Content>?
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
    subscript(place: Int) -> CacheSlot<Key, Content>? {
        get { nodes[place].slot }
        _modify { yield &nodes[place].slot }
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

/// Numbers that tell whether copies of values are still good: one for each place in the cache, up to a bound.
///
/// A change of a value raises the number of its place, so it ends the copies of that value and, beyond the bound, of a
/// few others. Reading them takes no lock and writes nothing, so threads do not disturb one another.
///
/// Sendable, since the memory holds atomics only and lives exactly as long as the cache that owns it.
struct CacheStamps: @unchecked Sendable {
    private let stamps: UnsafeMutablePointer<Atomic<UInt64>>
    private let mask: Int

    /// Makes as many as keys are kept, rounded up, and at most 64 KiB of them.
    init(capacity: Int) {
        var count = 1
        while count < min(capacity, 8192) { count *= 2 }
        stamps = .allocate(capacity: count)
        for index in 0..<count { (stamps + index).initialize(to: Atomic(0)) }
        mask = count - 1
    }

    func deallocate() {
        stamps.deinitialize(count: mask + 1)
        stamps.deallocate()
    }

    /// The stamp of a place; acquiring, so that who sees the old one asks before the new value is there.
    func stamp(of place: Int) -> UInt64 { stamps[place & mask].load(ordering: .acquiring) }

    /// Ends all copies of the value at a place.
    func end(_ place: Int) { stamps[place & mask].wrappingAdd(1, ordering: .releasing) }
}

/// The moments at which slots are to be looked at because something of them ends; the earliest first.
///
/// A heap: each costs the logarithm of their number. One that was overtaken is dropped when its moment comes, or when
/// most of them are.
struct CacheSweeps {
    struct Item {
        let moment: Duration
        let place: Int
        let number: UInt64
    }

    private var items: [Item] = []

    var count: Int { items.count }

    mutating func add(_ item: Item) {
        items.append(item)
        rise(items.count - 1)
    }

    /// Takes the earliest one out if its moment has come.
    mutating func next(at now: Duration) -> Item? {
        guard let first = items.first, first.moment <= now else { return nil }
        items.swapAt(0, items.count - 1)
        items.removeLast()
        sink(0)
        return first
    }

    /// Drops those that count no more.
    mutating func keep(where counts: (Item) -> Bool) {
        items.removeAll { !counts($0) }
        for index in stride(from: items.count / 2 - 1, through: 0, by: -1) { sink(index) }
    }

    private mutating func rise(_ start: Int) {
        var index = start
        while index > 0, items[index].moment < items[(index - 1) / 2].moment {
            items.swapAt(index, (index - 1) / 2)
            index = (index - 1) / 2
        }
    }

    private mutating func sink(_ start: Int) {
        var index = start
        while true {
            var least = index
            for child in (2 * index + 1)..<max(2 * index + 1, min(2 * index + 3, items.count))
            where items[child].moment < items[least].moment { least = child }
            if least == index { return }
            items.swapAt(index, least)
            index = least
        }
    }
}

/// Notices that more keys are in use than there is room for, and says so now and then.
package struct CacheCrowding {
    /// How long after one warning the next may come.
    static let pause = Duration.seconds(300)

    /// How many caches of the process ever had something to tell; resolvers that see it grow ask theirs.
    ///
    /// A look-up that is answered from memory must not cost a question to each cache: it reads this number.
    static let notices = Atomic(0)

    /// Makes resolvers ask their plugins' caches for warnings.
    package static func announce() { notices.add(1, ordering: .relaxed) }

    /// How many values that were still good were dropped since the last warning.
    private var evictions = 0
    private var quietUntil: Duration?
    private var isNoticed = false

    /// Notes that a value had to go that was still good.
    mutating func note(at now: Duration) {
        evictions += 1
        guard !isNoticed, quietUntil.map({ now >= $0 }) ?? true else { return }
        isNoticed = true
        Self.announce()
    }

    /// The number of such values if it is to be reported now.
    mutating func takeEvictions(at now: Duration) -> Int? {
        guard evictions > 0, quietUntil.map({ now >= $0 }) ?? true else { return nil }
        quietUntil = now + Self.pause
        isNoticed = false
        defer { evictions = 0 }
        return evictions
    }
}

/// A dictionary that holds a bounded number of values and drops those that were not used lately.
///
/// Values move through two generations: when the younger is full it becomes the elder, and what the elder had goes. So
/// up to `capacity` keys in turn are always found, and what is beyond it does not take the others with it.
struct RecentMap<Key: Hashable, Value> {
    private var young: [Key: Value] = [:]
    private var old: [Key: Value] = [:]
    private let capacity: Int

    /// Makes a map; it holds at most twice the capacity.
    init(capacity: Int) {
        self.capacity = max(1, capacity)
    }

    /// The value of a key, which counts as used.
    mutating func value(for key: Key) -> Value? {
        if let value = young[key] { return value }
        guard !old.isEmpty, let value = old.removeValue(forKey: key) else { return nil }
        set(value, for: key)
        return value
    }

    /// Keeps a value.
    mutating func set(_ value: Value, for key: Key) {
        if young.count >= capacity, young[key] == nil {
            old = young
            young = [:]
        }
        young[key] = value
    }

    /// Forgets everything.
    mutating func removeAll() {
        (young, old) = ([:], [:])
    }
}
