import LightFoundation
import Synchronization

extension LeaseKeeper {
    /// Notes that an answer was picked from a loan.
    ///
    /// - Parameters:
    ///   - place: Where it was lent.
    ///   - summary: Which loan.
    /// - Returns: Whether it may be used.
    func use(_ place: Place, _ summary: LoanSummary) -> LoanUse {
        let now = clock.now()
        return state.withLock { state in
            // The cache has a clock of its own, and what it read may have come late.
            guard var loan = state.loans[place], loan.record.mark == summary.id else {
                return summary.countsUses ? .usedUp : .ended
            }
            guard now < loan.endsAt else { return .ended }
            if let left = loan.usesLeft {
                guard left > 0 else { return .usedUp }
                loan.usesLeft = left - 1
            }
            loan.usedAt = now
            state.loans[place] = loan
            return .allowed
        }
    }

    /// Where something is lent.
    var places: [Place] { state.withLock { Array($0.loans.keys) } }

    /// Gives a loan back at once, such as one whose key was found to be bad.
    ///
    /// - Parameters:
    ///   - wait: How long its key stays good for the calls that use it; nil for ``LeaseSettings/grace``.
    ///   - isPicked: Which places, and which loans there by their marks.
    /// - Returns: Whether there was any.
    @discardableResult
    func release(after wait: Duration? = nil, where isPicked: (Place, String) -> Bool) -> Bool {
        let released = state.withLock { state in
            let places = state.loans.filter { isPicked($0.key, $0.value.record.mark) }.keys
            return places.compactMap { state.loans.removeValue(forKey: $0).map(back) }
        }
        returns.add(released, after: wait ?? settings.grace)
        return !released.isEmpty
    }

    /// Gives back a loan whose key a provider rejected, unless that has happened too often lately: then it isn't the
    /// keys that are bad, and another one for each call would only be work for the server.
    func reject(_ place: Place, _ mark: String) {
        let now = clock.now()
        let isRight = state.withLock { state in
            guard state.loans[place]?.record.mark == mark else { return false }
            func lately(_ times: [Duration]) -> [Duration] {
                times.filter { now - $0 <= LeaseSettings.rejectionWindow }
            }
            state.rejections = state.rejections.filter { !lately($0.value).isEmpty }
            let times = lately(state.rejections[place] ?? [])
            guard times.count < LeaseSettings.rejectionLimit else { return false }
            state.rejections[place] = times + [now]
            return true
        }
        if isRight { release(after: .zero) { $0 == place && $1 == mark } }
    }

    /// Gives up what was lent for a login that the server no longer knows: it has ended with it.
    ///
    /// - Parameter login: ``KeyLease/login``.
    func loginEnded(_ login: Int) {
        let ended = state.withLock { state in
            let ended = state.loans.filter { $0.value.lease.login == login }
            for place in ended.keys { state.loans[place] = nil }
            return ended
        }
        for place in ended.keys { forget(place) }
        returns.add(ended.values.map(back))
    }

    /// Leaves leases to others who go on with them; they are given back only where a person says so.
    ///
    /// - Parameter leases: What the server calls them.
    func leave(_ leases: Set<String>) {
        let left = state.withLock { state in
            let left = state.loans.filter { leases.contains($0.value.lease.id) }
            for place in left.keys { state.loans[place] = nil }
            state.hasLeft = state.hasLeft || !left.isEmpty
            return left.values.map(\.record.mark)
        }
        for mark in left { returns.journal?.keep(mark) }
    }

    var hasLeft: Bool { state.withLock(\.hasLeft) }

    /// Gives everything back, and waits for it as long as is allowed; nothing is lent afterwards.
    func shutdown(within limit: Duration) async {
        let end = clock.now() + limit
        // What is being lent now has to be given back, too.
        let (underWay, places) = state.withLock { state in
            state.isClosed = true
            return (Array(state.underWay.values), Array(state.loans.keys))
        }
        release(after: .zero) { _, _ in true }
        for place in places { forget(place) }
        // One that hangs must not keep the others.
        await returns.flush(within: limit)
        try? await clock.wait(for: underWay, within: end - clock.now())
        await returns.flush(within: max(.zero, end - clock.now()))
    }

    /// The server was seen to answer again.
    func sourceRecovered() { returns.hurry() }

    /// Takes over what processes left behind that were killed; the first time it is called.
    func adoptLeft() {
        let isFirst = state.withLock { state in
            defer { state.hasLooked = true }
            return !state.hasLooked
        }
        guard isFirst, let journal = returns.journal else { return }
        // Nobody has to wait for files.
        Task.detached { [returns, name = lender.name, clock] in
            let left = journal.adopt(where: { $0.lender == name }, now: clock.date())
            returns.add(left.map { LeaseReturns.Item($0, at: clock) }, isAdopted: true)
        }
    }

    /// Gives back what processes left behind that are gone, and what was handed to others.
    ///
    /// - Parameter limit: How long it may take.
    /// - Returns: How many were given back, how many could not be, and why.
    func revokeLeft(within limit: Duration) async -> RevokedLeases {
        guard let journal = returns.journal else { return RevokedLeases() }
        let adopted = journal.adopt(where: lender.isOwn, takesKept: true, now: clock.date())
        let before = returns.statistics
        returns.add(adopted.map { LeaseReturns.Item($0, at: clock) }, isAdopted: true)
        await returns.flush(within: limit)
        let after = returns.statistics
        return RevokedLeases(
            givenBack: after.givenBack - before.givenBack,
            failed: after.waiting,
            failure: returns.failure
        )
    }

    var statistics: LeaseStatistics {
        let own = state.withLock { state in
            var statistics = state.statistics
            statistics.live = state.loans.count
            return statistics
        }
        return own + returns.statistics
    }

    /// Why nothing can be written down; nil while it can.
    var journalFailure: String? { returns.journal.flatMap(\.failure) }

    /// Why what is to be given back could not be yet; nil if nothing failed.
    var returnFailure: String? { returns.failure }

    /// The lease of a place, as it is shown.
    func report(on place: Place) -> LeaseReport? {
        let now = clock.now()
        return state.withLock { state in
            state.loans[place]
                .map { loan in
                    LeaseReport(
                        id: loan.lease.id,
                        endsIn: (loan.endsAt - now).seconds,
                        dueIn: (loan.dueFrom - now).seconds,
                        isRenewable: loan.lease.isRenewable && !loan.isNearMaximum,
                        renewals: loan.renewals,
                        usesLeft: loan.usesLeft
                    )
                }
        }
    }
}

extension LeaseKeeper {
    /// Sees to it that somebody looks when a loan may have been idle for long enough.
    func schedule() {
        state.withLock { state in
            // What is being renewed is looked at when that is done.
            let due = state.loans.filter { state.underWay[$0.key] == nil }.values
                .map { min($0.usedAt + settings.idle, $0.endsAt) }.min()
            guard let due else { return }
            if let timer = state.timer, timer.due <= due { return }
            state.timer?.task.cancel()
            let wait = max(.zero, due - clock.now())
            state.lastRound += 1
            let round = state.lastRound
            let task = Task.detached { [weak self, sleep = clock.sleep] in
                guard (try? await sleep(wait)) != nil else { return }
                self?.tick(round)
            }
            state.timer = (due, task)
        }
    }

    private func tick(_ round: Int) {
        let now = clock.now()
        let (idle, ended) = state.withLock { state -> ([Place: Loan], [Place: Loan]) in
            // Another one took its place at the last moment.
            guard state.lastRound == round else { return ([:], [:]) }
            state.timer = nil
            let resting = state.loans.filter { state.underWay[$0.key] == nil }
            let ended = resting.filter { now >= $0.value.endsAt }
            let idle = resting.filter { now < $0.value.endsAt && now - $0.value.usedAt >= settings.idle }
            for place in ended.keys { state.loans[place] = nil }
            for place in idle.keys { state.loans[place] = nil }
            state.statistics.idle += idle.count
            return (idle, ended)
        }
        for place in idle.keys { forget(place) }
        // What isn't given out any more may still live at the server.
        returns.add((Array(idle.values) + ended.values).map(back))
        schedule()
    }
}
