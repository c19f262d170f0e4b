/// Notices that more keys are in use than there is room for, and says so now and then.
struct CacheCrowding {
    /// How long after one warning there is no other.
    static let pause = Duration.seconds(300)

    /// How many values that were still good were dropped since the last warning.
    var evictions = 0
    private var quietUntil: Duration?

    /// The number of such evictions if it is to be told now.
    mutating func takeEvictions(at now: Duration) -> Int? {
        guard evictions > 0, quietUntil.map({ now >= $0 }) ?? true else { return nil }
        quietUntil = now + Self.pause
        defer { evictions = 0 }
        return evictions
    }
}
