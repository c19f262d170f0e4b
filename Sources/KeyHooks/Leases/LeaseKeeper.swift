import JSON5Syntax
import LightFoundation
import Synchronization

/// Keeps what a source lends: borrows it once for all, renews it while somebody uses it, and has it given back.
///
/// It stands behind the cache of a pipeline, which asks it when a key is wanted or becomes stale. So a lease is renewed
/// on use, in the background, with the jitter and the back-off of the cache; what the cache forgets for want of room is
/// still here and is not borrowed again.
final class LeaseKeeper<Place: Hashable & Sendable, Content: Sendable>: Sendable {
    typealias Reading = SourceReading<Content>

    /// What is lent now.
    struct Loan: Sendable {
        var reading: Reading
        var lease: KeyLease
        var record: LeaseRecord

        /// When it was lent, and when the server last said that it is good.
        let lentAt: Duration
        var confirmedAt: Duration

        /// Its life in whole when it was lent.
        let life: Duration

        /// From when it is to be renewed or replaced, and from when it is given out no more.
        var dueFrom = Duration.zero
        var endsAt = Duration.zero

        /// Whether a renewal would bring little: it is replaced instead.
        var isNearMaximum = false

        var usedAt: Duration
        var usesLeft: Int?
        var renewals = 0
    }

    struct State {
        var loans: [Place: Loan] = [:]
        var underWay: [Place: Task<Reading, any Error>] = [:]
        var statistics = LeaseStatistics()
        var timer: (due: Duration, task: Task<Void, Never>)?
        var hasLooked = false

        /// When keys were rejected lately.
        var rejections: [Place: [Duration]] = [:]
    }

    private let lender: LeaseLender<Place, Content>
    private let settings: LeaseSettings
    private let clock: SourceClock
    private let random: @Sendable () -> Double
    private let returns: LeaseReturns
    private let state = Mutex(State())

    /// Forgets in the cache what is good no more.
    private let forgets = Mutex<(@Sendable (Place) -> Void)?>(nil)

    init(
        _ lender: LeaseLender<Place, Content>,
        _ settings: LeaseSettings,
        _ clock: SourceClock,
        random: @escaping @Sendable () -> Double = { .random(in: 0...1) }
    ) {
        self.lender = lender
        self.settings = settings
        self.clock = clock
        self.random = random
        returns = LeaseReturns(clock, settings.journal.map(LeaseJournal.inFolder), giveBack: lender.giveBack)
    }

    /// Whoever kept it is gone, such as after a change of the configuration: calls in flight may still use its keys.
    deinit {
        let (records, timer) = state.withLock { ($0.loans.values.map(\.record), $0.timer) }
        timer?.task.cancel()
        returns.add(records, after: settings.grace)
    }

    func lends(_ place: Place) -> Bool { lender.lends(place) }

    /// Who lends.
    var name: String { lender.name }

    /// Says how what is good no more is forgotten in the cache.
    func onForget(_ forget: @escaping @Sendable (Place) -> Void) { forgets.withLock { $0 = forget } }

    private func forget(_ place: Place) { forgets.withLock(\.self)?(place) }
}

extension LeaseKeeper {
    /// What is lent at a place: as it is if it is good, renewed if it is due, or borrowed anew.
    ///
    /// One at a time for a place. It goes on without its callers: what a server lent must not be forgotten because
    /// nobody waited for it.
    func reading(at place: Place) async throws -> Reading {
        let (good, task) = state.withLock { state -> (Reading?, Task<Reading, any Error>?) in
            if let task = state.underWay[place] { return (nil, task) }
            let now = clock.now()
            if let loan = state.loans[place], isGood(loan, at: now) { return (reading(of: loan, at: now), nil) }
            let task = Task.detached { [self] in
                defer { self.state.withLock { $0.underWay[place] = nil } }
                return try await work(at: place)
            }
            state.underWay[place] = task
            return (nil, task)
        }
        if let good { return good }
        guard let task else { preconditionFailure("there is a reading or a task") }
        return try await task.value
    }

    /// Whether nothing is to be asked of the server.
    private func isGood(_ loan: Loan, at now: Duration) -> Bool {
        guard now < loan.endsAt, loan.usesLeft != 0 else { return false }
        if now - loan.confirmedAt < min(LeaseSettings.shortestInterval, loan.life / 10) { return true }
        // Who wants a lease fresh that can't be renewed would get another one each time.
        return now < loan.dueFrom && (!loan.lease.isRenewable || loan.isNearMaximum)
    }

    private func work(at place: Place) async throws -> Reading {
        if let loan = state.withLock({ $0.loans[place] }), clock.now() < loan.endsAt, loan.usesLeft != 0,
            loan.lease.isRenewable, !loan.isNearMaximum
        {
            do {
                if let reading = try await renewed(loan, at: place) { return reading }
            } catch let error as KeyResolutionError where error.code == .denied {
                state.withLock { $0.statistics.failedRenewals += 1 }
            } catch {
                state.withLock { $0.statistics.failedRenewals += 1 }
                throw error
            }
        }
        return try await borrowed(at: place)
    }

    /// Renews a lease; nil if the server doesn't know it any more, or if it was dropped meanwhile.
    private func renewed(_ loan: Loan, at place: Place) async throws -> Reading? {
        let sent = clock.now()
        guard let lease = try await lender.renew(loan.lease, place), lease.fault == nil else {
            let isDropped = state.withLock { state in
                state.statistics.lost += 1
                guard state.loans[place]?.record.mark == loan.record.mark else { return false }
                state.loans[place] = nil
                return true
            }
            if isDropped { returns.journal?.remove(loan.record.mark) }
            return nil
        }
        let updated = state.withLock { state -> Loan? in
            state.statistics.renewed += 1
            guard var current = state.loans[place], current.record.mark == loan.record.mark else { return nil }
            current.lease = lease
            current.lease.maximum = lease.maximum ?? loan.lease.maximum
            current.renewals += 1
            settle(&current, from: sent)
            // The server gave less than it did at first, or soon will: its maximum is near.
            let left = current.lease.maximum.map { $0 - (sent - loan.lentAt) } ?? lease.life
            current.isNearMaximum = min(left, lease.life) < loan.life / 2 || !lease.isRenewable
            state.loans[place] = current
            return current
        }
        guard let updated else { return nil }
        returns.journal?.note(updated.record)
        return reading(of: updated, at: clock.now())
    }

    private func borrowed(at place: Place) async throws -> Reading {
        let date = clock.date()
        // As long as it isn't known what was lent, a day is waited for the server to say.
        var record = LeaseRecord(
            lender: lender.name,
            place: lender.words(place),
            lentAt: date,
            endsAt: date.addingTimeInterval(86_400)
        )
        returns.journal?.note(record)
        let sent = clock.now()
        var reading: Reading
        do {
            reading = try await lender.lend(place, record)
        } catch {
            // It isn't known whether anything was lent.
            returns.add([record])
            throw error
        }
        guard let lease = reading.lease else {
            returns.journal?.remove(record.mark)
            guard reading.isAbsence else { throw Self.unbounded("has no lease", in: record.place) }
            return reading
        }
        record.id = lease.id
        record.details = lease.details
        if let fault = lease.fault {
            returns.add([record])
            throw Self.unbounded(fault, in: record.place)
        }
        reading.lease = nil
        var loan = Loan(
            reading: reading,
            lease: lease,
            record: record,
            lentAt: sent,
            confirmedAt: sent,
            life: min(lease.life, lease.bound ?? lease.life),
            usedAt: sent,
            usesLeft: lease.uses
        )
        settle(&loan, from: sent)
        returns.journal?.note(loan.record)
        let kept = loan
        let (old, crowded) = state.withLock { state -> (Loan?, (Place, Loan)?) in
            state.statistics.lent += 1
            let old = state.loans.updateValue(kept, forKey: place)
            if old != nil { state.statistics.replaced += 1 }
            guard state.loans.count > LeaseSettings.capacity,
                let least = state.loans.filter({ $0.key != place }).min(by: { $0.value.usedAt < $1.value.usedAt })
            else { return (old, nil) }
            state.loans[least.key] = nil
            return (old, (least.key, least.value))
        }
        if let old { returns.add([old.record], after: settings.grace) }
        if let (place, loan) = crowded {
            forget(place)
            returns.add([loan.record], after: settings.grace)
        }
        schedule()
        return self.reading(of: kept, at: clock.now())
    }

    /// Works out when a loan is due and when it ends, from when the server was asked: it may have counted from then.
    private func settle(_ loan: inout Loan, from now: Duration) {
        loan.confirmedAt = now
        var life = min(loan.lease.life, loan.lease.bound ?? loan.lease.life)
        if let maximum = loan.lease.maximum { life = min(life, maximum - (now - loan.lentAt)) }
        // Requests with the key take time, too.
        loan.endsAt = now + life - min(life / 10, .seconds(60))
        // Two thirds, or a little more of what can't be renewed, and less by chance so that those who began together
        // don't go on together.
        let share = loan.lease.isRenewable ? 2.0 / 3 : 0.85
        loan.dueFrom = now + (loan.endsAt - now) * (share - 0.1 * random())
        loan.record.endsAt = clock.date().addingTimeInterval(life / .seconds(1))
    }

    /// A loan as the cache takes it: stale when it is due, and never given out after its end.
    private func reading(of loan: Loan, at now: Duration) -> Reading {
        var reading = loan.reading
        reading.lifetime = max(.zero, loan.endsAt - now)
        reading.timeToLive = reading.lifetime
        reading.staleAfter = max(.zero, loan.dueFrom - now)
        reading.loan = LoanSummary(
            id: loan.record.mark,
            lease: loan.lease.id,
            endsAt: loan.record.endsAt,
            isRenewable: loan.lease.isRenewable,
            renewals: loan.renewals,
            countsUses: loan.lease.uses != nil
        )
        return reading
    }

    private static func unbounded(_ fault: String, in place: String) -> KeyResolutionError {
        KeyResolutionError(
            .pluginFailed,
            "what was lent at \(displayText(place, limit: 4096)) \(fault), so it is not given out",
            remedy: "have the server lend for a limited time"
        )
    }
}

extension LeaseKeeper {
    /// Notes that an answer was picked from a loan.
    ///
    /// - Parameters:
    ///   - place: Where it was lent.
    ///   - summary: Which loan.
    /// - Returns: Whether it may be used; false if it has ended, its uses are over, or another one took its place.
    func use(_ place: Place, _ summary: LoanSummary) -> Bool {
        let now = clock.now()
        return state.withLock { state in
            // The cache has a clock of its own, and what it read may have come late.
            guard var loan = state.loans[place], loan.record.mark == summary.id, now < loan.endsAt else { return false }
            if let left = loan.usesLeft {
                guard left > 0 else { return false }
                loan.usesLeft = left - 1
            }
            loan.usedAt = now
            state.loans[place] = loan
            return true
        }
    }

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
            return places.compactMap { state.loans.removeValue(forKey: $0)?.record }
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
            for (place, times) in state.rejections where times.allSatisfy({ now - $0 > LeaseSettings.rejectionWindow }) {
                state.rejections[place] = nil
            }
            let times = (state.rejections[place] ?? []).filter { now - $0 <= LeaseSettings.rejectionWindow }
            guard times.count < LeaseSettings.rejectionLimit else { return false }
            state.rejections[place] = times + [now]
            return true
        }
        if isRight { release(after: .zero) { $0 == place && $1 == mark } }
    }

    /// Leaves what is lent to others who go on with it; it is given back only where a person says so.
    func leave() {
        let left = state.withLock { state in
            defer { state.loans = [:] }
            return state.loans.values.map(\.record.mark)
        }
        for mark in left { returns.journal?.keep(mark) }
    }

    /// Gives everything back, and waits for it as long as is allowed.
    func shutDown(within limit: Duration) async {
        let end = clock.now() + limit
        // What is being lent now has to be given back, too.
        let underWay = state.withLock { Array($0.underWay.values) }
        try? await clock.wait(for: underWay, within: limit)
        let places = state.withLock { Array($0.loans.keys) }
        release(after: .zero) { _, _ in true }
        for place in places { forget(place) }
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
        Task.detached { [returns, isOwn = lender.isOwn, clock] in
            returns.add(journal.adopt(where: isOwn, now: clock.date()), isAdopted: true)
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
        returns.add(adopted, isAdopted: true)
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
            state.loans[place].map { loan in
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
    private func schedule() {
        state.withLock { state in
            let due = state.loans.values.map { min($0.usedAt + settings.idle, $0.endsAt) }.min()
            guard let due else { return }
            if let timer = state.timer, timer.due <= due { return }
            state.timer?.task.cancel()
            let wait = max(.zero, due - clock.now())
            let task = Task.detached { [weak self, sleep = clock.sleep] in
                guard (try? await sleep(wait)) != nil else { return }
                self?.tick()
            }
            state.timer = (due, task)
        }
    }

    private func tick() {
        let now = clock.now()
        let (idle, ended) = state.withLock { state -> ([Place: Loan], [Place: Loan]) in
            state.timer = nil
            let ended = state.loans.filter { now >= $0.value.endsAt }
            let idle = state.loans.filter { now < $0.value.endsAt && now - $0.value.usedAt >= settings.idle }
            for place in ended.keys { state.loans[place] = nil }
            for place in idle.keys where state.underWay[place] == nil { state.loans[place] = nil }
            state.statistics.ended += ended.count
            return (idle.filter { state.loans[$0.key] == nil }, ended)
        }
        state.withLock { $0.statistics.idle += idle.count }
        for place in idle.keys { forget(place) }
        returns.add(idle.values.map(\.record))
        for loan in ended.values { returns.journal?.remove(loan.record.mark) }
        schedule()
    }
}
