/// What a ``TTLCache`` makes of a failed read.
package enum CacheFailureHandling: Hashable, Sendable {
    /// It will pass, as an outage does: an expired value may be served meanwhile, and reads are backed off, at least as
    /// long as the source asked for.
    case passing(retryAfter: Duration? = nil)

    /// It is an answer, as a denial is: it ends what is kept with its TTL, without any time beyond it.
    ///
    /// Until then the value is served, but not to those who ask for a younger one: they get the failure. Reads are
    /// backed off for the shortest time only, so that a permission that was put right is seen at once.
    case final
}

extension CacheFailureHandling {
    /// What is made of errors by default.
    ///
    /// A ``KeyResolutionError`` that is `unavailable`, `sealed` or `timedOut` will pass, every other is final. An error
    /// of unknown type is final too: a stale value needs a reason.
    ///
    /// - Parameter error: What a read threw.
    /// - Returns: What to make of it.
    package static func standard(_ error: any Error) -> Self {
        guard let error = error as? KeyResolutionError else { return .final }
        return [.unavailable, .sealed, .timedOut].contains(error.code) ? .passing() : .final
    }
}
