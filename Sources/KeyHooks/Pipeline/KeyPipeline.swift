package import ExtensionHooks
import JSON5Syntax
package import LightFoundation
import Synchronization

/// The machine between a source and the hooks: the cache, the pick, and what becomes of failures.
///
/// ```
/// request ── location ──► TTL cache ── read ──► source
///    ▲                        │
///    └── rules of the user ───┴── pick the key ──► answer
/// ```
package final class KeyPipeline<Source: KeySource>: Sendable {
    package typealias Content = Source.Reading.Content

    /// What is kept as one entry: a location under one `ttl` of the user's.
    package struct Place: Hashable, Sendable {
        package let location: Source.Location
        let timeToLive: Duration?

        /// What the user says of the service that a source may look at, where the location is the request and so does
        /// not say it: what the plugin is told, and the variables that count.
        var section: JSONNode?
        var names: [String] = []

        /// Texts are compared byte by byte, as stores do: to Swift a Kelvin sign is a K, and one tenant would get the
        /// key of another.
        package static func == (left: Place, right: Place) -> Bool {
            guard left.timeToLive == right.timeToLive, left.section == right.section, left.names == right.names else {
                return false
            }
            guard let texts = exactTexts(in: left.location), let others = exactTexts(in: right.location) else {
                return left.location == right.location
            }
            return texts == others
        }

        package func hash(into hasher: inout Hasher) {
            if let texts = Self.exactTexts(in: location) { hasher.combine(texts) } else { hasher.combine(location) }
        }

        /// The texts that a location consists of; nil for a type that says itself what is the same.
        private static func exactTexts(in location: Source.Location) -> [ExactText]? {
            switch location {
            case let text as String: [ExactText(text)]
            case let text as Substring: [ExactText(String(text))]
            case let texts as [String]: texts.map { ExactText($0) }
            default: nil
            }
        }

        /// The same location under another `ttl`.
        func under(_ timeToLive: Duration?) -> Place {
            Place(location: location, timeToLive: timeToLive, section: section, names: names)
        }
    }

    package let id: HookID
    package let source: Source
    package let settings: SourceSettings
    package let cache: TTLCache<Place, Content>
    let details: SourceDetails<Source>
    let memo: AnswerMemo

    /// What keeps leases; nil for a source that doesn't lend.
    let keeper: LeaseKeeper<Place, Content>?
    private let asked: AskedLocations<Place>
    let rejected: RejectedReadings<Place>

    /// Each `ttl` that a rule had, as each has entries of its own; beyond the limit all entries are looked at.
    private let timesToLive = Mutex<Set<Duration>>([])

    private static var timesToLiveLimit: Int { 100 }

    /// Whether somebody said for which services the source is.
    private let isForSome: Bool

    /// Makes a pipeline; nothing is read yet.
    package init(
        from source: Source,
        id: HookID,
        isForSome: Bool = false,
        settings: SourceSettings,
        details: SourceDetails<Source>? = nil,
        clock: some Clock<Duration> = ContinuousClock(),
        date: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.source = source
        self.id = id
        self.isForSome = isForSome
        self.settings = settings
        let details = details ?? SourceDetails(of: id)
        self.details = details
        let policy = settings.cache.withinBounds
        let rejected = RejectedReadings<Place>(
            capacity: max(1_000, policy.capacity),
            pause: policy.failureBackoff.lowerBound
        )
        self.rejected = rejected
        let late = { @Sendable (place: Place, limit: Duration) in
            KeyResolutionError(
                .timedOut,
                "\(details.words(for: source.place(of: place.location))) took longer than \(limit)",
                remedy: "raise its timeout, or see why its source is slow"
            )
        }
        let keeper = Self.keeper(of: source, settings.leases, SourceClock(clock, date: date))
        self.keeper = keeper
        cache = TTLCache(
            policy: policy,
            clock: clock,
            date: date,
            handling: details.handling,
            deadline: settings.timeout.map { limit in (limit, { late($0, limit) }) },
            lendsThreads: details.neverBlocks
        ) { place, _ in
            let number = rejected.next()
            keeper?.adoptLeft()
            if let keeper, keeper.lends(place) {
                return try await keeper.reading(at: place.under(nil)).kept(under: place.timeToLive, number)
            }
            return try await source.read(place.location).sourceReading.kept(under: place.timeToLive, number)
        }
        // One location may hold many keys.
        memo = AnswerMemo(capacity: max(1_000, policy.capacity), cache.tickets)
        asked = AskedLocations(capacity: max(1_000, policy.capacity))
        if let source = source as? any ChangingSource { listen(to: source) }
        keeper?.onForget { [weak cache] place in cache?.invalidate { $0.under(nil) == place } }
    }

    private func listen<Changing: ChangingSource>(to source: Changing) {
        source.onChange { [weak self] isChanged in
            self?.cache.invalidate { ($0.location as? Changing.Location).map(isChanged) ?? false }
            return self != nil
        }
    }

    /// Where the answer to a request is kept; nil if the source has nothing to do with it.
    func place(for request: KeyRequest) throws -> Place? {
        guard let location = try source.location(for: request) else { return nil }
        let rule = request.rule
        if let timeToLive = rule?.timeToLive {
            // Who changes a rule all the time must not fill the memory.
            timesToLive.withLock { if $0.count < Self.timesToLiveLimit { $0.insert(timeToLive) } }
        }
        var place = Place(location: location, timeToLive: rule?.timeToLive)
        if Source.Location.self == KeyRequest.self {
            place.section = rule?.section(of: id.plugin)
            place.names = (location as? KeyRequest)?.names ?? []
        }
        return place
    }
}

extension KeyPipeline {
    /// Answers from the cache if it may; false if the source must be asked.
    func attempt(_ call: inout StartCall<KeyRequest, KeyAnswer>) -> Bool {
        let request = call.arguments
        do {
            guard let place = try place(for: request) else { return true }
            guard let hit = try cache.immediateValue(for: place, maximumAge: request.maximumAge) else { return false }
            guard let answer = try answer(to: request, at: place, hit) else { return false }
            guard use(hit, at: place) == .allowed else { return false }
            note(request, at: place)
            if hit.reading.loan?.countsUses != true { memo.keep(answer, to: request, hit.ticket) }
            answer.give(to: &call)
        } catch {
            give(error, to: &call)
        }
        return true
    }

    /// Answers from the source, or from memory if somebody else was faster.
    func read(_ call: inout StartCall<KeyRequest, KeyAnswer>) async throws {
        let request = call.arguments
        do {
            guard let place = try place(for: request) else { return }
            note(request, at: place)
            var hit = try await cache.value(for: place, maximumAge: request.maximumAge)
            var ended = 0
            while true {
                let use = use(hit, at: place)
                if use == .allowed { break }
                ended += use == .ended ? 1 : 0
                guard ended < 3 else { throw Self.fleeting }
                hit = try await cache.value(for: place, maximumAge: request.maximumAge)
            }
            if let answer = try answer(to: request, at: place, hit) { return answer.give(to: &call) }
            // The read is slow and nothing else is known: it is waited for.
            let next = try await cache.value(for: place, maximumAge: .zero)
            guard use(next, at: place) == .allowed else { throw Self.fleeting }
            try answer(to: request, at: place, next)?.give(to: &call)
        } catch let error as CancellationError {
            throw error
        } catch {
            give(error, to: &call)
        }
    }

    /// The newest version of a location that was given out under any `ttl`, and how long ago the source brought it
    /// last.
    package func newest(of location: Source.Location) -> (rank: CacheRank, age: Duration)? {
        places(like: Place(location: location, timeToLive: nil)).compactMap { cache.newest(of: $0) }
            .max { $0.rank.isOlder(than: $1.rank) }
    }

    /// The source was seen to answer again, so failures that will pass count no more.
    package func sourceRecovered() {
        cache.sourceRecovered()
        keeper?.sourceRecovered()
    }

    /// Forgets what may hold a key of a service, or all.
    func invalidate(_ service: Service?) {
        defer { memo.removeAll() }
        details.invalidated(service)
        guard let service else {
            keeper?.release { _, _ in true }
            return cache.invalidateAll()
        }
        let places = Set(cache.keys { mayHold($0, keyOf: service) }.map { $0.under(nil) })
        // Outside of the keeper's lock, since a source's own code is asked.
        let lent = Set(keeper?.places.filter { mayHold($0, keyOf: service) } ?? [])
        keeper?.release { place, _ in places.contains(place) || lent.contains(place) }
        cache.invalidate { mayHold($0, keyOf: service) }
    }

    /// Forgets what a key was picked from that was found to be bad, under every `ttl`, and what was read anew meanwhile
    /// and holds the same key; unless the source gave it again a moment ago.
    ///
    /// - Parameters:
    ///   - key: The key.
    ///   - number: The reading that it was picked from: what is not newer is forgotten. Nil if that isn't known, and
    ///     only what holds the key is forgotten.
    ///   - loan: The loan that it is of.
    ///   - place: Where it was read.
    ///   - request: What it answered.
    /// - Returns: Whether anything was forgotten.
    func reject(
        _ key: APIKey,
        of number: UInt64?,
        _ loan: LoanSummary?,
        at place: Place,
        for request: KeyRequest
    ) -> Bool {
        // To pick is the source's own code, so that it is done before any lock; what is read meanwhile is looked at in
        // the next round.
        while true {
            let places = places(like: place).union([place])
            let known = places.compactMap { cache.peek($0) }
            let same = Set(known.filter { holds($0, key, for: request) }.map(\.number))
            let seen = Set(known.map(\.number))
            var isComplete = true
            func isOld(_ reading: SourceReading<Content>) -> Bool {
                if number.map({ reading.number <= $0 }) ?? false || same.contains(reading.number) { return true }
                if !seen.contains(reading.number) { isComplete = false }
                return false
            }
            let isDropped = rejected.reject(key, of: number, at: place.under(nil), now: cache.now) {
                // Before anybody can ask again.
                if cache.peek(place).map(isOld) ?? true { details.rejected(place.location) }
                if let loan { keeper?.reject(place.under(nil), loan.id) }
                let dropped = places.map { cache.forget($0, where: isOld) }
                return (
                    isDropped: dropped.contains(where: \.isDropped),
                    isNewer: dropped.contains(where: \.isNewer),
                    abandoned: dropped.map(\.abandoned)
                )
            }
            if isDropped || isComplete { return isDropped }
        }
    }

    /// A place under every `ttl` that it may be kept under.
    private func places(like place: Place) -> Set<Place> {
        let known = timesToLive.withLock { $0 }
        guard known.count < Self.timesToLiveLimit else { return Set(cache.keys { $0.under(nil) == place.under(nil) }) }
        return Set(([nil] + known).map(place.under))
    }

    private func holds(_ reading: SourceReading<Content>, _ key: APIKey, for request: KeyRequest) -> Bool {
        guard let content = reading.content,
            case .found(let value, _, _)? = try? source.key(for: request, in: content).pick
        else { return false }
        return APIKey(value) == key
    }

    func note(_ request: KeyRequest, at place: Place) {
        asked.note(request, at: place) { (try? source.location(for: $0)) == place.location }
    }

    /// Whether a request for a service leads to a location, as far as is known.
    private func mayHold(_ place: Place, keyOf service: Service) -> Bool {
        asked.isKnown(service, at: place) { (try? source.location(for: $0)) == place.location } ?? true
    }
}

extension KeyPipeline {
    /// What a reading answers to a request; nil if it is too old for that and the source has to be waited for.
    ///
    /// An old key may bridge an outage. That there is none may not: a weaker source would answer while nobody knows.
    func answer(to request: KeyRequest, at place: Place, _ hit: CacheHit<Content>) throws -> SourceAnswer? {
        let answer = try pick(request, at: place, hit)
        guard hit.state == .expired, !answer.isKey else { return answer }
        if let failure = hit.failure { throw failure }
        return nil
    }

    private func pick(_ request: KeyRequest, at place: Place, _ hit: CacheHit<Content>) throws -> SourceAnswer {
        let reading = hit.reading
        let pick =
            try reading.content.map { try source.key(for: request, in: $0).pick }
            ?? .absent(reason: reading.reason, remedy: reading.remedy, isUsual: nil)
        let shown = source.place(of: place.location)
        switch pick {
        case .found(let value, let name, let detail):
            let own = [shown, name.map { "field \($0)" } ?? ""].filter { !$0.isEmpty }.joined(separator: ", ")
            let detail = detail ?? own
            var provenance = KeyProvenance(
                source: .hook(id, detail: detail.isEmpty ? nil : detail),
                resolvedAt: hit.loadedAt,
                version: reading.version,
                expiresAt: reading.expiresAt ?? reading.loan?.endsAt,
                isStale: hit.state == .expired
            )
            provenance.createdAt = reading.createdAt
            provenance.metadata = reading.metadata
            provenance.lease = reading.loan.map(KeyProvenance.Lease.init)
            provenance.origin = KeyOrigin(
                request,
                of: self,
                release: { $0.release(reading.loan, at: place) },
                drop: { key, pipeline in
                    pipeline.reject(key, of: reading.number, reading.loan, at: place, for: request)
                }
            )
            return .answer(.found(APIKey(value, provenance: provenance)))
        case .absent(let reason, let remedy, let isUsual):
            let isUsual = isUsual ?? !(isForSome || request.rule?.countsOn(id.plugin) == true)
            return .skip(SkippedSource(details.words(for: shown), reason: reason, remedy: remedy, isUsual: isUsual))
        case .notRequired: return .answer(.notRequired)
        case .proceed: return .proceed
        case .rewritten(let service): return .rewritten(service)
        }
    }

    /// Ends the call with a failure, or skips the source where the user allows it.
    private func give(_ error: any Error, to call: inout StartCall<KeyRequest, KeyAnswer>) {
        let request = call.arguments
        var error = failure(error, for: request)
        error.service = request.service
        if mayBeSkipped(after: error, for: request) {
            call.skip(details.title, after: error)
        } else {
            call.result = .failure(error)
        }
    }

    /// Whether a weaker source may answer in place of a failure.
    func mayBeSkipped(after error: any Error, for request: KeyRequest) -> Bool {
        (request.rule?.fallback ?? settings.fallback).allows(failure(error, for: request))
    }

    private func failure(_ error: any Error, for request: KeyRequest) -> KeyResolutionError {
        if let error = details.error(error, request) ?? error as? KeyResolutionError { return error }
        return KeyResolutionError(
            .pluginFailed,
            "\(id.words) failed for '\(request.service)'",
            remedy: "fix the plugin, or switch plugins off to see what the environment has",
            underlying: error
        )
    }
}

extension KeyPipeline: CustomReflectable {
    /// Shows what was done, and nothing that is kept.
    package var customMirror: Mirror { Mirror(self, children: ["id": id.rawValue, "cache": cache]) }
}
