import Foundation
import KeyHooks
import KeyHooksTesting

/// A cache with clocks that stand still and a source that does as it is asked.
///
/// Unless changed, a value is stale from 75 s, expired from 100 s and dead from 150 s after it was read.
struct CacheFixture {
    let clock = ManualClock()
    let date = ManualDate()
    let source = ScriptedSource()
    let cache: TTLCache<String, String>

    init(
        random: Double = 0,
        _ change: (inout CachePolicy) -> Void = { _ in },
        handling: @escaping @Sendable (any Error) -> CacheFailureHandling = CacheFailureHandling.standard
    ) throws {
        var policy = CachePolicy(
            timeToLive: .seconds(100),
            refreshAhead: 0.25,
            jitter: 0,
            negativeTimeToLive: .seconds(20),
            staleIfError: .seconds(50),
            failureBackoff: .seconds(1)...(.seconds(8))
        )
        change(&policy)
        try policy.validate()
        cache = TTLCache(
            policy: policy,
            clock: clock,
            date: { [date] in date.now },
            random: { random },
            handling: handling,
            load: { [source] key, _ in try await source.read(key) }
        )
    }

    /// Lets time go by on both clocks.
    func advance(_ seconds: Double) {
        clock.advance(by: .seconds(seconds))
        date.jump(by: seconds)
    }

    /// Lets the last moment go by before that many seconds are over.
    func advanceJustBefore(_ seconds: Double) {
        advance(seconds)
        clock.advance(by: .zero - tick)
    }

    func read(_ key: String = "a", maximumAge: Duration? = nil) async throws -> String {
        try await cache.value(for: key, maximumAge: maximumAge).value
    }

    /// What a read comes to in one line.
    func outcome(_ key: String = "a", maximumAge: Duration? = nil) async -> String {
        do {
            let hit = try await cache.value(for: key, maximumAge: maximumAge)
            return "\(hit.isAbsence ? "absence" : hit.value) \(hit.state)"
        } catch let error as KeyResolutionError {
            return "\(error.code)"
        } catch {
            return "\(type(of: error))"
        }
    }

    /// Waits for the end of what happens in the background.
    func settle(_ key: String = "a") async throws {
        try await until { cache.summary(of: key)?.isLoading != true }
    }
}

/// The least that a clock can advance.
let tick = Duration(secondsComponent: 0, attosecondsComponent: 1)
