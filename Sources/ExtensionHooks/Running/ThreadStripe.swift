/// Divides threads into a few groups, for what is better not shared by all of them.
@usableFromInline
package enum ThreadStripe {
    /// The number of groups.
    @usableFromInline package static var count: Int {
        @inlinable get { 8 }
    }

    /// The group of the present thread, from 0; any number would be correct.
    ///
    /// It is worked out from the stack's place in memory, which differs between threads.
    @usableFromInline package static var current: Int {
        @inlinable get {
            var anchor: UInt8 = 0
            let address = withUnsafeMutablePointer(to: &anchor) { UInt(bitPattern: $0) }
            // Stacks lie half a megabyte or more apart; multiplying spreads the bits that differ.
            let spread = UInt64(truncatingIfNeeded: address >> 19) &* 0x9E37_79B9_7F4A_7C15
            return Int(truncatingIfNeeded: spread >> 61)
        }
    }
}
