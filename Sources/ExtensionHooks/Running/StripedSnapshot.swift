public import Synchronization

/// A value that many threads read and hardly anybody writes, kept once for each of a few groups of threads.
///
/// Taking a reference to a shared object writes to its reference count. If all threads do that to one object, two of
/// them are slower than one. Here threads mostly take references to different objects that say the same.
///
/// `@unchecked Sendable` is sound: the buffer is filled in `init`, emptied in `deinit`, and in between each element is a
/// `Mutex`, which may be used from any thread.
@usableFromInline
final class StripedSnapshot<Snapshot: AnyObject & Sendable>: @unchecked Sendable {
    @usableFromInline typealias Stripe = Mutex<Snapshot?>

    @usableFromInline static var stripeCount: Int {
        @inlinable get { 8 }
    }

    /// How many elements lie from one stripe to the next: 128 bytes or more, so that no two share a cache line.
    @usableFromInline static var spacing: Int {
        @inlinable get { 16 }
    }

    @usableFromInline let stripes: UnsafeMutablePointer<Stripe>

    init() {
        let count = Self.stripeCount * Self.spacing
        stripes = .allocate(capacity: count)
        for index in 0..<count { (stripes + index).initialize(to: Mutex(nil)) }
    }

    deinit {
        stripes.deinitialize(count: Self.stripeCount * Self.spacing)
        stripes.deallocate()
    }

    /// Replaces the value; `make` is called once for each stripe and must return objects that share nothing.
    func store(_ make: () -> Snapshot?) {
        for stripe in 0..<Self.stripeCount {
            let next = make()
            stripes[stripe * Self.spacing].withLock { $0 = next }
        }
    }

    /// The value, from the stripe of the present thread.
    @inlinable
    func load() -> Snapshot? {
        stripes[threadHint() * Self.spacing].withLock { $0 }
    }

    /// A number that differs between most threads: the stack's place in memory.
    ///
    /// Any number would be correct.
    @inlinable
    func threadHint() -> Int {
        var anchor: UInt8 = 0
        let address = withUnsafeMutablePointer(to: &anchor) { UInt(bitPattern: $0) }
        // Stacks lie half a megabyte or more apart; multiplying spreads the bits that differ.
        let spread = UInt64(truncatingIfNeeded: address >> 19) &* 0x9E37_79B9_7F4A_7C15
        return Int(truncatingIfNeeded: spread >> 61)
    }
}
