import Synchronization

/// Which reads wait for which, in the whole process, so that none waits for itself.
///
/// A source may ask a resolver for a key while it reads one. If the answer needs the read that asks, directly or by way
/// of reads of other sources, none of them would ever end; and once their deadlines had passed, weaker sources might
/// answer in the place of all.
enum ReadWaits {
    /// The read that the current task is part of; nil outside of all.
    ///
    /// A task that is begun in a read and outlives it keeps the read, which nobody waits for by then.
    @TaskLocal static var current: ReadUnderWay?

    fileprivate struct Waits {
        var last: UInt64 = 0
        var all: [UInt64: (reader: UInt64, read: UInt64)] = [:]
    }

    private static let reads = Atomic<UInt64>(0)
    private static let waits = Mutex(Waits())

    /// A number for a read that begins, unlike all others of the process.
    static func newRead() -> UInt64 { reads.add(1, ordering: .relaxed).newValue }

    /// Notes that the current task waits for a read, until that is taken back by ``end(_:)``.
    ///
    /// - Parameter read: The read.
    /// - Returns: What to take back; nil outside of all reads, which nothing has to be noted of.
    /// - Throws: A ``KeyResolutionError`` with the code `pluginFailed` if the read waits for the current one.
    static func begin(_ read: UInt64) throws(KeyResolutionError) -> UInt64? {
        guard let reader = current?.number else { return nil }
        let number = waits.withLock { waits -> UInt64? in
            guard !waits.lead(from: read, to: reader) else { return nil }
            waits.last += 1
            waits.all[waits.last] = (reader, read)
            return waits.last
        }
        if let number { return number }
        throw recursion
    }

    static let recursion = KeyResolutionError(
        .pluginFailed,
        "a source asks for what it is just reading",
        remedy: "let it take its own credentials from elsewhere: what it answers for it must not ask a resolver for"
    )

    static func end(_ wait: UInt64?) {
        guard let wait else { return }
        waits.withLock { _ = $0.all.removeValue(forKey: wait) }
    }
}

extension ReadWaits.Waits {
    /// Whether a read waits for another one, or is it.
    fileprivate func lead(from read: UInt64, to other: UInt64) -> Bool {
        var known: Set<UInt64> = [read]
        var left = [read]
        while let next = left.popLast() {
            if next == other { return true }
            for wait in all.values where wait.reader == next && known.insert(wait.read).inserted {
                left.append(wait.read)
            }
        }
        return false
    }
}
