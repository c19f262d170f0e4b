#if AWS
import Foundation
import KeyHooks
import KeyHooksTesting

/// A clock and a date that a test moves together.
struct TestTime: Sendable {
    let manual = ManualClock()
    static let start = Date(timeIntervalSince1970: 1_800_000_000)

    var clock: SourceClock {
        SourceClock(manual) { [manual] in Self.start.addingTimeInterval(manual.now.offset / .seconds(1)) }
    }

    func advance(_ seconds: Double) { manual.advance(by: .seconds(seconds)) }
}
#endif
