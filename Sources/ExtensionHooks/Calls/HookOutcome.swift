/// What came of a call, for those who want to know more than the output.
@frozen
public struct HookOutcome<Arguments: Sendable, Output: Sendable>: Sendable {
    /// The output of the body or of the hook that answered, as end hooks left it.
    public let output: Output

    /// The last hook that set the output, or the body if none did.
    public let answeredBy: CallSource

    /// The arguments as start hooks left them.
    public let arguments: Arguments

    @inlinable
    init(output: Output, answeredBy: CallSource, arguments: Arguments) {
        self.output = output
        self.answeredBy = answeredBy
        self.arguments = arguments
    }
}
