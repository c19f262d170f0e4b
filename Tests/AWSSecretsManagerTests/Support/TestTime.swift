#if AWS
import Foundation
import KeyHooks
import KeyHooksTesting
import OpenBaoTestSupport

@testable import AWSSecretsManager

/// A clock and a date that a test moves together.
struct TestTime: Sendable {
    let manual = ManualClock()
    static let start = Date(timeIntervalSince1970: 1_800_000_000)

    var clock: SourceClock {
        SourceClock(manual) { [manual] in Self.start.addingTimeInterval(manual.now.offset / .seconds(1)) }
    }

    /// Has credentials found, so that afterwards nobody sleeps who waits for them.
    func warm(_ credentials: CredentialKeeper) async throws {
        _ = try await credentials.current(by: clock.now() + .seconds(10))
        try await until("nobody sleeps") { manual.sleeperCount == 0 }
    }

    /// Waits until somebody sleeps after so many requests.
    func someoneSleeps(after count: Int, _ transport: FakeTransport) async throws {
        try await until("request \(count) was sent, and a pause begun") {
            transport.sent.count == count && manual.sleeperCount == 1
        }
    }

    func advance(_ seconds: Double) { manual.advance(by: .seconds(seconds)) }
}
#endif
