/// All that changes in the life of a session.
struct SessionState {
    enum Phase {
        /// There is no process; the next request starts one.
        case idle
        /// It crashed; requests wait until the time for another start.
        case pausing(until: Duration)
        /// One caller is starting the process, or it has not said hello yet.
        case starting(helloDue: Duration)
        case ready(Set<PluginMessage.Capability>)
        /// It is not started again.
        case quarantined(PluginError)
        case closed
    }

    typealias Completion = @Sendable (Result<PluginAnswer, any Error>) -> Void

    /// A request that somebody waits for, or that the plugin still owes an answer to.
    struct Entry {
        let request: PluginRequest
        let begun: Duration
        /// When the caller gives up; nil until the plugin is ready if the caller has no opinion.
        var due: Duration?
        var isSent = false
        /// How often its progress was reported.
        var reports = 0
        /// Gives the caller the answer; nil when nobody waits any more.
        var complete: Completion?
    }

    var phase = Phase.idle
    /// Counts processes, so that the last words of one are not taken for those of the next.
    var generation: UInt64 = 0
    var connection: PluginConnection?
    var entries: [UInt64: Entry] = [:]
    /// The numbers of requests not sent yet, in order; those no longer in `entries` are skipped.
    var line: ArraySlice<UInt64> = []
    var inFlight = 0
    var crashes = 0
    /// How often in a row the executable was open for writing.
    var busyStarts = 0
    var startedAt = Duration.zero
    /// When the watch looks next, and the task that waits for it.
    var watch: (due: Duration, task: Task<Void, Never>)?
    var watchCount: UInt64 = 0
    /// What is to be done when the lock is free again.
    var effects = Effects()

    /// Whether the plugin has said hello.
    var isReady: Bool {
        if case .ready = phase { true } else { false }
    }

    /// The next moment at which something is to be done if nothing happens before.
    var nextDue: Duration? {
        var due = entries.values.compactMap(\.due).min()
        switch phase {
        case .pausing(let until) where !line.isEmpty: due = min(due ?? until, until)
        case .starting(let hello): due = min(due ?? hello, hello)
        default: break
        }
        return due
    }
}

extension SessionState {
    /// What is to be done after a change of a session's state, when its lock is free again.
    struct Effects {
        private(set) var completions: [(Completion, Result<PluginAnswer, any Error>)] = []
        /// The process that this caller is to start.
        var starts: UInt64?
        /// Lines for the log.
        var reports: [String] = []
        /// A process that is to end at once.
        var ended: PluginConnection?
        /// The earliest of the moments at which something new is to be done.
        private(set) var due: Duration?

        mutating func complete(_ completion: Completion?, _ result: Result<PluginAnswer, any Error>) {
            if let completion { completions.append((completion, result)) }
        }

        mutating func look(at moment: Duration) {
            due = min(due ?? moment, moment)
        }
    }
}

/// What a session allows a plugin, and itself.
package struct SessionLimits: Sendable {
    /// The bytes of a line without its end.
    package var lineBytes = 1 << 20
    /// How many requests a plugin has at once; further ones wait in line.
    var inFlight = 8
    /// How long a request may take altogether whose plugin reports progress.
    var progressCap = Duration.seconds(300)
    /// How long after everybody stopped waiting the plugin may still owe an answer before it counts as hung.
    var owedAnswer = Duration.seconds(10)
    /// How often a plugin that crashed is started again.
    var restarts = 3
    /// The pause before the first start after a crash; each further one is four times as long.
    var firstPause = Duration.milliseconds(100)
    /// A process that lived this long does not count as one of a row of crashes.
    var steadyAfter = Duration.seconds(600)
    package var graces = ChildProcess.Graces()

    package init() {}

    /// How often the start of a file is tried that is open for writing.
    ///
    /// Another child of ours may hold it open for the instant between its fork and its exec, or somebody installs it.
    package static let busyAttempts = 25
    /// The pause between two such attempts.
    package static let busyPause = Duration.milliseconds(20)
}
