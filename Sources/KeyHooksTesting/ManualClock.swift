import Synchronization

/// A clock that stands still until a test advances it.
///
/// Give it to what takes a clock, wait with ``someoneSleeps()`` until that sleeps, and advance it: a test of a
/// deadline or a cache then takes no time and does not depend on how busy the machine is.
///
/// ```swift
/// let clock = ManualClock()
/// async let outcome = fetch(timeout: .seconds(30), clock: clock)
/// await clock.someoneSleeps()
/// clock.advance(by: .seconds(30))
/// ```
public final class ManualClock: Clock, Sendable {
    /// A moment of a manual clock, as the time since the clock was made.
    public struct Instant: InstantProtocol {
        /// The time since the clock was made.
        public var offset: Duration

        /// Makes a moment.
        ///
        /// - Parameter offset: The time since the clock was made.
        public init(offset: Duration = .zero) { self.offset = offset }

        // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
        public func advanced(by duration: Duration) -> Self { Self(offset: offset + duration) }

        // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
        public func duration(to other: Self) -> Duration { other.offset - offset }

        // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
        public static func < (left: Self, right: Self) -> Bool { left.offset < right.offset }
    }

    private struct State {
        var now = Instant()
        var nextID = 0
        var sleepers: [Int: (wake: Instant, continuation: CheckedContinuation<Void, any Error>)] = [:]
    }

    private let state = Mutex(State())
    private let sleeps: AsyncStream<Void>
    private let slept: AsyncStream<Void>.Continuation

    /// Makes a clock that shows zero.
    public init() {
        (sleeps, slept) = AsyncStream<Void>.makeStream()
    }

    /// What the clock shows.
    public var now: Instant { state.withLock { $0.now } }

    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public var minimumResolution: Duration { .nanoseconds(1) }

    /// How many tasks sleep by this clock now.
    public var sleeperCount: Int { state.withLock { $0.sleepers.count } }

    /// Moves the clock, and wakes every task whose time has come.
    ///
    /// - Parameter duration: By how much.
    public func advance(by duration: Duration) {
        let woken = state.withLock { state in
            state.now = state.now.advanced(by: duration)
            let due = state.sleepers.filter { $0.value.wake <= state.now }
            for id in due.keys { state.sleepers[id] = nil }
            return due.values.map(\.continuation)
        }
        for continuation in woken { continuation.resume() }
    }

    /// Waits until one more task has begun to sleep.
    ///
    /// Every beginning counts once: after two tasks began to sleep, two calls return at once and a third one waits.
    /// Only one task may wait in here at a time.
    public func someoneSleeps() async {
        var iterator = sleeps.makeAsyncIterator()
        _ = await iterator.next()
    }

    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public func sleep(until deadline: Instant, tolerance: Duration? = nil) async throws {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let resumption = state.withLock { state -> Result<Void, any Error>? in
                    if Task.isCancelled { return .failure(CancellationError()) }
                    if deadline <= state.now { return .success(()) }
                    state.sleepers[id] = (deadline, continuation)
                    return nil
                }
                if let resumption { continuation.resume(with: resumption) } else { slept.yield() }
            }
        } onCancel: {
            let sleeper = state.withLock { $0.sleepers.removeValue(forKey: id) }
            sleeper?.continuation.resume(throwing: CancellationError())
        }
    }
}
