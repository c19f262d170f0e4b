public import ExtensionHooks
import JSON5Syntax

/// A source that was asked for a key and did not answer, so that the next one was asked.
public struct SkippedSource: Hashable, Sendable {
    /// Where it was looked for, such as the path of a secret.
    public let place: String

    /// Why there was no answer: `absent`, or a failure that the user allows to be skipped.
    public let code: KeyResolutionError.Code

    /// What was found there instead, or what failed; never a value.
    public let message: String

    /// One line that says how to fix it, or of an absence where a key is to be put; empty if nobody said.
    public let remedy: String

    /// Whether nothing has to be wrong: the source is for many services, and could be read.
    public internal(set) var isUsual = false

    /// Whether the source has authority over its answer: it said that there is nothing.
    public var isAbsence: Bool { code == .absent }
}

extension SkippedSource: CustomStringConvertible {
    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public var description: String { message.isEmpty ? place : "\(place) (\(message))" }
}

extension SkippedSource {
    /// A source that said there is nothing.
    init(_ place: String, reason: String, remedy: String, isUsual: Bool) {
        self.init(
            place: displayLines(place),
            code: .absent,
            message: displayLines(reason),
            remedy: displayLines(remedy),
            isUsual: isUsual
        )
    }

    /// A source that failed, where the user allows a weaker one to answer.
    init(_ place: String, after error: KeyResolutionError) {
        self.init(place: displayLines(place), code: error.code, message: error.message, remedy: error.remedy)
    }
}

extension StartCall where Arguments == KeyRequest {
    /// Notes that a source said there is nothing, and lets the next one answer.
    ///
    /// - Parameters:
    ///   - place: Where it was looked for.
    ///   - reason: What was there instead, such as "no field OPENAI_API_KEY"; without a value.
    ///   - remedy: One line that says where a key is to be put, for whoever finds that no source has one; a command
    ///     goes behind a colon. Without it the caller is pointed at a variable.
    ///   - isUsual: Whether nothing has to be wrong: the source is for many services, could be read, and nobody said
    ///     that this service's key is there. Where a weaker source answers, the warning is then short and gives no
    ///     advice.
    public mutating func skip(_ place: String, reason: String = "", remedy: String = "", isUsual: Bool = false) {
        arguments.skipped.append(SkippedSource(place, reason: reason, remedy: remedy, isUsual: isUsual))
    }

    /// Notes that a source failed, and lets a weaker one answer all the same.
    ///
    /// Whoever answers, the failure is visible in ``KeyProvenance/skippedSources``; if nobody does, the caller gets it
    /// as an error and isn't led to believe that there is no key. Never skip after a denial.
    ///
    /// - Parameters:
    ///   - place: Where it was looked for.
    ///   - error: What failed.
    public mutating func skip(_ place: String, after error: KeyResolutionError) {
        arguments.skipped.append(SkippedSource(place, after: error))
    }
}
