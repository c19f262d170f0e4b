import Synchronization

/// Notices that more keys are in use than there is room for, and says so now and then.
package struct CacheCrowding {
    /// How long after one warning there is no other.
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
