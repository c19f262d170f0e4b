import Synchronization

extension TTLCache {
    /// Reads several keys with few requests; gives a result for each, in their order.
    package typealias JointRead = @Sendable ([Key]) async -> [Result<SourceReading<Content>, any Error>]

    /// Begins to read those of some keys that aren't fresh, that aren't being read, and whose last read didn't just
    /// fail.
    ///
    /// They are read by one task. For whoever asks meanwhile each is a read under way like any other: it is joined, can
    /// be invalidated, has the deadline, and fails by itself. It goes on whether or not anybody waits, as others may.
    ///
    /// - Parameters:
    ///   - keys: The keys, each once.
    ///   - read: Reads several of them.
    package func startReading(_ keys: [Key], together read: @escaping JointRead) {
        let moment = moment
        let begun = storage.withLock { $0.begin(together: keys, at: moment) }
        guard begun.count > 1 else {
            for (key, flight) in begun { start(key, flight, isAwaited: false) }
            return
        }
        let keys = begun.map(\.key)
        let reader = ReadUnderWay(begun[0].flight, of: Set(keys), in: self, within: ReadWaits.current)
        let task = Task.detached(priority: Task.currentPriority) { [self] in
            defer { reader.end() }
            let results = await ReadWaits.$current.withValue(reader) { await read(keys) }
            for (index, (_, flight)) in begun.enumerated() {
                // What nothing is said of wasn't read.
                finish(flight, index < results.count ? results[index] : .failure(CancellationError()))
            }
        }
        storage.withLock { storage in
            // None has the task: whoever gives one key up must not end the read of the others.
            for (key, flight) in begun where storage.flights[flight] != nil {
                storage.flights[flight]?.deadline = end(of: flight, of: key, task)
            }
        }
    }

    /// A point in what the cache does; see ``add(_:since:)``.
    package struct Mark: Sendable {
        fileprivate let began: Duration
        fileprivate let forgettings: UInt64
    }

    /// The present point, for who begins to read what nobody asked the cache for.
    package var mark: Mark {
        let now = clock.now()
        return storage.withLock { Mark(began: now, forgettings: $0.forgettings) }
    }

    /// Keeps readings of keys that nobody asked for.
    ///
    /// None takes the place of a value that is fresh, of another key, of a read under way, or of a newer version.
    ///
    /// - Parameters:
    ///   - readings: The readings, by key.
    ///   - mark: The point before they were read. If anything was forgotten since, none of them is kept: they may be
    ///     older than that.
    /// - Returns: Whether there is room for more.
    package func add(_ readings: [(key: Key, reading: SourceReading<Content>)], since mark: Mark) -> Bool {
        let moment = moment
        return storage.withLock { storage in
            guard storage.forgettings == mark.forgettings else { return true }
            return readings.allSatisfy { storage.add($0.reading, of: $0.key, begunAt: mark.began, at: moment) }
        }
    }
}

extension CacheStorage {
    /// Notes that one read of several keys begins, as far as they are due.
    fileprivate mutating func begin(together keys: [Key], at moment: CacheMoment) -> [(key: Key, flight: UInt64)] {
        var begun: [(key: Key, flight: UInt64)] = []
        for key in keys where joinable[key] == nil {
            let slot = slot(of: key)
            if let failure = slot?.failure, isInWindow(failure, at: moment.now) { continue }
            let state = slot?.entry?.state(at: moment)
            if state == .fresh { continue }
            let flight = begin(key, isRefresh: state == .stale, at: moment)
            flights[flight]?.isRefresh = true
            flights[flight]?.read = begun.first?.flight
            begun.append((key, flight))
        }
        return begun
    }

    /// Keeps what a read brought unasked; gives whether there is room for more.
    fileprivate mutating func add(
        _ reading: SourceReading<Content>,
        of key: Key,
        begunAt began: Duration,
        at moment: CacheMoment
    ) -> Bool {
        let (slot, floor) = (slot(of: key), floor(of: key, at: moment))
        guard joinable[key] == nil, slot?.entry?.state(at: moment) != .fresh, floor?.bars(reading) != true else {
            return true
        }
        if slot == nil {
            trim(at: moment)
            guard slots.count < policy.capacity else { return false }
        }
        let start = CacheMoment(now: began, date: moment.date)
        _ = succeed(begin(key, isRefresh: true, at: start), reading, at: moment)
        return true
    }
}
