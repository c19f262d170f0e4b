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
