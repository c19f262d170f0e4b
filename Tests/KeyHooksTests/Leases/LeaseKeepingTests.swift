import ExtensionHooks
import Foundation
import KeyHooks
import KeyHooksTesting
import Testing

/// What is lent is borrowed once, kept while it is used, and given back.
@Suite(.timeLimit(.minutes(5))) struct LeaseKeepingTests {
    let clock = ManualClock()

    @Test func `1,000 concurrent first calls borrow one key`() async throws {
        try await withTemporaryFolder { folder in
            let bank = LendingBank(clock)
            let fixture = try BankFixture(bank, in: folder.path)
            bank.close()
            let keys = try await withThrowingTaskGroup(of: APIKey.self) { group in
                for _ in 0..<1_000 { group.addTask { try await fixture.key() } }
                try await until { bank.isSomebodyAtTheGate }
                bank.open()
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(Set(keys.map(\.value)) == ["key-1"] && bank.count(.lend) == 1)
            #expect(fixture.statistics.lent == 1 && fixture.statistics.live == 1)
        }
    }

    @Test func `A key that is used is renewed ahead of its end, in the background and once at a time`() async throws {
        try await withTemporaryFolder { folder in
            let bank = LendingBank(clock, life: .seconds(100))
            let fixture = try BankFixture(bank, in: folder.path)
            for _ in 0..<200 {
                #expect(bank.accepts(try await fixture.key().value))
                fixture.advance(5)
                try await until { bank.mostUnderWay <= 1 }
                for _ in 0..<20 { await Task.yield() }
            }
            #expect(bank.count(.lend) == 1 && bank.live == ["lease-1"])
            #expect((8...30).contains(bank.count(.renew)), "\(bank.count(.renew)) renewals in 1,000 s")
            let lease = try #require(try await fixture.key().provenance?.lease)
            #expect(
                lease.id == "lease-1" && lease.isRenewable && lease.renewals >= 8 && lease.endsAt > fixture.date.now
            )
        }
    }

    @Test func `Before the maximum another key is borrowed, and the old one is good for calls in flight`() async throws
    {
        try await withTemporaryFolder { folder in
            let bank = LendingBank(clock, life: .seconds(1_000), maximum: .seconds(2_500))
            let fixture = try BankFixture(bank, in: folder.path, grace: .seconds(10))
            let old = try await fixture.key().value
            var new = old
            while new == old {
                #expect(bank.accepts(new))
                fixture.advance(20)
                for _ in 0..<50 { await Task.yield() }
                new = try await fixture.key().value
            }
            #expect(bank.now < .seconds(2_500) && bank.accepts(new) && bank.accepts(old))
            try await fixture.advance { bank.revocations == ["lease-1": 1] }
            #expect(bank.now < .seconds(2_500) && bank.accepts(new))
            #expect(fixture.statistics.replaced == 1)
        }
    }

    @Test func `A lease that can't be renewed is replaced ahead of its end`() async throws {
        try await withTemporaryFolder { folder in
            let bank = LendingBank(clock, life: .seconds(100), isRenewable: false)
            let fixture = try BankFixture(bank, in: folder.path)
            for _ in 0..<100 {
                #expect(bank.accepts(try await fixture.key().value))
                fixture.advance(5)
                for _ in 0..<50 { await Task.yield() }
            }
            #expect(bank.count(.renew) == 0 && (5...8).contains(bank.count(.lend)))
        }
    }

    @Test func `A lease that the server lost is given up, and another one borrowed by the same call`() async throws {
        try await withTemporaryFolder { folder in
            let bank = LendingBank(clock)
            let fixture = try BankFixture(bank, in: folder.path)
            _ = try await fixture.key()
            bank.forget("lease-1")
            fixture.advance(20)
            #expect(try await fixture.key(refresh: true).value == "key-2")
            #expect(fixture.statistics.lost == 1 && bank.count(.lend) == 2)
            #expect(fixture.written.map(\.id) == ["lease-2"])
        }
    }

    @Test func `A rejected key is given back at once, and another one borrowed once for all who report it`()
        async throws
    {
        try await withTemporaryFolder { folder in
            let bank = LendingBank(clock)
            let fixture = try BankFixture(bank, in: folder.path)
            var keys: [APIKey] = []
            for _ in 0..<20 { keys.append(try await fixture.key()) }
            for key in keys { fixture.resolver.report(.unauthorized, for: key) }
            try await until { !bank.accepts("key-1") }
            for _ in 0..<20 { #expect(try await fixture.key().value == "key-2") }
            #expect(bank.count(.lend) == 2 && bank.revocations == ["lease-1": 1])
        }
    }

    @Test func `Where every key is rejected, no more than three a minute are borrowed in their place`() async throws {
        try await withTemporaryFolder { folder in
            let bank = LendingBank(clock)
            let fixture = try BankFixture(bank, in: folder.path)
            for _ in 0..<50 { fixture.resolver.report(.unauthorized, for: try await fixture.key()) }
            #expect(bank.count(.lend) == 4)
            #expect(bank.accepts(try await fixture.key().value))
            fixture.advance(61)
            for _ in 0..<50 { fixture.resolver.report(.unauthorized, for: try await fixture.key()) }
            #expect((5...7).contains(bank.count(.lend)))
        }
    }

    @Test func `A key that is released is good no more, and who asks next borrows another one`() async throws {
        try await withTemporaryFolder { folder in
            let bank = LendingBank(clock)
            let fixture = try BankFixture(bank, in: folder.path)
            let key = try await fixture.key()
            #expect(fixture.resolver.release(key))
            try await until { bank.live.isEmpty }
            #expect(!fixture.resolver.release(key))
            #expect(try await fixture.key().value == "key-2")
            #expect(!fixture.resolver.release(APIKey("sk-other")))
        }
    }

    @Test func `A key that nobody uses for the stated time is given back`() async throws {
        try await withTemporaryFolder { folder in
            let bank = LendingBank(clock, life: .seconds(10_000))
            let fixture = try BankFixture(bank, in: folder.path, idle: .seconds(50))
            for _ in 0..<20 {
                _ = try await fixture.key()
                fixture.advance(10)
                for _ in 0..<50 { await Task.yield() }
            }
            #expect(bank.live == ["lease-1"])
            try await fixture.advance { bank.live.isEmpty }
            try await until { fixture.statistics.givenBack == 1 }
            #expect(fixture.statistics.idle == 1 && fixture.statistics.live == 0)
            #expect(try await fixture.key().value == "key-2")
        }
    }

    @Test func `Uses are counted, and a key is replaced when they are over`() async throws {
        try await withTemporaryFolder { folder in
            let bank = LendingBank(clock, uses: 3)
            let fixture = try BankFixture(bank, in: folder.path)
            var keys: [String] = []
            for _ in 0..<9 { keys.append(try await fixture.key().value) }
            #expect(keys == ["key-1", "key-1", "key-1", "key-2", "key-2", "key-2", "key-3", "key-3", "key-3"])
            let concurrent = try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 0..<60 { group.addTask { try await fixture.key().value } }
                return try await group.reduce(into: [:]) { counts, key in counts[key, default: 0] += 1 }
            }
            #expect(concurrent.values.allSatisfy { $0 <= 3 } && concurrent.count == 20)
        }
    }

    @Test func `Who wants it fresh gets it confirmed, and not more often than every few seconds`() async throws {
        try await withTemporaryFolder { folder in
            let bank = LendingBank(clock, life: .seconds(1_000))
            let fixture = try BankFixture(bank, in: folder.path)
            for _ in 0..<50 { _ = try await fixture.key(refresh: true) }
            #expect(bank.count(.renew) == 0 && bank.count(.lend) == 1)
            fixture.advance(11)
            for _ in 0..<50 { _ = try await fixture.key(refresh: true) }
            #expect(bank.count(.renew) == 1 && bank.count(.lend) == 1)
        }
    }

    @Test func `Services that differ in their ttl share one lease`() async throws {
        try await withTemporaryFolder { folder in
            let bank = LendingBank(clock, life: .seconds(1_000))
            var settings = ProviderSettings()
            settings.timeToLive = .seconds(30)
            let fixture = try BankFixture(bank, in: folder.path, providers: ["openai": settings])
            #expect(try await fixture.key().value == "key-1")
            try fixture.resolver.removeOverride("openai")
            try fixture.resolver.override("openai") { $0.timeToLive = .seconds(60) }
            #expect(try await fixture.key().value == "key-1")
            fixture.advance(70)
            #expect(try await fixture.key().value == "key-1")
            #expect(bank.count(.lend) == 1 && bank.count(.renew) == 1)
        }
    }

    @Test func `What isn't lent is read as ever`() async throws {
        try await withTemporaryFolder { folder in
            let bank = LendingBank(clock)
            let fixture = try BankFixture(bank, in: folder.path)
            let key = try await fixture.key("groq")
            #expect(key.value == "read-groq" && key.provenance?.lease == nil && bank.count(.lend) == 0)
        }
    }

    @Test func `Explanations and statistics show the lease, and neither shows the key`() async throws {
        try await withTemporaryFolder { folder in
            let bank = LendingBank(clock, life: .seconds(100), uses: 5)
            let fixture = try BankFixture(bank, in: folder.path)
            #expect(try !fixture.resolver.explain(service: "openai").description.contains("lease"))
            let key = try await fixture.key()
            let text = try fixture.resolver.explain(service: "openai").description
            #expect(text.contains("lease lease-1: good for 90 s, renewed in "))
            #expect(text.contains("4 uses left") && !text.contains(key.value))
            #expect(!String(reflecting: key.provenance as Any).contains(key.value))
        }
    }
}
