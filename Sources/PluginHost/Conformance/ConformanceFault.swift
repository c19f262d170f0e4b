/// Why a rule is not known to be kept.
struct ConformanceFault: Error {
    let outcome: ConformanceReport.Outcome
    let reason: String
    /// Whether nothing came that is an answer, so that there is nothing the other rules could look at.
    var isSilent = false

    static func broken(_ reason: String) -> ConformanceFault { ConformanceFault(outcome: .failed, reason: reason) }

    static func silent(_ reason: String) -> ConformanceFault {
        ConformanceFault(outcome: .failed, reason: reason, isSilent: true)
    }

    static func unclear(_ reason: String) -> ConformanceFault {
        ConformanceFault(outcome: .notApplicable, reason: reason)
    }
}

/// How long the checks wait.
struct ConformanceTiming: Sendable {
    /// The deadline that a plugin must be able to keep; a manifest may name a shorter one.
    var deadline = Duration.seconds(2)
    /// How often a plugin may try to be quick enough: that the machine was busy isn't its fault.
    var attempts = 3
    /// What the machine may add to the deadline.
    var slack = Duration.milliseconds(250)
    /// How long an answer may be owed after a cancellation.
    var owed = Duration.seconds(5)
    var graces = ChildProcess.Graces()
}
