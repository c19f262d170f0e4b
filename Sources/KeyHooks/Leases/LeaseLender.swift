/// A ``LeasingSource`` without its types: what a keeper asks of it, by the place in the pipeline.
struct LeaseLender<Place: Hashable & Sendable, Content: Sendable>: Sendable {
    let name: String
    let findsByMark: Bool
    let mayHaveLent: @Sendable (any Error) -> Bool
    let isOwn: @Sendable (LeaseRecord) -> Bool
    let lends: @Sendable (Place) -> Bool
    let words: @Sendable (Place) -> String
    let lend: @Sendable (Place, LeaseRecord) async throws -> SourceReading<Content>
    let renew: @Sendable (KeyLease, Place) async throws -> KeyLease?
    let giveBack: @Sendable (LeaseRecord) async throws -> Void
}

extension LeaseLender {
    /// What a source is asked, if it lends at all.
    ///
    /// - Parameters:
    ///   - source: The source.
    ///   - location: The location of a place.
    init?<Source: KeySource>(
        _ source: Source,
        location: @escaping @Sendable (Place) -> Source.Location
    ) where Source.Reading.Content == Content {
        guard let leasing = source as? any LeasingSource else { return nil }
        self.init(opening: leasing, location)
    }

    private init?<Leasing: LeasingSource, Location: Hashable & Sendable>(
        opening source: Leasing,
        _ place: @escaping @Sendable (Place) -> Location
    ) {
        // The source is the same one, and so are its types; only the compiler doesn't know.
        guard Leasing.Location.self == Location.self, Leasing.Reading.Content.self == Content.self else { return nil }
        let location = { @Sendable (at: Place) -> Leasing.Location in
            guard let location = place(at) as? Leasing.Location else { preconditionFailure("a source has one type") }
            return location
        }
        name = source.lender
        findsByMark = source.findsByMark
        mayHaveLent = { source.mayHaveLent($0) }
        isOwn = { source.isOwn($0) }
        lends = { source.lends(location($0)) }
        words = { source.place(of: location($0)) }
        lend = { place, record in
            let reading = try await source.lend(location(place), as: record).sourceReading
            guard let reading = reading as? SourceReading<Content> else {
                preconditionFailure("a source has one type")
            }
            return reading
        }
        renew = { lease, place in try await source.renew(lease, of: location(place)) }
        giveBack = { try await source.giveBack($0) }
    }
}
