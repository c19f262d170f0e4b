import Foundation
import KeyHooks
import KeyHooksTesting
import Synchronization

/// A server that lends keys by a clock that stands still: a real one can't be made to fail at random for a week.
///
/// It follows a real one's rules: a lease ends by itself, a renewal gives its life anew up to the maximum, and one that
/// is given back or has ended can't be renewed.
final class LendingBank: Sendable {
    struct Lent {
        let place: String
        let mark: String
        let lentAt: Duration
        var endsAt: Duration
        var isRevoked = false
    }

    enum Step: Hashable { case lend, renew, giveBack }

    private struct State {
        var lent: [String: Lent] = [:]
        var steps: [Step: Int] = [:]
        var revocations: [String: Int] = [:]
        var fails: @Sendable (Step) -> (any Error)? = { _ in nil }
        var loses: @Sendable (Step) -> Bool = { _ in false }
        var underWay = 0
        var mostUnderWay = 0
        var gate: [CheckedContinuation<Void, Never>]?
        var change: @Sendable (inout KeyLease) -> Void = { _ in }
    }

    let clock: ManualClock
    let life: Duration
    let maximum: Duration?
    let isRenewable: Bool
    let uses: Int?
    private let start: ManualClock.Instant
    private let state = Mutex(State())

    init(
        _ clock: ManualClock,
        life: Duration = .seconds(100),
        maximum: Duration? = nil,
        isRenewable: Bool = true,
        uses: Int? = nil
    ) {
        (self.clock, self.life, self.maximum) = (clock, life, maximum)
        (self.isRenewable, self.uses) = (isRenewable, uses)
        start = clock.now
    }

    var now: Duration { start.duration(to: clock.now) }

    func count(_ step: Step) -> Int { state.withLock { $0.steps[step] ?? 0 } }

    /// The leases that nobody gave back and that have not ended.
    var live: [String] {
        let now = now
        return state.withLock { $0.lent.filter { !$0.value.isRevoked && $0.value.endsAt > now }.map(\.key).sorted() }
    }

    var all: [String: Lent] { state.withLock(\.lent) }
    var revocations: [String: Int] { state.withLock(\.revocations) }
    var mostUnderWay: Int { state.withLock(\.mostUnderWay) }

    /// Whether a key is good now; its text is the id of its lease.
    func accepts(_ key: String) -> Bool { live.contains(key.replacing("key-", with: "lease-")) }

    /// Says which steps fail before they are done.
    func fail(_ fails: @escaping @Sendable (Step) -> (any Error)?) { state.withLock { $0.fails = fails } }

    /// Says of which steps the answer is lost after they were done.
    func lose(_ loses: @escaping @Sendable (Step) -> Bool) { state.withLock { $0.loses = loses } }

    /// Changes what the bank says of a lease.
    func describe(_ change: @escaping @Sendable (inout KeyLease) -> Void) { state.withLock { $0.change = change } }

    /// Has the bank forget a lease, as after a restore of a backup.
    func forget(_ id: String) { state.withLock { $0.lent[id]?.isRevoked = true } }

    /// Holds up what is lent until ``open()``.
    func close() { state.withLock { $0.gate = [] } }

    func open() {
        let waiting = state.withLock { state in
            defer { state.gate = nil }
            return state.gate ?? []
        }
        for continuation in waiting { continuation.resume() }
    }

    var isSomebodyAtTheGate: Bool { state.withLock { $0.gate?.isEmpty == false } }

    private func pass() async {
        await withCheckedContinuation { continuation in
            let isOpen = state.withLock { state in
                guard state.gate != nil else { return true }
                state.gate?.append(continuation)
                return false
            }
            if isOpen { continuation.resume() }
        }
    }

    func lend(_ place: String, _ record: LeaseRecord) async throws -> SourceReading<String> {
        try begin(.lend)
        defer { state.withLock { $0.underWay -= 1 } }
        await pass()
        let now = now
        let id = state.withLock { state in
            let id = "lease-\(state.lent.count + 1)"
            state.lent[id] = Lent(place: place, mark: record.mark, lentAt: now, endsAt: now + life)
            return id
        }
        if state.withLock(\.loses)(.lend) { throw Self.outage }
        var lease = KeyLease(id: id, life: life, isRenewable: isRenewable, maximum: maximum, uses: uses)
        state.withLock(\.change)(&lease)
        return .lent(id.replacing("lease-", with: "key-"), under: lease)
    }

    func renew(_ lease: KeyLease) throws -> KeyLease? {
        try begin(.renew)
        defer { state.withLock { $0.underWay -= 1 } }
        let now = now
        let left = state.withLock { state -> Duration? in
            guard var lent = state.lent[lease.id], !lent.isRevoked, lent.endsAt > now else { return nil }
            let longest = maximum.map { lent.lentAt + $0 } ?? now + life
            lent.endsAt = min(now + life, longest)
            state.lent[lease.id] = lent
            return lent.endsAt - now
        }
        if state.withLock(\.loses)(.renew) { throw Self.outage }
        guard let left else { return nil }
        var renewed = lease
        renewed.life = lease.limit.map { min(left, $0) } ?? left
        state.withLock { $0.lent[lease.id]?.endsAt = now + renewed.life }
        state.withLock(\.change)(&renewed)
        return renewed
    }

    func giveBack(_ record: LeaseRecord) throws {
        try begin(.giveBack)
        defer { state.withLock { $0.underWay -= 1 } }
        state.withLock { state in
            let found = record.id ?? state.lent.first { $0.value.mark == record.mark }?.key
            guard let found, state.lent[found] != nil else { return }
            state.lent[found]?.isRevoked = true
            state.revocations[found, default: 0] += 1
        }
        if state.withLock(\.loses)(.giveBack) { throw Self.outage }
    }

    private func begin(_ step: Step) throws {
        let fails = state.withLock { state in
            state.steps[step, default: 0] += 1
            return state.fails
        }
        if let error = fails(step) { throw error }
        state.withLock { state in
            state.underWay += 1
            state.mostUnderWay = max(state.mostUnderWay, state.underWay)
        }
    }

    static let outage = KeyResolutionError(.unavailable, "the bank is closed", remedy: "wait")
    static let denial = KeyResolutionError(.denied, "the bank refuses", remedy: "ask for more rights")
}

/// What is borrowed from the bank: a key for each service.
struct BankSource: LeasingSource {
    let bank: LendingBank
    var lender = "bank"

    func location(for request: KeyRequest) -> String? { request.service.id }
    func lends(_ location: String) -> Bool { location != "groq" }
    func read(_ location: String) async throws -> SourceReading<String> { .found("read-\(location)") }

    func lend(_ location: String, as record: LeaseRecord) async throws -> SourceReading<String> {
        try await bank.lend(location, record)
    }

    func mayHaveLent(_ error: any Error) -> Bool { (error as? KeyResolutionError)?.code != .denied }
    func renew(_ lease: KeyLease, of location: String) async throws -> KeyLease? { try bank.renew(lease) }
    func giveBack(_ record: LeaseRecord) async throws { try bank.giveBack(record) }
}

/// A resolver that borrows from a bank, on clocks that stand still.
final class BankFixture: Sendable {
    let clock: ManualClock
    let date = ManualDate()
    let bank: LendingBank
    let resolver: KeyResolver
    let journal: String

    init(
        _ bank: LendingBank,
        in folder: String,
        idle: Duration = .seconds(100_000),
        grace: Duration = .seconds(10),
        providers: [Service: ProviderSettings] = [:],
        warnings: Recording<KeyWarning>? = nil
    ) throws {
        clock = bank.clock
        self.bank = bank
        journal = folder + "/leases"
        let registry = HookRegistry()
        var settings = SourceSettings(cache: CachePolicy(jitter: 0, failureBackoff: .seconds(1)...(.seconds(8))))
        settings.timeout = nil
        settings.leases = LeaseSettings(idle: idle, grace: grace, journal: journal)
        try registry.register { [clock, date, settings] hooks in
            hooks.answer(
                from: BankSource(bank: bank),
                id: "bank",
                settings: settings,
                clock: clock,
                date: { date.now }
            )
        }
        resolver = try KeyResolver(
            configuration: KeyConfiguration(providers: providers),
            registry: registry,
            environment: [:],
            onWarning: { warnings?.add($0) }
        )
    }

    func key(_ service: Service = "openai", refresh: Bool = false) async throws -> APIKey {
        guard let key = try await resolver.getAPIKey(service: service, refresh: refresh) else {
            throw LendingBank.outage
        }
        return key
    }

    func advance(_ seconds: Double) {
        clock.advance(by: .seconds(seconds))
        date.jump(by: seconds)
    }

    /// Lets time pass in small steps until something is so: what begins to sleep does so at its own time.
    func advance(until isSo: () -> Bool) async throws {
        while !isSo() {
            try Task.checkCancellation()
            advance(1)
            for _ in 0..<50 { await Task.yield() }
        }
    }

    var statistics: LeaseStatistics { resolver.leaseStatistics["bank"] ?? LeaseStatistics() }

    /// What is written down and not given back.
    var written: [LeaseRecord] { ((try? LeaseJournal.inFolder(journal).pages()) ?? []).flatMap(\.records) }
}
