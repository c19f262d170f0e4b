public import Synchronization

/// Numbers that tell whether copies of values are still good: one for each place in the cache, up to a bound.
///
/// A change of a value raises the number of its place, so it ends the copies of that value and, beyond the bound, of a
/// few others. Reading them takes no lock and writes nothing, so threads do not disturb one another.
///
/// Sendable, since the memory holds atomics only and lives exactly as long as the cache that owns it.
@usableFromInline
struct CacheStamps: @unchecked Sendable {
    @usableFromInline let stamps: UnsafeMutablePointer<Atomic<UInt64>>
    @usableFromInline let mask: Int

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
    @inlinable
    func stamp(of place: Int) -> UInt64 { stamps[place & mask].load(ordering: .acquiring) }

    /// Ends all copies of the value at a place.
    func end(_ place: Int) { stamps[place & mask].wrappingAdd(1, ordering: .releasing) }
}
