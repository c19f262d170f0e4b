extension KeyPipeline {
    /// What keeps the leases of a source; nil for one that doesn't lend.
    static func keeper(
        of source: Source,
        _ settings: LeaseSettings,
        _ clock: SourceClock
    ) -> LeaseKeeper<Place, Content>? {
        LeaseLender<Place, Content>(source) { $0.location }.map { LeaseKeeper($0, settings, clock) }
    }

    /// Notes that an answer is picked from what was lent; what may not be used any more is forgotten.
    func use(_ hit: CacheHit<Content>, at place: Place) -> LoanUse {
        guard let loan = hit.reading.loan, let keeper else { return .allowed }
        let use = keeper.use(place.under(nil), loan)
        if use != .allowed { cache.invalidate(place) { $0.loan?.id == loan.id } }
        return use
    }

    static var fleeting: KeyResolutionError {
        KeyResolutionError(
            .pluginFailed,
            "what is lent ends before it can be used",
            remedy: "have the server lend for longer"
        )
    }

    /// A login is gone, and with it what was lent for it; see ``KeyLease/login``.
    package func loginEnded(_ login: Int) { keeper?.loginEnded(login) }

    /// Gives a loan back; says whether it was there.
    func release(_ loan: LoanSummary?, at place: Place) -> Bool {
        guard let loan, let keeper else { return false }
        let isReleased = keeper.release(after: .zero) { $0 == place.under(nil) && $1 == loan.id }
        cache.invalidate { $0.under(nil) == place.under(nil) }
        memo.removeAll()
        return isReleased
    }
}
