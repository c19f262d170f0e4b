/// What a call gives: its output, or also who gave it.
@usableFromInline
protocol AnswerShape<Arguments, Output> {
    associatedtype Arguments: Sendable
    associatedtype Output: Sendable
    associatedtype Answer

    static func answer(_ output: Output, by source: @autoclosure () -> CallSource, to arguments: Arguments) -> Answer
}

/// The output alone, for most callers.
@usableFromInline
enum OutputOnly<Arguments: Sendable, Output: Sendable>: AnswerShape {
    @inlinable
    static func answer(_ output: Output, by source: @autoclosure () -> CallSource, to arguments: Arguments) -> Output {
        output
    }
}

/// The output with who gave it and the arguments in the end.
@usableFromInline
enum WithSource<Arguments: Sendable, Output: Sendable>: AnswerShape {
    @inlinable
    static func answer(
        _ output: Output,
        by source: @autoclosure () -> CallSource,
        to arguments: Arguments
    ) -> HookOutcome<Arguments, Output> {
        HookOutcome(output: output, answeredBy: source(), arguments: arguments)
    }
}
