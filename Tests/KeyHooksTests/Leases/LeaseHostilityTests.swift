import ExtensionHooks
import Foundation
import KeyHooks
import KeyHooksTesting
import Testing

/// What a hostile review of leases found: leases that were forgotten, borrowed in a loop, or held up a program's end.
@Suite(.timeLimit(.minutes(5))) struct LeaseHostilityTests {
    let clock = ManualClock()

    @Test func `What ends on its way is given back, and one call borrows once`() async throws {
        try await withTemporaryFolder { folder in
            let bank = LendingBank(clock, life: .milliseconds(900))
            let fixture = try BankFixture(bank, in: folder.path)
            let error = await #expect(throws: KeyResolutionError.self) { try await fixture.key() }
            #expect(error?.message.contains("lasts a moment only") == true && bank.count(.lend) == 1)
            try await until { bank.revocations == ["lease-1": 1] }
        }
    }

    @Test func `What lasts longer than it may is cut at the server`() async throws {
        try await withTemporaryFolder { folder in
            let bank = LendingBank(clock, life: .seconds(10_000))
            let fixture = try BankFixture(bank, in: folder.path)
            bank.describe { $0.limit = .seconds(300) }
            #expect(bank.accepts(try await fixture.key().value))
            fixture.advance(301)
            #expect(bank.live.isEmpty)
        }
    }

    @Test(arguments: [true, false])
    func `What can't be cut is given back by its id and not given out`(_ isRenewable: Bool) async throws {
        try await withTemporaryFolder { folder in
            let bank = LendingBank(clock, life: .seconds(10_000), isRenewable: isRenewable)
            let fixture = try BankFixture(bank, in: folder.path)
            bank.describe { $0.limit = .seconds(300) }
            bank.fail { $0 == .renew ? LendingBank.denial : nil }
            await #expect(throws: KeyResolutionError.self) { try await fixture.key() }
            try await until { bank.revocations == ["lease-1": 1] && fixture.written.isEmpty }
        }
    }

    @Test func `What depends on a login is given out as long as that, and given back although it lives longer`()
        async throws
    {
        try await withTemporaryFolder { folder in
            let bank = LendingBank(clock, life: .seconds(10_000))
            let fixture = try BankFixture(bank, in: folder.path)
            bank.describe { $0.bound = .seconds(100) }
            _ = try await fixture.key()
            #expect(try fixture.resolver.explain(service: "openai").description.contains("good for 90 s"))
            try await fixture.advance { bank.live.isEmpty }
            try await until { fixture.written.isEmpty }
            #expect(bank.revocations == ["lease-1": 1] && bank.now < .seconds(5_000))
        }
    }

    @Test(arguments: [7_200.0, 1e7, -1e7])
    func `A wall clock that is set loses no lease`(_ jump: Double) async throws {
        try await withTemporaryFolder { folder in
            let bank = LendingBank(clock, life: .seconds(3_600))
            let fixture = try BankFixture(bank, in: folder.path)
            let key = try await fixture.key()
            fixture.date.jump(by: jump)
            #expect(fixture.resolver.release(key))
            try await until { bank.revocations == ["lease-1": 1] }
        }
    }

    @Test func `A journal doesn't grow with renewals`() async throws {
        try await withTemporaryFolder { folder in
            let bank = LendingBank(clock, life: .seconds(1_000))
            let fixture = try BankFixture(bank, in: folder.path)
            for _ in 0..<1_000 {
                _ = try await fixture.key(refresh: true)
                fixture.advance(11)
            }
            #expect(bank.count(.renew) > 900)
            let files = try FileManager.default.contentsOfDirectory(atPath: fixture.journal)
            let size = try files.map { try Data(contentsOf: URL(fileURLWithPath: "\(fixture.journal)/\($0)")).count }
            #expect(files.count == 1 && size[0] < 64 << 10, "\(size)")
            #expect(fixture.written.map(\.id) == ["lease-1"])
        }
    }

    @Test func `A loan that hangs doesn't keep a shutdown from giving back the others, and is given back late`()
        async throws
    {
        try await withTemporaryFolder { folder in
            let bank = LendingBank(clock)
            let fixture = try BankFixture(bank, in: folder.path)
            for number in 0..<40 { _ = try await fixture.key(Service("service-\(number)")) }
            bank.close()
            let late = Task { try await fixture.key() }
            try await until { bank.isSomebodyAtTheGate }
            let shutdown = Task { await fixture.resolver.shutdown(within: .seconds(2)) }
            try await until { bank.live.isEmpty && bank.revocations.count == 40 }
            // The hanging one has the rest of the time, and no more.
            try await until { clock.sleeperCount > 0 }
            while clock.sleeperCount > 0 {
                clock.advance(by: .seconds(2))
                await Task.yield()
            }
            await shutdown.value
            bank.open()
            await #expect(throws: KeyResolutionError.self) { try await late.value }
            try await until { bank.live.isEmpty && bank.revocations.count == 41 }
        }
    }

    @Test func `A program that was cancelled gives everything back all the same`() async throws {
        try await withTemporaryFolder { folder in
            let bank = LendingBank(clock)
            let fixture = try BankFixture(bank, in: folder.path)
            _ = try await fixture.key()
            let end = Task {
                while !Task.isCancelled { await Task.yield() }
                await fixture.resolver.shutdown(within: .seconds(60))
            }
            end.cancel()
            await end.value
            #expect(bank.revocations == ["lease-1": 1] && fixture.written.isEmpty)
        }
    }

    @Test func `What a failed shutdown left is tried again`() async throws {
        try await withTemporaryFolder { folder in
            let bank = LendingBank(clock, life: .seconds(10_000))
            let fixture = try BankFixture(bank, in: folder.path)
            _ = try await fixture.key()
            bank.fail { $0 == .giveBack ? LendingBank.outage : nil }
            await fixture.resolver.shutdown(within: .seconds(60))
            #expect(bank.live == ["lease-1"])
            bank.fail { _ in nil }
            try await fixture.advance { bank.live.isEmpty }
            #expect(bank.now < .seconds(5_000))
        }
    }

    @Test func `An empty id is none, and nothing is asked about it`() async throws {
        try await withTemporaryFolder { folder in
            let bank = LendingBank(clock)
            let fixture = try BankFixture(bank, in: folder.path)
            bank.describe { $0.id = "" }
            await #expect(throws: KeyResolutionError.self) { try await fixture.key() }
            // The mark finds it.
            try await until { bank.revocations == ["lease-1": 1] && fixture.written.isEmpty }
        }
    }

    @Test func `What can't be given back is tried once, whatever else is to be given back meanwhile`() async throws {
        try await withTemporaryFolder { folder in
            let bank = LendingBank(clock, life: .seconds(10_000))
            let fixture = try BankFixture(bank, in: folder.path)
            bank.fail { $0 == .giveBack ? LendingBank.outage : nil }
            for number in 0..<60 {
                #expect(fixture.resolver.release(try await fixture.key(Service("service-\(number)"))))
            }
            try await until { bank.count(.giveBack) >= 60 && fixture.statistics.failedReturns >= 60 }
            for _ in 0..<200 { await Task.yield() }
            #expect(bank.count(.giveBack) == 60 && bank.mostUnderWay <= 8)
        }
    }

    @Test func `A renewal that makes no sense gives the lease back`() async throws {
        try await withTemporaryFolder { folder in
            let bank = LendingBank(clock, life: .seconds(1_000))
            let fixture = try BankFixture(bank, in: folder.path)
            _ = try await fixture.key()
            bank.describe { if $0.id == "lease-1" { $0.life = .zero } }
            fixture.advance(20)
            #expect(try await fixture.key(refresh: true).value == "key-2")
            try await until { bank.revocations == ["lease-1": 1] }
        }
    }
}
