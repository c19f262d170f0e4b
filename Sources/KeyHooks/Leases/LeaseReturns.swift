import ExtensionHooks
import LightFoundation
import Synchronization

/// Leases that are to be given back: when it is time for it, and again until it succeeds or they have ended.
///
/// What waits here outlives the source's pipeline, as after a change of the configuration.
final class LeaseReturns: Sendable {
    /// What is to be given back, with when the server ends it by itself on the clock that only goes forward: the date
    /// may be set.
    struct Item: Sendable {
        let record: LeaseRecord
        let endsAt: Duration

        init(_ record: LeaseRecord, endsAt: Duration) {
            self.record = record
            self.endsAt = endsAt
        }

        /// What another process wrote down.
        init(_ record: LeaseRecord, at clock: SourceClock) {
            let left = record.endsAt.timeIntervalSince(clock.date())
            self.init(record, endsAt: clock.now() + .seconds(min(max(left, 0), 1e9)))
        }
    }

    private struct Waiting {
        var record: LeaseRecord
        var due: Duration
        let end: Duration
        var attempts = 0
        var isUnderWay = false
    }

    private struct State {
        var waiting: [String: Waiting] = [:]
        var statistics = LeaseStatistics()
        var timer: (due: Duration, task: Task<Void, Never>)?

        /// Rounds of attempts that have begun, by their numbers.
        var rounds: [Int: Task<Void, Never>] = [:]
        var lastRound = 0

        /// What the last attempt failed as, without a value.
        var failure: String?
    }

    private let clock: SourceClock
    let journal: LeaseJournal?
    private let giveBack: @Sendable (LeaseRecord) async throws -> Void
    private let state = Mutex(State())

    /// How long one attempt may take.
    private static let patience = Duration.seconds(10)

    init(
        _ clock: SourceClock,
        _ journal: LeaseJournal?,
        giveBack: @escaping @Sendable (LeaseRecord) async throws -> Void
    ) {
        self.clock = clock
        self.journal = journal
        self.giveBack = giveBack
    }

    var statistics: LeaseStatistics {
        state.withLock { state in
            var statistics = state.statistics
            statistics.waiting = state.waiting.count
            return statistics
        }
    }

    /// Why what waits could not be given back yet; nil if nothing failed.
    var failure: String? { state.withLock { $0.waiting.values.contains { $0.attempts > 0 } ? $0.failure : nil } }

    /// Notes leases that are to be given back after a while.
    func add(_ items: [Item], after wait: Duration = .zero, isAdopted: Bool = false) {
        let now = clock.now()
        state.withLock { state in
            for item in items {
                state.waiting[item.record.mark] = Waiting(record: item.record, due: now + wait, end: item.endsAt)
            }
            if isAdopted { state.statistics.adopted += items.count }
        }
        schedule()
    }

    /// The same for what was lent just now, or maybe was.
    func add(_ records: [LeaseRecord]) { add(records.map { Item($0, at: clock) }) }

    /// Tries at once what waits, such as after the server was seen to answer again.
    func hurry() {
        let now = clock.now()
        state.withLock { state in
            for (mark, waiting) in state.waiting where waiting.attempts > 0 { state.waiting[mark]?.due = now }
        }
        schedule()
    }

    /// Gives back all that waits, and waits for it.
    ///
    /// - Parameter limit: How long it may take in all.
    func flush(within limit: Duration) async {
        let end = clock.now() + limit
        let marks = state.withLock { state in
            state.waiting.filter { !$0.value.isUnderWay }.map(\.key)
        }
        await attemptAll(marks, until: end, isForced: true)
        // Attempts that were under way before may need the rest of the time.
        let rounds = state.withLock { Array($0.rounds.values) }
        try? await clock.wait(for: rounds, within: end - clock.now())
        // What failed is tried again, where the process goes on.
        schedule()
    }

    /// Tries each in its turn in one of a few lines: a thousand at once would be refused by the server.
    ///
    /// - Parameters:
    ///   - marks: The marks of what is to be given back.
    ///   - end: When no other is begun; nil for never.
    ///   - isForced: Whether that is done before they are due.
    private func attemptAll(_ marks: [String], until end: Duration? = nil, isForced: Bool = false) async {
        let lines = 8
        await withTaskGroup { group in
            for line in 0..<min(lines, marks.count) {
                group.addTask { [self] in
                    for index in stride(from: line, to: marks.count, by: lines) {
                        let left = end.map { $0 - clock.now() } ?? Self.patience
                        guard left > .zero else { return }
                        await attempt(marks[index], within: left, isForced: isForced)
                    }
                }
            }
        }
    }

    private static func late() -> any Error {
        KeyResolutionError(.timedOut, "it took too long to give a lease back", remedy: "it is tried again")
    }

    private func attempt(_ mark: String, within limit: Duration, isForced: Bool) async {
        let now = clock.now()
        let record = state.withLock { state -> LeaseRecord? in
            guard let waiting = state.waiting[mark], !waiting.isUnderWay, isForced || waiting.due <= now else {
                return nil
            }
            // Clocks differ, so it is tried once in any case.
            guard now < waiting.end || waiting.attempts == 0 else {
                state.waiting[mark] = nil
                state.statistics.ended += 1
                return nil
            }
            state.waiting[mark]?.isUnderWay = true
            return waiting.record
        }
        guard let record else {
            if state.withLock({ $0.waiting[mark] == nil }) { journal?.remove(mark) }
            return
        }
        do {
            try await reading(within: min(limit, Self.patience), sleep: clock.sleep, lateError: Self.late) {
                [giveBack] in
                try await giveBack(record)
            }
            state.withLock { state in
                state.waiting[mark] = nil
                // Without an id nothing may have been lent.
                state.statistics.givenBack += record.id == nil ? 0 : 1
            }
            journal?.remove(mark)
        } catch {
            let now = clock.now()
            let failure = (error as? KeyResolutionError)?.description ?? valueFreeDescription(of: error)
            state.withLock { state in
                state.failure = failure
                guard var waiting = state.waiting[mark] else { return }
                waiting.isUnderWay = false
                waiting.attempts += 1
                waiting.due = now + .seconds(min(300, 1 << min(waiting.attempts - 1, 9)))
                state.waiting[mark] = waiting
                state.statistics.failedReturns += 1
            }
        }
    }

    /// Sees to it that somebody looks when the next one is due.
    private func schedule() {
        state.withLock { state in
            let due = state.waiting.values.filter { !$0.isUnderWay }.map(\.due).min()
            // A round that is under way sees to it at its end.
            guard let due, state.rounds.isEmpty else { return }
            if let timer = state.timer, timer.due <= due { return }
            state.timer?.task.cancel()
            let wait = max(.zero, due - clock.now())
            state.lastRound += 1
            let round = state.lastRound
            // It keeps this alive: what was lent is not forgotten with the source that lent it.
            let task = Task.detached { [self] in
                if wait > .zero { guard (try? await clock.sleep(wait)) != nil else { return } }
                await tick(round)
                self.state.withLock { $0.rounds[round] = nil }
                schedule()
            }
            state.timer = (due, task)
        }
    }

    private func tick(_ round: Int) async {
        let now = clock.now()
        let due = state.withLock { state -> [String] in
            // Another one took its place at the last moment.
            guard state.lastRound == round else { return [] }
            state.rounds[round] = state.timer?.task
            state.timer = nil
            return state.waiting.filter { $0.value.due <= now && !$0.value.isUnderWay }.map(\.key)
        }
        await attemptAll(due)
    }
}
