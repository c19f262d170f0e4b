public import Synchronization

/// Where a registry publishes what is registered for a point.
protocol AnyPublishedHooks: AnyObject, Sendable {
    func publish(_ hooks: [any AnyHook], observers: [CallObserver])
}

/// The published hooks of one point in one registry, read by every call site of the point.
///
/// Call sites look at `isUsed` alone while nothing is registered. Otherwise they take the snapshot, which never changes
/// once it is published: registering or cancelling during a call does not touch that call.
@usableFromInline
final class PublishedHooks<Arguments: Sendable, Output: Sendable>: Sendable {
    @usableFromInline let isUsed = Atomic<Bool>(false)
    @usableFromInline let snapshot = StripedSnapshot<HookSnapshot<Arguments, Output>>()
    let point: PointDescriptor<Arguments>
    let settings: CallSettings

    init(_ point: PointDescriptor<Arguments>, settings: CallSettings) {
        self.point = point
        self.settings = settings
    }

    /// What is registered; nil at the cost of one atomic load if nothing is.
    @inlinable var current: HookSnapshot<Arguments, Output>? { hasHooks ? snapshot.load() : nil }

    @inlinable var hasHooks: Bool { isUsed.load(ordering: .acquiring) }
}

extension PublishedHooks: AnyPublishedHooks {
    func publish(_ hooks: [any AnyHook], observers: [CallObserver]) {
        let isUsed = !hooks.isEmpty || !observers.isEmpty
        snapshot.store { [point, settings] in
            guard isUsed else { return nil }
            let entries = hooks.compactMap { $0.copy() as? Hook<Arguments, Output> }
            return HookSnapshot(point, entries, observers: observers, settings: settings)
        }
        self.isUsed.store(isUsed, ordering: .releasing)
    }
}

/// A value that many threads read and hardly anybody writes, kept once for each of a few groups of threads.
///
/// Taking a reference to a shared object writes to its reference count. If all threads do that to one object, two of
/// them are slower than one. Here threads mostly take references to different objects that say the same.
///
/// Each group's is made when it is first taken: most programs have few threads that ask.
///
/// `@unchecked Sendable` is sound: the buffer is filled in `init`, emptied in `deinit`, and in between each element is
/// a `Mutex`, which may be used from any thread.
@usableFromInline
package final class StripedSnapshot<Snapshot: AnyObject & Sendable>: @unchecked Sendable {
    @usableFromInline typealias Stripe = Mutex<Snapshot?>

    /// How many elements lie from one stripe to the next: 128 bytes or more, so that no two share a cache line.
    @inlinable static var spacing: Int { 16 }

    @usableFromInline let stripes: UnsafeMutablePointer<Stripe>
    private let maker = Mutex<(@Sendable () -> Snapshot?)?>(nil)

    /// Makes one that holds nothing yet.
    package init() {
        let count = ThreadStripe.count * Self.spacing
        stripes = .allocate(capacity: count)
        for index in 0..<count { (stripes + index).initialize(to: Mutex(nil)) }
    }

    deinit {
        stripes.deinitialize(count: ThreadStripe.count * Self.spacing)
        stripes.deallocate()
    }

    /// Replaces the value; `make` is called at most once for each stripe and must return objects that share nothing.
    package func store(_ make: @escaping @Sendable () -> Snapshot?) {
        maker.withLock { maker in
            maker = make
            for stripe in 0..<ThreadStripe.count { stripes[stripe * Self.spacing].withLock { $0 = nil } }
        }
    }

    /// Makes the value of a stripe, unless another thread was faster.
    @usableFromInline
    func fill(_ stripe: Int) -> Snapshot? {
        // Under the lock of `store`, so that nothing made for an older value is kept.
        maker.withLock { make in
            if let made = stripes[stripe * Self.spacing].withLock({ $0 }) { return made }
            let made = make?()
            stripes[stripe * Self.spacing].withLock { $0 = made }
            return made
        }
    }

    /// The value, from the stripe of the present thread.
    @inlinable
    package func load() -> Snapshot? {
        let stripe = ThreadStripe.current
        return stripes[stripe * Self.spacing].withLock { $0 } ?? fill(stripe)
    }
}

/// Divides threads into a few groups, for what is better not shared by all of them.
@usableFromInline
package enum ThreadStripe {
    /// The number of groups.
    @inlinable package static var count: Int { 8 }

    /// The group of the present thread, from 0; any number would be correct.
    ///
    /// It is worked out from the stack's place in memory, which differs between threads.
    @inlinable package static var current: Int {
        var anchor: UInt8 = 0
        let address = withUnsafeMutablePointer(to: &anchor) { UInt(bitPattern: $0) }
        // Stacks lie half a megabyte or more apart; multiplying spreads the bits that differ.
        let spread = UInt64(truncatingIfNeeded: address >> 19) &* 0x9E37_79B9_7F4A_7C15
        return Int(truncatingIfNeeded: spread >> 61)
    }
}
