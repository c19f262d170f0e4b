import KeyHooks
import Testing

/// Whatever is done to a cache in a row, it does what the documentation says.
@Suite(.timeLimit(.minutes(5))) struct TTLCachePropertyTests {
    /// A generator of its own, so that a seed gives the same on each machine (SplitMix64).
    struct Generator: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }
    }

    static let keys = ["a", "b", "c", "d", "e"]

    private func fixture(_ capacity: Int) throws -> CacheFixture {
        try CacheFixture(
            { policy in
                policy.timeToLive = .seconds(40)
                policy.negativeTimeToLive = .seconds(12)
                policy.staleIfError = .seconds(20)
                policy.failureBackoff = .seconds(2)...(.seconds(16))
                policy.capacity = capacity
            },
            handling: { error in
                guard let retry = error as? Retry else { return .standard(error) }
                return .passing(retryAfter: .seconds(retry.after))
            }
        )
    }

    private struct Retry: Error {
        let after: Int
    }

    private func answer(_ generator: inout Generator) -> CacheModel.Answer {
        switch Int.random(in: 0..<10, using: &generator) {
        case 0...3: .value(lifetime: nil)
        case 4: .value(lifetime: Int.random(in: 0...70, using: &generator))
        case 5: .absence
        case 6, 7: .passing(retryAfter: nil)
        case 8: .passing(retryAfter: Int.random(in: 0...30, using: &generator))
        default: .final
        }
    }

    private func set(_ source: ScriptedSource, to answer: CacheModel.Answer) {
        source.answer { key, number in
            switch answer {
            case .value(let lifetime): .value("\(key)\(number)", lifetime: lifetime.map { .seconds($0) })
            case .absence: .absence("nothing")
            case .passing(nil): throw outage
            case .passing(let after?): throw Retry(after: after)
            case .final: throw denial
            }
        }
    }

    @Test(arguments: 0..<300) func `It does what the model does`(seed: UInt64) async throws {
        var generator = Generator(state: seed)
        let capacity = Int.random(in: 1...6, using: &generator)
        let fixture = try fixture(capacity)
        var model = CacheModel(capacity: capacity)
        for step in 1...100 {
            let key = Self.keys.randomElement(using: &generator) ?? "a"
            var place: Comment { "seed \(seed), step \(step), key \(key), capacity \(capacity), second \(model.now)" }
            switch Int.random(in: 0..<20, using: &generator) {
            case 0...11:
                let answer = answer(&generator)
                let ages: [Int?] = [nil, nil, nil, nil, 0, 1, 5, 20, 60]
                let age = ages.randomElement(using: &generator) ?? nil
                set(fixture.source, to: answer)
                let expected = model.read(key, maximumAge: age, answer)
                let actual = await fixture.outcome(key, maximumAge: age.map { .seconds($0) })
                try await fixture.settle(key)
                // The source's own error has another name than the model's.
                try #require((actual == "Retry" ? "unavailable" : actual) == expected, place)
            case 12...17:
                let seconds = Int.random(in: 0...[3, 12, 45].randomElement(using: &generator)!, using: &generator)
                fixture.advance(Double(seconds))
                model.now += seconds
            case 18:
                fixture.cache.invalidate(key)
                model.forget { $0 == key }
            default:
                fixture.cache.invalidate { $0 < key }
                model.forget { $0 < key }
            }
            try #require(fixture.source.count == model.loads, place)
            for key in Self.keys {
                let summary = fixture.cache.summary(of: key)
                try #require((summary != nil) == (model.uses[key] != nil), place)
                try #require(summary?.state == model.kept[key].map(model.state(of:)), place)
                try #require((summary?.failureCount ?? 0) == (model.failed[key]?.count ?? 0), place)
            }
        }
    }
}
