import Testing

@testable import KeyHooks

/// A bounded dictionary that keeps what is in use.
struct RecentMapTests {
    @Test(arguments: [1, 2, 7]) func `As many keys as it says are found however often they are asked for`(capacity: Int)
    {
        var map = RecentMap<Int, Int>(capacity: capacity)
        for key in 0..<capacity { map.set(key, for: key) }
        for round in 1...5 {
            for key in 0..<capacity { #expect(map.value(for: key) == key, "round \(round)") }
        }
    }

    @Test func `What is in use stays when others come`() {
        var map = RecentMap<Int, Int>(capacity: 10)
        map.set(1, for: -1)
        for key in 0..<1_000 {
            map.set(key, for: key)
            #expect(map.value(for: -1) == 1)
        }
        #expect((0..<1_000).count { map.value(for: $0) != nil } <= 20)
        #expect(map.value(for: 999) == 999)
    }

    @Test func `A value is replaced in place`() {
        var map = RecentMap<Int, Int>(capacity: 2)
        for key in 1...2 { map.set(0, for: key) }
        for value in 1...10 { map.set(value, for: 2) }
        #expect(map.value(for: 1) == 0 && map.value(for: 2) == 10)
        map.removeAll()
        #expect(map.value(for: 1) == nil && map.value(for: 2) == nil)
    }

    @Test func `A new value is not followed by an old one of the elder generation`() {
        var map = RecentMap<Int, Int>(capacity: 1)
        map.set(1, for: 1)
        map.set(0, for: 2)
        map.set(2, for: 1)
        #expect(map.value(for: 1) == 2)
        map.set(0, for: 3)
        #expect(map.value(for: 1) == 2)
    }
}
