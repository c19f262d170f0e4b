import Synchronization

/// A read, as seen by what is asked in it.
final class ReadUnderWay: Sendable {
    let number: UInt64
    private let cache: ObjectIdentifier
    /// What is read: a key, or a set of keys that are read together.
    private let content: any Sendable

    /// The read in which this one was begun and waited for.
    private let outer: ReadUnderWay?
    private let depth: Int
    private let hasEnded = Atomic(false)

    private static var depthLimit: Int { 64 }

    /// Describes a read of a key, or of a set of keys.
    init(_ number: UInt64, of content: some Sendable, in cache: AnyObject, within outer: ReadUnderWay?) {
        self.number = number
        self.content = content
        self.cache = ObjectIdentifier(cache)
        self.outer = outer
        depth = (outer?.depth ?? 0) + 1
    }

    /// Says that the source has done with it, which is later than when its readers gave up.
    func end() { hasEnded.store(true, ordering: .relaxed) }

    /// Refuses to read what the read is part of: also anew, after the cache was emptied, as that would never end.
    func check<Key: Hashable>(_ key: Key, in cache: AnyObject) throws(KeyResolutionError) {
        var next = depth < Self.depthLimit ? self : nil
        guard next != nil else { throw ReadWaits.recursion }
        while let read = next {
            let isSame = read.cache == ObjectIdentifier(cache) && read.has(key)
            if isSame, !read.hasEnded.load(ordering: .relaxed) { throw ReadWaits.recursion }
            next = read.outer
        }
    }

    private func has<Key: Hashable>(_ key: Key) -> Bool {
        content as? Key == key || (content as? Set<Key>)?.contains(key) == true
    }
}
