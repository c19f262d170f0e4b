import PluginHost

/// Why a rule is not known to be kept.
struct ConformanceFault: Error {
    let outcome: ConformanceReport.Outcome
    let reason: String
    /// Whether nothing came that is an answer, so that there is nothing the other rules could look at.
    let isSilent: Bool
    /// What is the same at every rule that fails for the same reason.
    let cause: String

    private init(_ outcome: ConformanceReport.Outcome, _ reason: String, isSilent: Bool = false, cause: String? = nil) {
        self.outcome = outcome
        self.reason = reason
        self.isSilent = isSilent
        self.cause = cause ?? reason
    }

    static func broken(_ reason: String, by cause: String? = nil) -> ConformanceFault {
        ConformanceFault(.failed, reason, cause: cause)
    }

    static func silent(_ reason: String) -> ConformanceFault {
        ConformanceFault(.failed, reason, isSilent: true)
    }

    static func unclear(_ reason: String) -> ConformanceFault {
        ConformanceFault(.notApplicable, reason)
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
