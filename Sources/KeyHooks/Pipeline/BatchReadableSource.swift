/// A source that reads several locations with few requests.
package protocol BatchReadableSource: KeySource {
    /// Whether it can, as its store may not.
    var readsTogether: Bool { get }

    /// Whether a location can be read with others.
    func canReadTogether(_ location: Location) -> Bool

    /// Reads several locations.
    ///
    /// - Parameter locations: The locations, each once.
    /// - Returns: What is there or why it can't be read, in the order of the locations.
    func read(together locations: [Location]) async -> [Result<Reading, any Error>]

    /// Reads all that has some tags, page by page.
    ///
    /// - Parameters:
    ///   - tags: The tags, all of which must be there.
    ///   - keep: Takes a page, and says whether the next is wanted.
    /// - Throws: Why it can't be read.
    func read(tagged tags: [String: String], _ keep: ([(location: Location, reading: Reading)]) -> Bool) async throws
}

extension KeyPipeline {
    /// The source if it reads several locations with few requests.
    var batch: (any BatchReadableSource)? {
        // What is lent is asked for one by one.
        guard keeper == nil, let batch = source as? any BatchReadableSource, batch.readsTogether else { return nil }
        return batch
    }

    /// How many locations are read at once: the deadline of one read is to be enough for all requests that it takes.
    private static var batchLimit: Int { 200 }

    /// Reads together where the answers to some requests are, as far as that isn't kept, and keeps it; gives those that a
    /// weaker source is to be asked for.
    func read(together requests: [KeyRequest], from source: some BatchReadableSource) async throws -> [KeyRequest] {
        var left: [KeyRequest] = []
        var located: [(request: KeyRequest, place: Place)] = []
        var (places, seen) = ([Place](), Set<Place>())
        for request in requests {
            do {
                guard let place = try place(for: request) else {
                    left.append(request)
                    continue
                }
                note(request, at: place)
                located.append((request, place))
                if canReadTogether(place, from: source), seen.insert(place).inserted { places.append(place) }
            } catch {
                if mayBeSkipped(after: error, for: request) { left.append(request) }
            }
        }
        // More would make one another go.
        places = Array(places.prefix(cache.policy.capacity))
        for start in stride(from: 0, to: places.count, by: Self.batchLimit) {
            try Task.checkCancellation()
            let some = Array(places[start..<min(start + Self.batchLimit, places.count)])
            cache.startReading(some) { await self.readings(of: $0, from: source) }
            for place in some {
                do { _ = try await cache.value(for: place) } catch let error as CancellationError { throw error } catch
                {}
            }
        }
        return left + located.filter { leaves($0.request, at: $0.place) }.map(\.request)
    }

    private func canReadTogether<Batch: BatchReadableSource>(_ place: Place, from source: Batch) -> Bool {
        // What is kept for no time would be read again by who asks for it.
        guard place.timeToLive ?? cache.policy.timeToLive > .zero else { return false }
        return (place.location as? Batch.Location).map { source.canReadTogether($0) } ?? false
    }

    private func readings<Batch: BatchReadableSource>(
        of places: [Place],
        from source: Batch
    ) async -> [Result<SourceReading<Content>, any Error>] {
        let numbers = places.map { _ in rejected.next() }
        // The same location may be wanted under several `ttl`s.
        var (locations, indices) = ([Batch.Location](), [Place: Int]())
        for place in places where indices[place.under(nil)] == nil {
            guard let location = place.location as? Batch.Location else { preconditionFailure("a source has one type") }
            indices[place.under(nil)] = locations.count
            locations.append(location)
        }
        let results = await source.read(together: locations)
        return zip(places, numbers)
            .map { place, number in
                guard let index = indices[place.under(nil)], index < results.count else {
                    return .failure(CancellationError())
                }
                return results[index].map { Self.reading($0).kept(under: place.timeToLive, number) }
            }
    }

    /// A reading of the same source, under the type that the pipeline knows.
    private static func reading(_ result: some SourceResult) -> SourceReading<Content> {
        guard let reading = result.sourceReading as? SourceReading<Content> else {
            preconditionFailure("a source has one type")
        }
        return reading
    }

    /// Whether what is kept of a place leaves a request to weaker sources.
    private func leaves(_ request: KeyRequest, at place: Place) -> Bool {
        do {
            guard let hit = try cache.immediateValue(for: place), let answer = try answer(to: request, at: place, hit)
            else { return false }
            return switch answer {
            case .skip, .proceed: true
            case .answer, .rewritten: false
            }
        } catch {
            return mayBeSkipped(after: error, for: request)
        }
    }

    /// Reads all that has some tags, and keeps it as far as there is room: for every request under no `ttl` of its own,
    /// and for those that are given.
    func read(
        tagged tags: [String: String],
        for requests: [KeyRequest],
        from source: some BatchReadableSource
    ) async throws {
        var ruled: [Place: Set<Duration>] = [:]
        for request in requests {
            guard let place = try? place(for: request), let timeToLive = place.timeToLive else { continue }
            ruled[place.under(nil), default: []].insert(timeToLive)
        }
        var (mark, number) = (cache.mark, rejected.next())
        try await source.read(tagged: tags) { page in
            let readings = page.flatMap { location, result in
                guard let location = location as? Source.Location else { preconditionFailure("a source has one type") }
                let place = Place(location: location, timeToLive: nil)
                return ([nil] + (ruled[place] ?? []))
                    .map { (key: place.under($0), reading: Self.reading(result).kept(under: $0, number)) }
            }
            let hasRoom = cache.add(readings, since: mark)
            (mark, number) = (cache.mark, rejected.next())
            return hasRoom
        }
    }
}

/// Does something with each of many items, at most so many at a time; gives what came of it, in their order.
func concurrently<Item: Sendable, Output: Sendable>(
    _ items: [Item],
    atMost limit: Int,
    _ work: @escaping @Sendable (Item) async -> Output
) async -> [Output] {
    await withTaskGroup(of: (index: Int, output: Output).self) { group in
        var outputs = [Output?](repeating: nil, count: items.count)
        for (index, item) in items.enumerated() {
            if index >= limit, let done = await group.next() { outputs[done.index] = done.output }
            group.addTask { (index, await work(item)) }
        }
        for await done in group { outputs[done.index] = done.output }
        return outputs.compactMap(\.self)
    }
}
