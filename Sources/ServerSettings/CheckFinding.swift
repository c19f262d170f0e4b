package import KeyHooks

/// What one step of a check found.
package struct CheckFinding: Sendable {
    /// What came of a step.
    package enum Outcome: String, Sendable, Encodable {
        case passed, failed, denied

        /// It couldn't be looked at, or it would have cost something.
        case skipped
    }

    /// What was looked at, such as `server`, `token`, or the path of a secret.
    package let step: String

    package let outcome: Outcome

    /// What was found, without what to do.
    package let reason: String

    /// What to do; nil where nothing is wrong.
    package private(set) var remedy: String?

    /// The kind of failure; nil where nothing failed, and for what isn't known and need not be.
    package private(set) var code: KeyResolutionError.Code?

    /// The sections that are concerned, by their paths in the file.
    package var sections: [String] = []

    package static func passed(_ step: String, _ reason: String) -> CheckFinding {
        CheckFinding(step: step, outcome: .passed, reason: reason)
    }

    package static func skipped(
        _ step: String,
        _ reason: String,
        remedy: String? = nil,
        _ code: KeyResolutionError.Code? = nil
    ) -> CheckFinding {
        CheckFinding(step: step, outcome: .skipped, reason: reason, remedy: remedy, code: code)
    }

    /// What kept a step from passing.
    package static func failed(_ step: String, _ error: KeyResolutionError) -> CheckFinding {
        CheckFinding(
            step: step,
            outcome: error.code == .denied ? .denied : .failed,
            reason: error.message,
            remedy: error.remedy,
            code: error.code
        )
    }

    package static func failed(
        _ step: String,
        _ code: KeyResolutionError.Code,
        _ reason: String,
        remedy: String
    ) -> CheckFinding {
        failed(step, KeyResolutionError(code, reason, remedy: remedy))
    }
}

extension CheckFinding: Encodable {
    private enum CodingKeys: CodingKey {
        case sections, step, outcome, reason, remedy
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(sections, forKey: .sections)
        try container.encode(step, forKey: .step)
        try container.encode(outcome, forKey: .outcome)
        try container.encode(reason, forKey: .reason)
        try container.encodeIfPresent(remedy, forKey: .remedy)
    }
}
