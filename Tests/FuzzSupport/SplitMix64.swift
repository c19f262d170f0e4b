/// Random numbers that are the same in each run for one seed, so that a failure can be repeated.
///
/// Seeds that follow each other give numbers that have nothing to do with each other.
package struct SplitMix64: RandomNumberGenerator, Sendable {
    private var state: UInt64

    package init(seed: UInt64) { state = seed }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// Whether it happens this time, of `count` times once.
    package mutating func oneIn(_ count: Int) -> Bool { Int.random(in: 1...count, using: &self) == 1 }

    /// One of the elements; there must be one.
    package mutating func pick<Element>(_ elements: [Element]) -> Element {
        elements[Int.random(in: elements.indices, using: &self)]
    }

    /// A part of something with so many elements, mostly a short one.
    mutating func range(in count: Int) -> Range<Int> {
        let start = Int.random(in: 0...count, using: &self)
        let most = oneIn(4) ? count - start : min(count - start, 12)
        return start..<(start + Int.random(in: 0...most, using: &self))
    }
}
