/// One thing to be measured: a loop of a given number of calls.
struct Case: Sendable {
    let name: String
    let count: Int
    let isOnMainActor: Bool
    let run: @Sendable (Int) async throws -> Void

    init(
        _ name: String,
        count: Int = 200_000,
        isOnMainActor: Bool = false,
        run: @escaping @Sendable (Int) async throws -> Void
    ) {
        self.name = name
        self.count = count
        self.isOnMainActor = isOnMainActor
        self.run = run
    }
}

/// Measures cases side by side.
///
/// The rounds are interleaved, so that whatever else the machine does falls on all cases alike, and the best round of
/// each counts, since noise only ever adds.
struct Group: Sendable {
    let cases: [Case]
    var rounds = 15

    func measure() async throws -> [(name: String, nanoseconds: Double)] {
        var best = [Double](repeating: .infinity, count: cases.count)
        for _ in 0..<rounds {
            for (index, item) in cases.enumerated() {
                let time =
                    item.isOnMainActor ? try await timeOnMainActor(item) : try await time(item)
                best[index] = min(best[index], time)
            }
        }
        return zip(cases, best).map { ($0.name, $1) }
    }

    @concurrent
    private func time(_ item: Case) async throws -> Double {
        let clock = ContinuousClock()
        let start = clock.now
        try await item.run(item.count)
        return (clock.now - start) / .nanoseconds(1) / Double(item.count)
    }

    @MainActor
    private func timeOnMainActor(_ item: Case) async throws -> Double {
        let clock = ContinuousClock()
        let start = clock.now
        try await item.run(item.count)
        return (clock.now - start) / .nanoseconds(1) / Double(item.count)
    }
}

/// Keeps the optimiser from knowing what a value is.
@inline(never)
func opaque<Value>(_ value: Value) -> Value { value }
