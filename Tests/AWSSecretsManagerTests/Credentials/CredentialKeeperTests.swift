#if AWS
import Foundation
import HTTPTransport
import KeyHooks
import OpenBaoTestSupport
import Synchronization
import Testing

@testable import AWSSecretsManager

@Suite("Credentials are renewed ahead of their end")
struct CredentialKeeperTests {
    /// A container that gives credentials of an hour, numbered; its faults are the test's.
    private final class Container: Sendable {
        let time = TestTime()
        let isBroken = Mutex(false)
        let life = Mutex(3600.0)
        let gate = Mutex<CheckedContinuation<Void, Never>?>(nil)
        let isGated = Mutex(false)
        private let count = Mutex(0)

        var asked: Int { count.withLock(\.self) }

        func keeper() -> CredentialKeeper {
            let transport = FakeTransport { [self] _, _ in
                let number = count.withLock { count in
                    count += 1
                    return count
                }
                if isGated.withLock(\.self) {
                    await withCheckedContinuation { continuation in gate.withLock { $0 = continuation } }
                }
                // A refusal, so that nothing is waited for.
                if isBroken.withLock(\.self) { return .success("{}") }
                let ends = time.clock.date().addingTimeInterval(life.withLock(\.self))
                let text = ISO8601DateFormatter().string(from: ends)
                return .success(
                    #"{"AccessKeyId":"K\#(number)","SecretAccessKey":"S\#(number)","Token":"T\#(number)","Expiration":"\#(text)"}"#
                )
            }
            let variables = [
                "HOME": "/nonexistent", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/creds",
                "AWS_CONTAINER_AUTHORIZATION_TOKEN": "t",
            ]
            let chain = CredentialChain(
                CredentialSettings(),
                PluginContext(configuration: KeyConfiguration(), environment: variables),
                AWSCaller(transport, time.clock),
                local: transport
            )
            return CredentialKeeper(chain)
        }

        /// As a caller gets it.
        func current(_ keeper: CredentialKeeper) async throws -> [String] {
            try await keeper.current(by: time.clock.now() + .seconds(5)).texts
        }
    }

    @Test("a thousand callers make one look, and get one triple")
    func singleFlight() async throws {
        let container = Container()
        let keeper = container.keeper()
        let found = try await withThrowingTaskGroup(of: [String].self) { group in
            for _ in 0..<1000 { group.addTask { try await container.current(keeper) } }
            return try await group.reduce(into: Set<[String]>()) { $0.insert($1) }
        }
        #expect(found == [["K1", "S1", "T1"]])
        #expect(container.asked == 1)
        #expect(keeper.report.answered == .container)
    }

    @Test("a quarter of an hour ahead the old ones are given at once while new ones are got")
    func ahead() async throws {
        let container = Container()
        let keeper = container.keeper()
        _ = try await container.current(keeper)
        container.time.advance(2699)
        #expect(try await container.current(keeper) == ["K1", "S1", "T1"])
        #expect(container.asked == 1)
        container.time.advance(2)
        container.isGated.withLock { $0 = true }
        for _ in 0..<10 { #expect(try await container.current(keeper) == ["K1", "S1", "T1"]) }
        try await until("the next ones are asked for") { container.gate.withLock { $0 != nil } }
        container.isGated.withLock { $0 = false }
        container.gate.withLock { $0 }?.resume()
        try await until("the next ones are held") { try await container.current(keeper) == ["K2", "S2", "T2"] }
        #expect(container.asked == 2)
    }

    @Test("where new ones can't be had the old ones are used until they end, and no longer")
    func outage() async throws {
        let container = Container()
        let keeper = container.keeper()
        _ = try await container.current(keeper)
        container.isBroken.withLock { $0 = true }
        container.time.advance(2800)
        #expect(try await container.current(keeper) == ["K1", "S1", "T1"])
        // Each attempt is three requests with pauses; the clock lets them pass.
        try await until("the look has failed") {
            container.time.advance(1)
            return keeper.report.entries.last?.outcome == .failed
        }
        #expect(try await container.current(keeper) == ["K1", "S1", "T1"])
        container.time.advance(3600)
        let ended = Task { try await container.current(keeper) }
        let waiter = Task {
            while !Task.isCancelled {
                container.time.advance(1)
                try await Task.sleep(for: .milliseconds(1))
            }
        }
        let result = await ended.result
        waiter.cancel()
        #expect(throws: (any Error).self) { try result.get() }
        container.isBroken.withLock { $0 = false }
        let later = Task { try await until("they come back") { (try? await container.current(keeper)) != nil } }
        let clock = Task {
            while !Task.isCancelled {
                container.time.advance(1)
                try await Task.sleep(for: .milliseconds(1))
            }
        }
        try await later.value
        clock.cancel()
    }

    @Test("credentials that were refused are replaced by one look, and never by themselves")
    func refused() async throws {
        let container = Container()
        let keeper = container.keeper()
        let deadline = container.time.clock.now() + .seconds(5)
        let first = try await keeper.current(by: deadline)
        let newer = try await withThrowingTaskGroup(of: [String]?.self) { group in
            for _ in 0..<100 { group.addTask { try await keeper.newer(than: first, by: deadline)?.texts } }
            return try await group.reduce(into: Set<[String]?>()) { $0.insert($1) }
        }
        #expect(newer == [["K2", "S2", "T2"]])
        #expect(container.asked == 2)
        let variables = ["HOME": "/nonexistent", "AWS_ACCESS_KEY_ID": "K", "AWS_SECRET_ACCESS_KEY": "S"]
        let fixed = CredentialKeeper(.test(variables))
        let far = Duration.seconds(86_400)
        let held = try await fixed.current(by: far)
        #expect(try await fixed.newer(than: held, by: far) == nil)
    }

    @Test("a caller who gives up doesn't end the look of the others")
    func cancelled() async throws {
        let container = Container()
        let keeper = container.keeper()
        container.isGated.withLock { $0 = true }
        let first = Task { try await container.current(keeper) }
        try await until("it is asked") { container.gate.withLock { $0 != nil } }
        let second = Task { try await container.current(keeper) }
        first.cancel()
        await #expect(throws: (any Error).self) { try await first.value }
        container.gate.withLock { $0 }?.resume()
        #expect(try await second.value == ["K1", "S1", "T1"])
        #expect(container.asked == 1)
    }

    @Test("what lives for minutes is renewed in the last quarter of its life")
    func shortLives() async throws {
        let container = Container()
        container.life.withLock { $0 = 60 }
        let keeper = container.keeper()
        _ = try await container.current(keeper)
        container.time.advance(44)
        _ = try await container.current(keeper)
        #expect(container.asked == 1)
        container.time.advance(2)
        #expect(try await container.current(keeper) == ["K1", "S1", "T1"])
        try await until("the next ones are held") { try await container.current(keeper) == ["K2", "S2", "T2"] }
    }
}
#endif
