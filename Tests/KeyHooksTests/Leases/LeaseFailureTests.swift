import ExtensionHooks
import Foundation
import KeyHooks
import KeyHooksTesting
import Testing

/// What becomes of leases when the server fails, when callers leave, and at the end.
@Suite(.timeLimit(.minutes(5))) struct LeaseFailureTests {
    let clock = ManualClock()

    @Test func `An outage of renewals is bridged as long as the lease lasts, and not longer`() async throws {
        try await withTemporaryFolder { folder in
            let bank = LendingBank(clock, life: .seconds(100))
            let fixture = try BankFixture(bank, in: folder.path)
            _ = try await fixture.key()
            bank.fail { _ in LendingBank.outage }
            while bank.now < .seconds(88) {
                fixture.advance(4)
                #expect(try await fixture.key().value == "key-1")
                for _ in 0..<50 { await Task.yield() }
            }
            #expect(fixture.statistics.failedRenewals > 0)
            fixture.advance(5)
            await #expect(throws: KeyResolutionError.self) { try await fixture.key() }
            bank.fail { _ in nil }
            fixture.advance(10)
            #expect(try await fixture.key().value == "key-2")
        }
    }

    @Test func `Where a renewal is denied another key is borrowed`() async throws {
        try await withTemporaryFolder { folder in
            let bank = LendingBank(clock, life: .seconds(100))
            let fixture = try BankFixture(bank, in: folder.path)
            _ = try await fixture.key()
            bank.fail { $0 == .renew ? LendingBank.denial : nil }
            fixture.advance(20)
            #expect(try await fixture.key(refresh: true).value == "key-2")
            #expect(bank.accepts("key-1"), "calls in flight go on with the old one")
        }
    }

    @Test func `What is lent after its caller left is kept, and the next call gets it`() async throws {
        try await withTemporaryFolder { folder in
            let bank = LendingBank(clock)
            let fixture = try BankFixture(bank, in: folder.path)
            bank.close()
            let call = Task { try await fixture.key() }
            try await until { bank.isSomebodyAtTheGate }
            call.cancel()
            await #expect(throws: CancellationError.self) { try await call.value }
            bank.open()
            #expect(try await fixture.key().value == "key-1")
            #expect(bank.count(.lend) == 1)
        }
    }

    @Test func `What may have been lent is looked for by its mark and given back`() async throws {
        try await withTemporaryFolder { folder in
            let bank = LendingBank(clock)
            let fixture = try BankFixture(bank, in: folder.path)
            bank.lose { $0 == .lend }
            await #expect(throws: KeyResolutionError.self) { try await fixture.key() }
            try await until { bank.live.isEmpty }
            #expect(bank.revocations == ["lease-1": 1])
            try await until { fixture.written.isEmpty }
        }
    }

    @Test func `What was refused for sure isn't looked for`() async throws {
        try await withTemporaryFolder { folder in
            let bank = LendingBank(clock)
            let fixture = try BankFixture(bank, in: folder.path)
            bank.fail { $0 == .lend ? LendingBank.denial : nil }
            let error = await #expect(throws: KeyResolutionError.self) { try await fixture.key() }
            #expect(error?.code == .denied && fixture.written.isEmpty)
            await fixture.resolver.shutdown(within: .seconds(5))
            #expect(bank.count(.giveBack) == 0)
        }
    }

    @Test(arguments: [
        (Duration.zero, "has no end"), (.seconds(-5), "has no end"), (.seconds(86_400 * 10_000), "ten years"),
    ])
    func `What is lent without an end is given back and not given out`(_ life: Duration, _ words: String) async throws {
        try await withTemporaryFolder { folder in
            let bank = LendingBank(clock, life: life)
            let fixture = try BankFixture(bank, in: folder.path)
            let error = await #expect(throws: KeyResolutionError.self) { try await fixture.key() }
            #expect(error?.message.contains(words) == true && error?.code == .pluginFailed)
            try await until { bank.revocations == ["lease-1": 1] }
        }
    }

    @Test func `What can't be given back is tried again until it is`() async throws {
        try await withTemporaryFolder { folder in
            let bank = LendingBank(clock, life: .seconds(10_000))
            let fixture = try BankFixture(bank, in: folder.path)
            let key = try await fixture.key()
            bank.fail { $0 == .giveBack ? LendingBank.outage : nil }
            #expect(fixture.resolver.release(key))
            try await fixture.advance { fixture.statistics.failedReturns >= 4 }
            #expect(bank.live == ["lease-1"] && fixture.statistics.waiting == 1)
            #expect(fixture.written.map(\.id) == ["lease-1"])
            bank.fail { _ in nil }
            try await fixture.advance { bank.live.isEmpty }
            try await until { fixture.written.isEmpty }
            #expect(fixture.statistics.givenBack == 1 && bank.revocations == ["lease-1": 1])
        }
    }

    @Test func `A shutdown gives everything back, what is being lent included`() async throws {
        try await withTemporaryFolder { folder in
            let bank = LendingBank(clock)
            let fixture = try BankFixture(bank, in: folder.path)
            for service in ["openai", "anthropic", "mistral"] as [Service] { _ = try await fixture.key(service) }
            bank.close()
            let late = Task { try await fixture.key("cohere") }
            try await until { bank.isSomebodyAtTheGate }
            let shutdown = Task { await fixture.resolver.shutdown(within: .seconds(60)) }
            for _ in 0..<200 { await Task.yield() }
            bank.open()
            _ = try? await late.value
            await shutdown.value
            #expect(bank.live.isEmpty && bank.revocations.count == 4)
            #expect(bank.revocations.values.allSatisfy { $0 == 1 } && fixture.written.isEmpty)
            await #expect(throws: KeyResolutionError.self) { try await fixture.key() }
            #expect(bank.live.isEmpty)
        }
    }

    @Test func `A shutdown whose server hangs ends in time, and what is left is written down`() async throws {
        try await withTemporaryFolder { folder in
            let bank = LendingBank(clock)
            let fixture = try BankFixture(bank, in: folder.path)
            _ = try await fixture.key()
            bank.fail { $0 == .giveBack ? LendingBank.outage : nil }
            await fixture.resolver.shutdown(within: .seconds(1))
            #expect(fixture.written.map(\.id) == ["lease-1"] && bank.live == ["lease-1"])
        }
    }

    @Test func `When the configuration goes, what was lent under it is given back after the calls in flight`()
        async throws
    {
        try await withTemporaryFolder { folder in
            let bank = LendingBank(clock, life: .seconds(10_000))
            let journal = LeaseJournal.inFolder(folder.path + "/leases")
            do {
                let fixture = try BankFixture(bank, in: folder.path, grace: .seconds(10))
                #expect(try await fixture.key().value == "key-1")
                #expect(try journal.pages().flatMap(\.records).map(\.id) == ["lease-1"])
            }
            #expect(bank.live == ["lease-1"])
            while !bank.live.isEmpty {
                try Task.checkCancellation()
                clock.advance(by: .seconds(1))
                for _ in 0..<50 { await Task.yield() }
            }
            #expect(bank.now >= .seconds(10) && bank.revocations == ["lease-1": 1])
            try await until { (try? journal.pages().isEmpty) == true }
        }
    }
}
