import JSON5Syntax

extension ManagedKeySource: BatchReadableSource {
    /// How many secrets are read at a time where the store doesn't let many be read at once.
    private static var width: Int { 16 }

    package var readsTogether: Bool { secrets.readsMany && secrets.access.isReadable }

    package func canReadTogether(_ location: Location) -> Bool { location.version == nil }

    package func read(together locations: [Location]) async -> [Result<SourceReading<SecretContent>, any Error>] {
        var results: [Location: Result<SourceReading<SecretContent>, any Error>] = [:]
        for some in Dictionary(grouping: locations, by: \.exactParameters).values {
            let options = SecretOptions(parameters: some[0].parameters)
            do {
                let found = try await secrets.readMany(some.map(\.name), options)
                for location in some {
                    results[location] = found[location.name]
                        .map { result in Result { try reading(of: result.get(), at: location) } }
                }
            } catch let error as KeyResolutionError where [.denied, .unsupported].contains(error.code) {
                // To read many at once may want a permission of its own, and says nothing of each.
                let read = await concurrently(some, atMost: Self.width) { await result(at: $0) }
                results.merge(zip(some, read)) { $1 }
            } catch {
                for location in some { results[location] = .failure(error) }
            }
        }
        return locations.map { results[$0] ?? .failure(CancellationError()) }
    }

    private func result(at location: Location) async -> Result<SourceReading<SecretContent>, any Error> {
        do { return .success(try await read(location)) } catch { return .failure(error) }
    }

    package func read(
        tagged tags: [String: String],
        _ keep: ([(location: Location, reading: SourceReading<SecretContent>)]) -> Bool
    ) async throws {
        var pages = TaggedPages(tags, of: secrets)
        var goesOn = true
        while goesOn, let page = try await pages.next() {
            goesOn = keep(
                page.compactMap { name, secret in
                    // Others are no names of these secrets.
                    guard name.dropping(secrets.prefix) != nil else { return nil }
                    let location = Location(name: name, version: nil, parameters: [:])
                    return (try? reading(of: secret, at: location)).map { (location, $0) }
                }
            )
        }
    }
}
