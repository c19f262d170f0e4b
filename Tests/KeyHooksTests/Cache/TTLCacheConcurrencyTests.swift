import Dispatch
import KeyHooks
import Synchronization
import Testing

/// Many readers at once.
@Suite(.timeLimit(.minutes(5))) struct TTLCacheConcurrencyTests {
    @Test func `Ten thousand misses of one key make one read`() async throws {
        let fixture = try CacheFixture()
        fixture.source.hold()
        let values = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 1...10_000 { group.addTask { try await fixture.read() } }
            try await until { fixture.cache.statistics.misses == 10_000 }
            fixture.source.releaseAll()
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(values.count == 10_000)
        #expect(values.allSatisfy { $0 == "a1" })
        #expect(fixture.source.count == 1)
    }

    @Test func `No reader sees what an earlier invalidation ended`() async throws {
        let truth = Truth()
        let cache = TTLCache<Int, Int>(load: { key, _ in
            let value = truth.now[key]
            // Old by the time it arrives, more often than not.
            for _ in 0..<(value % 5) { await Task.yield() }
            return .value(value)
        })
        try await withThrowingTaskGroup(of: Void.self) { group in
            for task in 0..<1000 {
                group.addTask {
                    for step in 0..<10 {
                        let key = (task * 7 + step * 13) % 50
                        if (task + step).isMultiple(of: 4) { truth.rise(key) { cache.invalidate(key) } }
                        let floor = truth.floor[key]
                        let seen = try await cache.value(for: key).value
                        #expect(seen >= floor)
                    }
                }
            }
            try await group.waitForAll()
        }
        for key in 0..<50 {
            let seen = try await cache.value(for: key).value
            #expect(seen == truth.now[key])
        }
    }

    @Test func `Readers who leave in a crowd leave nobody behind`() async throws {
        let cache = TTLCache<Int, Int>(load: { key, _ in
            for _ in 0..<5 { await Task.yield() }
            return .value(key)
        })
        let readers = (0..<1000)
            .map { number in
                Task { try await cache.value(for: number % 5, maximumAge: .zero).value }
            }
        for reader in readers.enumerated() where !reader.offset.isMultiple(of: 3) { reader.element.cancel() }
        for (number, reader) in readers.enumerated() {
            switch await reader.result {
            case .success(let value): #expect(value == number % 5)
            case .failure(let error): #expect(error is CancellationError && !number.isMultiple(of: 3))
            }
        }
        try await until { (0..<5).allSatisfy { cache.summary(of: $0)?.isLoading != true } }
    }
}

/// What the source would say now of each of fifty keys, and what readers must see at least.
private final class Truth: Sendable {
    private let state = Mutex((now: Array(repeating: 0, count: 50), floor: Array(repeating: 0, count: 50)))

    var now: [Int] { state.withLock { $0.now } }
    var floor: [Int] { state.withLock { $0.floor } }

    /// Changes a key and says so; once that has returned, nobody may see an older value.
    func rise(_ key: Int, _ invalidate: () -> Void) {
        let value = state.withLock { state in
            state.now[key] += 1
            return state.now[key]
        }
        invalidate()
        state.withLock { $0.floor[key] = max($0.floor[key], value) }
    }
}

/// A source may block a thread before it waits for anything.
struct TTLCacheActorTests {
    @Test("The thread of an actor is not lent to a source")
    @MainActor
    func mainActor() async throws {
        // The main actor's queue, since its thread may be any.
        let mark = DispatchSpecificKey<Bool>()
        DispatchQueue.main.setSpecific(key: mark, value: true)
        defer { DispatchQueue.main.setSpecific(key: mark, value: nil) }
        let cache = TTLCache<String, Bool> { _, _ in .value(DispatchQueue.getSpecific(key: mark) == true) }
        #expect(DispatchQueue.getSpecific(key: mark) == true)
        #expect(try await cache.value(for: "a").value == false)
    }
}
