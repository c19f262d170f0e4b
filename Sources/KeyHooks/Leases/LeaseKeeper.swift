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

        /// When the server ends it by itself: later than it is given out, and maybe than what it depends on.
        var serverEndsAt = Duration.zero

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
        var lastRound = 0
        var hasLooked = false

        /// Whether something was left to others who go on with it.
        var hasLeft = false

        /// Whether everything was given back for good.
        var isClosed = false

        /// When keys were rejected lately.
        var rejections: [Place: [Duration]] = [:]
    }

    let lender: LeaseLender<Place, Content>
    let settings: LeaseSettings
    let clock: SourceClock
    let random: @Sendable () -> Double
    let returns: LeaseReturns
    let state = Mutex(State())

    /// Forgets in the cache what is good no more.
    private let forgets = Mutex<(@Sendable (Place) -> Void)?>(nil)

    init(
        _ lender: LeaseLender<Place, Content>,
        _ settings: LeaseSettings,
        _ clock: SourceClock,
        random: @escaping @Sendable () -> Double = { .random(in: 0...1) }
    ) {
        self.lender = lender
        var settings = settings
        settings.idle = max(settings.idle, LeaseSettings.shortestInterval)
        self.settings = settings
        self.clock = clock
        self.random = random
        returns = LeaseReturns(clock, settings.journal.map(LeaseJournal.inFolder), giveBack: lender.giveBack)
    }

    /// Whoever kept it is gone, such as after a change of the configuration: calls in flight may still use its keys.
    deinit {
        let (loans, timer) = state.withLock { (Array($0.loans.values), $0.timer) }
        timer?.task.cancel()
        returns.add(loans.map { LeaseReturns.Item($0.record, endsAt: $0.serverEndsAt) }, after: settings.grace)
    }

    func lends(_ place: Place) -> Bool { lender.lends(place) }

    /// Who lends.
    var name: String { lender.name }

    /// Says how what is good no more is forgotten in the cache.
    func onForget(_ forget: @escaping @Sendable (Place) -> Void) { forgets.withLock { $0 = forget } }

    func forget(_ place: Place) { forgets.withLock(\.self)?(place) }
}

extension LeaseKeeper {
    /// What is lent at a place: as it is if it is good, renewed if it is due, or borrowed anew.
    ///
    /// One at a time for a place. It goes on without its callers: what a server lent must not be forgotten because
    /// nobody waited for it.
    func reading(at place: Place) async throws -> Reading {
        let (good, task) = try state.withLock { state throws -> (Reading?, Task<Reading, any Error>?) in
            if state.isClosed { throw Self.closed }
            if let task = state.underWay[place] { return (nil, task) }
            let now = clock.now()
            if let loan = state.loans[place], isGood(loan, at: now) { return (reading(of: loan, at: now), nil) }
            let task = Task.detached { [self] in
                defer {
                    self.state.withLock { $0.underWay[place] = nil }
                    schedule()
                }
                return try await work(at: place)
            }
            state.underWay[place] = task
            return (nil, task)
        }
        if let good { return good }
        guard let task else { preconditionFailure("there is a reading or a task") }
        return try await task.value
    }

    private static var closed: KeyResolutionError {
        KeyResolutionError(
            .unauthenticated,
            "what was lent to this program has been given back, and nothing more is lent to it",
            remedy: "ask for keys before the program shuts down"
        )
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
        let renewal = try await lender.renew(loan.lease, place)
        guard let lease = renewal, lease.fault == nil else {
            let isDropped = state.withLock { state in
                state.statistics.lost += 1
                guard state.loans[place]?.record.mark == loan.record.mark else { return false }
                state.loans[place] = nil
                return true
            }
            guard isDropped else { return nil }
            // What makes no sense may live on.
            if renewal == nil { returns.journal?.remove(loan.record.mark) } else { returns.add([back(loan)]) }
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
        if lender.findsByMark { returns.journal?.note(record) }
        let sent = clock.now()
        var reading: Reading
        do {
            reading = try await lender.lend(place, record)
        } catch {
            if lender.findsByMark {
                if lender.mayHaveLent(error) { returns.add([record]) } else { returns.journal?.remove(record.mark) }
            }
            throw error
        }
        guard var lease = reading.lease else {
            returns.journal?.remove(record.mark)
            guard reading.isAbsence else { throw Self.unbounded("has no lease", in: record.place) }
            return reading
        }
        record.id = lease.id.isEmpty ? nil : lease.id
        record.details = lease.details
        // It lives as long whatever becomes of it here; no date may be that far off that it can't be written.
        record.endsAt = date.addingTimeInterval(min(max(lease.life / .seconds(1), 86_400), 3_650 * 86_400))
        if let fault = lease.fault {
            discard(record)
            throw Self.unbounded(fault, in: record.place)
        }
        do {
            lease = try await cut(lease, record, at: place)
        } catch {
            discard(record)
            throw error
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
        guard loan.endsAt > clock.now() + Self.shortest else {
            discard(record)
            throw Self.unbounded("lasts a moment only", in: record.place)
        }
        let kept = loan
        returns.journal?.note(kept.record)
        let (old, crowded) = try state.withLock { state throws -> (Loan?, (Place, Loan)?) in
            state.statistics.lent += 1
            guard !state.isClosed else {
                returns.add([back(kept)])
                throw Self.closed
            }
            let old = state.loans.updateValue(kept, forKey: place)
            if old != nil { state.statistics.replaced += 1 }
            guard state.loans.count > LeaseSettings.capacity,
                let least = state.loans.filter({ $0.key != place }).min(by: { $0.value.usedAt < $1.value.usedAt })
            else { return (old, nil) }
            state.loans[least.key] = nil
            return (old, (least.key, least.value))
        }
        if let old { returns.add([back(old)], after: settings.grace) }
        if let (place, loan) = crowded {
            forget(place)
            returns.add([back(loan)], after: settings.grace)
        }
        schedule()
        return self.reading(of: kept, at: clock.now())
    }

    /// What is good for less is not given out: it would end on its way.
    private static var shortest: Duration { .seconds(1) }

    /// Gives back what is not given out; without an id there may be nothing, or nobody who could tell.
    private func discard(_ record: LeaseRecord) {
        if record.id != nil || lender.findsByMark {
            returns.add([record])
        } else {
            returns.journal?.remove(record.mark)
        }
    }

    /// A loan as it is given back.
    func back(_ loan: Loan) -> LeaseReturns.Item { LeaseReturns.Item(loan.record, endsAt: loan.serverEndsAt) }

    /// Has a lease cut that lasts longer than it may.
    ///
    /// - Throws: Why it can't be; it is to be given back then.
    private func cut(_ lease: KeyLease, _ record: LeaseRecord, at place: Place) async throws -> KeyLease {
        guard let limit = lease.limit, lease.life > limit + .seconds(1) else { return lease }
        returns.journal?.note(record)
        guard lease.isRenewable else {
            throw Self.unbounded("lasts longer than it may, and can't be cut", in: record.place)
        }
        guard let cut = try await lender.renew(lease, place), cut.fault == nil else {
            throw Self.unbounded("was lost at once", in: record.place)
        }
        guard cut.life <= limit + .seconds(1) else {
            throw Self.unbounded("lasts longer than it may, and wasn't cut", in: record.place)
        }
        return cut
    }

    /// Works out when a loan is due and when it ends, from when the server was asked: it may have counted from then.
    private func settle(_ loan: inout Loan, from now: Duration) {
        loan.confirmedAt = now
        var whole = loan.lease.life
        if let maximum = loan.lease.maximum { whole = min(whole, maximum - (now - loan.lentAt)) }
        // The server ends it with what it depends on; that may live longer by then.
        let life = min(whole, loan.lease.bound ?? whole)
        loan.serverEndsAt = now + whole
        // Requests with the key take time, too.
        loan.endsAt = now + life - min(life / 10, .seconds(60))
        // Two thirds, or a little more of what can't be renewed, and less by chance so that those who began together
        // don't go on together.
        let share = loan.lease.isRenewable ? 2.0 / 3 : 0.85
        loan.dueFrom = now + (loan.endsAt - now) * (share - 0.1 * random())
        loan.record.endsAt = clock.date().addingTimeInterval(whole / .seconds(1))
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
