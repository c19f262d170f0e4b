/// How long calls took, in sixteen steps a doubling, so that percentiles are good to 6 %.
package struct LoadHistogram: Sendable {
    private var counts: [Int] = Array(repeating: 0, count: 64 * 16)
    private(set) package var count = 0
    private(set) package var maximum = 0

    package init() {}

    package mutating func add(_ nanoseconds: Int) {
        counts[Self.bucket(nanoseconds)] += 1
        count += 1
        maximum = max(maximum, nanoseconds)
    }

    package mutating func add(_ other: LoadHistogram) {
        for index in counts.indices { counts[index] += other.counts[index] }
        count += other.count
        maximum = max(maximum, other.maximum)
    }

    /// The time that a share of the calls did not exceed, in milliseconds.
    package func percentile(_ share: Double) -> Double {
        var left = Int((Double(count) * share).rounded(.up))
        for (index, found) in counts.enumerated() {
            left -= found
            if left <= 0, count > 0 { return Double(min(Self.upperBound(index), maximum)) / 1e6 }
        }
        return 0
    }

    /// How many calls took longer than so many milliseconds, as far as the steps can tell.
    package func count(above milliseconds: Int) -> Int {
        counts[(Self.bucket(milliseconds * 1_000_000) + 1)...].reduce(0, +)
    }

    /// The power of two and the four bits behind it.
    private static func bucket(_ nanoseconds: Int) -> Int {
        let value = max(16, nanoseconds)
        let power = Int.bitWidth - 1 - value.leadingZeroBitCount
        return power * 16 + (value >> (power - 4)) & 15
    }

    private static func upperBound(_ bucket: Int) -> Int {
        let power = bucket / 16
        guard power >= 4, power < 62 else { return 0 }
        return ((16 + bucket % 16 + 1) << (power - 4)) - 1
    }
}
