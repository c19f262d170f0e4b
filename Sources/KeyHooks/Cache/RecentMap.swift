/// A dictionary that holds a bounded number of values and drops those that were not used lately.
///
/// Values move through two generations: when the younger is full it becomes the elder, and what the elder had goes. So
/// up to `capacity` keys in turn are always found, and what is beyond it does not take the others with it.
@usableFromInline
package struct RecentMap<Key: Hashable, Value> {
    @usableFromInline var young: [Key: Value] = [:]
    @usableFromInline var old: [Key: Value] = [:]
    @usableFromInline let capacity: Int

    /// Makes a map; it holds at most twice the capacity.
    package init(capacity: Int) {
        self.capacity = max(1, capacity)
    }

    /// The value of a key, which counts as used.
    @inlinable
    package mutating func value(for key: Key) -> Value? {
        if let value = young[key] { return value }
        guard !old.isEmpty, let value = old.removeValue(forKey: key) else { return nil }
        set(value, for: key)
        return value
    }

    /// Keeps a value.
    @inlinable
    package mutating func set(_ value: Value, for key: Key) {
        if young.count >= capacity, young[key] == nil {
            old = young
            young = [:]
        }
        young[key] = value
    }

    /// Forgets everything.
    package mutating func removeAll() {
        (young, old) = ([:], [:])
    }
}
