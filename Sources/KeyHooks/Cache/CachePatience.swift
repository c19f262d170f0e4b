/// How long readers wait for a read when an old value may be served in its place.
///
/// Four times what reads have taken lately, so that a source which is merely far away still gives its new values, and
/// within bounds that nobody notices as an outage.
struct CachePatience {
    static let shortest = Duration.milliseconds(50)
    static let longest = Duration.seconds(1)

    /// What reads have taken lately, the last ones most.
    private var usual: Duration?

    /// How long after its start a read holds up nobody any more.
    var bound: Duration { min(max((usual ?? .zero) * 4, Self.shortest), Self.longest) }

    /// Notes how long a read took that brought something.
    mutating func took(_ time: Duration) {
        // What is longer makes no difference, and sums must not overflow.
        let time = min(max(time, .zero), Self.longest)
        usual = usual.map { ($0 * 3 + time) / 4 } ?? time
    }
}

extension CacheFailure {
    /// What stands for the failure of a read that has held readers up for long enough.
    static var slowness: CacheFailure {
        let error = KeyResolutionError(
            .timedOut,
            "the source has not answered yet",
            remedy: "nothing: the read goes on, and its value will be served as soon as it is there"
        )
        return CacheFailure(error: error, handling: .passing(), count: 0, retryFrom: .zero, recoveries: 0)
    }
}
