/// A record in the making; kept only while somebody observes.
@usableFromInline
struct CallRecording: Sendable {
    private var record: CallRecord
    private let clock: HookClock
    private let callStart: Duration
    private var stepStart: Duration
    private var observers: [CallObserver]

    /// Starts a record.
    @usableFromInline
    init(point: String, depth: Int, observers: [CallObserver], settings: CallSettings) {
        record = CallRecord(point: point, depth: depth)
        clock = settings.clock
        callStart = clock.elapsed()
        stepStart = callStart
        self.observers = observers
    }

    @usableFromInline
    mutating func began(_ id: HookID, _ phase: HookPhase) {
        record.hooks.append(CallRecord.HookRun(hook: id, phase: phase, duration: .zero))
        stepStart = clock.elapsed()
    }

    @usableFromInline
    mutating func finished(failure: String?) {
        let last = record.hooks.endIndex - 1
        record.hooks[last].duration = clock.elapsed() - stepStart
        record.hooks[last].failure = failure
    }

    @usableFromInline
    mutating func bodyBegan() {
        stepStart = clock.elapsed()
    }

    @usableFromInline
    mutating func bodyFinished() {
        record.bodyDuration = clock.elapsed() - stepStart
    }

    @usableFromInline
    mutating func replaced(by id: HookID) {
        record.replacedBy.append(id)
    }

    /// Completes the record and shows it to the observers.
    @usableFromInline
    func publish(answeredBy: CallSource, rewrites: [HookRewrite], error: (any Error)?) {
        var record = record
        record.duration = clock.elapsed() - callStart
        record.answeredBy = answeredBy
        record.rewrites = rewrites
        if let error {
            record.outcome = error is CancellationError ? .cancelled : .threw(valueFreeDescription(of: error))
        }
        for observer in observers { observer.observe(record) }
    }
}
