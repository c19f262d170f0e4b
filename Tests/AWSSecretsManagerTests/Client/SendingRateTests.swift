#if AWS
import KeyHooks
import Testing

@testable import AWSSecretsManager

@Suite("How often requests are sent")
struct SendingRateTests {
    private static let far = Duration.seconds(1000)

    @Test("nobody waits before AWS had too many")
    func free() {
        let rate = SendingRate()
        for _ in 0..<100 { #expect(rate.reserve(at: .seconds(1), by: Self.far) == .zero) }
    }

    @Test("after ten a second were too many, seven a second are sent, one after the other")
    func slower() throws {
        let rate = SendingRate()
        for number in 0..<10 { _ = rate.reserve(at: .milliseconds(100 * number), by: Self.far) }
        rate.throttled(at: .milliseconds(950))
        let now = Duration.seconds(1)
        let places = (0..<7).compactMap { _ in rate.reserve(at: now, by: Self.far) }
        #expect(places.count == 7)
        for (place, next) in zip(places, places.dropFirst()) {
            #expect(abs((next - place) / .seconds(1) - 1 / 7) < 0.001)
        }
        // A place beyond the time isn't taken, and costs the others nothing.
        #expect(rate.reserve(at: now, by: now + .milliseconds(500)) == nil)
        let after = try #require(rate.reserve(at: now, by: Self.far))
        #expect(abs((after - (places.last ?? .zero)) / .seconds(1) - 1 / 7) < 0.001)
    }

    @Test("it never comes to rest, and is free again after it went well for long")
    func recovers() throws {
        let rate = SendingRate()
        var now = Duration.seconds(1)
        for _ in 0..<50 {
            _ = rate.reserve(at: now, by: now)
            rate.throttled(at: now)
        }
        let worst = try #require(rate.reserve(at: now, by: Self.far))
        #expect(worst <= .seconds(2))
        for _ in 0..<60 {
            now += .seconds(5)
            #expect(rate.reserve(at: now, by: Self.far) != nil)
            rate.succeeded()
        }
        #expect(rate.reserve(at: now, by: Self.far) == .zero)
        #expect(rate.reserve(at: now, by: Self.far) == .zero)
    }
}
#endif
