/// A small input of which the same can be said, found by leaving out ever smaller parts.
///
/// - Parameters:
///   - input: An input of which it can be said.
///   - time: How long to go on at most.
///   - holds: Whether it can be said of an input.
/// - Returns: An input of which no single byte can be left out, unless time ran out.
func shrunk(_ input: [UInt8], until time: Duration, _ holds: ([UInt8]) async -> Bool) async -> [UInt8] {
    let deadline = ContinuousClock.now + time
    var best = input
    var size = max(1, best.count / 2)
    while true {
        var start = 0
        let before = best.count
        while start < best.count {
            guard ContinuousClock.now < deadline else { return best }
            var candidate = best
            candidate.removeSubrange(start..<min(start + size, best.count))
            if await holds(candidate) { best = candidate } else { start += size }
        }
        // A part that could stay out may let one before it go too.
        if size == 1, best.count == before { return best }
        if best.count == before || size > 1 { size = max(1, size / 2) }
    }
}
