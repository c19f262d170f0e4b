import Foundation
import FuzzSupport
import Testing

@testable import KeyHooks

/// What happens for each read takes no longer because there are many keys.
@Suite(.serialized, .timeLimit(.minutes(5))) struct TTLCacheScaleTests {
    /// What a cache keeps, driven as its reads drive it; without their tasks, whose time would hide the rest.
    private final class Driver {
        let stamps: CacheStamps
        var storage: CacheStorage<Int, Int>
        var now = Duration.zero

        init(capacity: Int) {
            stamps = CacheStamps(capacity: capacity)
            storage = CacheStorage(CachePolicy(jitter: 0, capacity: capacity), stamps: stamps) { 0 }
        }

        deinit { stamps.deallocate() }

        func read(_ key: Int) {
            let moment = CacheMoment(now: now) { Date(timeIntervalSince1970: 0) }
            let flight = storage.begin(key, isRefresh: false, at: moment)
            _ = storage.succeed(flight, .value(key), at: moment)
        }
    }

    /// The best time of a few tries, of this thread: what else the machine does counts for nothing.
    private func time(_ count: Int, _ body: (Int) -> Void) -> Duration {
        (1...5)
            .map { _ in
                let start = threadTime
                body(count)
                return threadTime - start
            }
            .min() ?? .zero
    }

    /// Eight times as many keys take eight times as long; with the square it would be 64 times.
    private func expectLinear(_ body: (Int) -> Void) {
        let few = time(1_500, body)
        let many = time(12_000, body)
        #expect(many < few * 24, "\(few) for 1,500, \(many) for 12,000")
    }

    @Test func `Keys that were never read`() {
        expectLinear { count in
            let driver = Driver(capacity: count)
            for key in 0..<count { driver.read(key) }
            #expect(driver.storage.entryCount == count)
        }
    }

    @Test func `More keys than there is room for`() {
        expectLinear { count in
            let driver = Driver(capacity: count / 2)
            for key in 0..<count { driver.read(key) }
            #expect(driver.storage.statistics.evictions == count - count / 2)
        }
    }

    @Test func `Keys that have died`() {
        expectLinear { count in
            let driver = Driver(capacity: count)
            for key in 0..<count {
                // So that half of them are there at any time.
                driver.now += .seconds(600) / count
                driver.read(key)
            }
            #expect(abs(driver.storage.entryCount - count / 2) <= 1)
        }
    }

    @Test func `Renewals, and keys that are forgotten one by one`() {
        expectLinear { count in
            let driver = Driver(capacity: count)
            for _ in 1...2 { for key in 0..<count { driver.read(key) } }
            for key in 0..<count { _ = driver.storage.invalidate(key) }
            #expect(driver.storage.entryCount == 0)
        }
    }

    @Test func `Moments are taken in order, and those that count no more are dropped`() throws {
        var generator = SystemRandomNumberGenerator()
        var sweeps = CacheSweeps()
        let moments = (0..<1_000).map { _ in Int.random(in: 0..<300, using: &generator) }
        for (place, moment) in moments.enumerated() {
            sweeps.add(CacheSweeps.Item(moment: .seconds(moment), place: place, number: UInt64(place)))
        }
        sweeps.keep { $0.place % 3 != 0 }
        var taken: [Int] = []
        for now in [100, 299] {
            while let item = sweeps.next(at: .seconds(now)) {
                #expect(item.moment <= .seconds(now))
                taken.append(moments[item.place])
            }
        }
        #expect(taken == moments.enumerated().filter { $0.offset % 3 != 0 }.map(\.element).sorted())
        #expect(sweeps.count == 0)
    }

    @Test func `Moments that were overtaken do not pile up`() {
        let stamps = CacheStamps(capacity: 1)
        defer { stamps.deallocate() }
        var storage = CacheStorage<Int, Int>(CachePolicy(), stamps: stamps) { 0 }
        for _ in 1...10_000 {
            storage.store(1) { $0.floor = CacheFloor(rank: CacheRank(version: 1), since: .zero, end: .seconds(1)) }
        }
        #expect(storage.sweepCount < 100)
    }
}
