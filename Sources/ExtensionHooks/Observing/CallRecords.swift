import Synchronization

/// What happened in one call that hooks or observers took part in, without any value.
public struct CallRecord: Hashable, Sendable {
    /// One half of a hook as it ran.
    public struct HookRun: Hashable, Sendable {
        /// The hook.
        public let hook: HookID

        /// Which half of it ran.
        public let phase: HookPhase

        /// How long it took.
        public internal(set) var duration: Duration

        /// What it threw, if it threw: the text of a ``ValueFreeError``, the type of any other.
        public internal(set) var failure: String?
    }

    /// The name of the point.
    public let point: String

    /// How many hooks were being run above this call; 0 outside of any hook.
    public let depth: Int

    /// The halves of hooks that ran, in order.
    public internal(set) var hooks: [HookRun] = []

    /// Who rewrote the arguments, in order.
    public internal(set) var rewrites: [HookRewrite] = []

    /// Who answered, before any end hook.
    public internal(set) var answeredBy = CallSource.body

    /// The end hooks that replaced the result, in order.
    public internal(set) var replacedBy: [HookID] = []

    /// How long the body took; nil if it did not run.
    public internal(set) var bodyDuration: Duration?

    /// How long the whole call took.
    public internal(set) var duration: Duration = .zero

    /// What the caller was thrown: the text of a ``ValueFreeError``, the type of any other error; nil if the call
    /// returned.
    public internal(set) var failure: String?

    /// Whether the caller was thrown a `CancellationError`.
    public internal(set) var isCancelled = false
}

/// A record in the making.
@usableFromInline
final class CallRecording: Sendable {
    private struct Storage {
        var record: CallRecord
        var stepStart: Duration
    }

    private let storage: Mutex<Storage>
    private let clock: AnyClock
    private let callStart: Duration
    private let observers: [CallObserver]

    /// Starts a record; nil if nobody observes.
    @usableFromInline
    init?(point: String, observers: [CallObserver], settings: CallSettings) {
        guard !observers.isEmpty else { return nil }
        clock = settings.clock
        callStart = clock.now()
        self.observers = observers
        let record = CallRecord(point: point, depth: Reentrancy.depth.get())
        storage = Mutex(Storage(record: record, stepStart: callStart))
    }

    @usableFromInline
    func began(_ id: HookID, _ phase: HookPhase) {
        note { storage, now in
            storage.record.hooks.append(CallRecord.HookRun(hook: id, phase: phase, duration: .zero))
            storage.stepStart = now
        }
    }

    @usableFromInline
    func finished(failure: String?) {
        note { storage, now in
            let last = storage.record.hooks.endIndex - 1
            storage.record.hooks[last].duration = now - storage.stepStart
            storage.record.hooks[last].failure = failure
        }
    }

    /// Takes the last run back: it was an attempt that came to nothing, and the hook runs again.
    @usableFromInline
    func withdrawn() {
        note { storage, _ in storage.record.hooks.removeLast() }
    }

    @usableFromInline
    func bodyBegan() {
        note { storage, now in storage.stepStart = now }
    }

    @usableFromInline
    func bodyFinished() {
        note { storage, now in storage.record.bodyDuration = now - storage.stepStart }
    }

    @usableFromInline
    func replaced(by id: HookID) {
        note { storage, _ in storage.record.replacedBy.append(id) }
    }

    private func note(_ change: (inout Storage, _ now: Duration) -> Void) {
        let now = clock.now()
        storage.withLock { change(&$0, now) }
    }

    /// Completes the record and shows it to the observers.
    @usableFromInline
    func publish(answeredBy: CallSource, rewrites: [HookRewrite], error: (any Error)?) {
        var record = storage.withLock { $0.record }
        record.duration = clock.now() - callStart
        record.answeredBy = answeredBy
        record.rewrites = rewrites
        if let error {
            record.failure = valueFreeDescription(of: error)
            record.isCancelled = error is CancellationError
        }
        // Counted like a hook, so that an observer which calls a point it observes comes to an end.
        Reentrancy.depth.withValue(record.depth + 1) {
            for observer in observers { observer.observe(record) }
        }
    }
}

/// A registered observer: it is shown the record of each call after the call is over.
@usableFromInline
final class CallObserver: Sendable {
    @usableFromInline let observe: @Sendable (CallRecord) -> Void

    init(_ observe: @escaping @Sendable (CallRecord) -> Void) {
        self.observe = observe
    }
}
