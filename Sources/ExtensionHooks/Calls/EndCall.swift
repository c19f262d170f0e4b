/// What an end hook sees of a call and may change.
@frozen
public struct EndCall<Arguments: Sendable, Output: Sendable>: Sendable {
    /// The arguments as the body saw them, after every rewrite.
    public let arguments: Arguments

    /// Who answered before any end hook ran.
    public let answeredBy: CallSource

    /// Who rewrote the arguments, in order.
    public let rewrites: [HookRewrite]

    /// What failed so far in this call and did not end it, in order.
    @inlinable public var failures: [HookError] { collected }

    @usableFromInline var collected: [HookError]

    @usableFromInline var current: Result<Output, any Error>
    @usableFromInline var isReplaced: Bool

    @inlinable
    init(
        arguments: Arguments,
        result: Result<Output, any Error>,
        answeredBy: CallSource,
        rewrites: [HookRewrite],
        failures: [HookError]
    ) {
        self.arguments = arguments
        self.answeredBy = answeredBy
        self.rewrites = rewrites
        collected = failures
        current = result
        isReplaced = false
    }

    /// The result of the call; an end hook may replace a value or an error by either.
    public var result: Result<Output, any Error> {
        @inlinable get { current }
        @inlinable _modify {
            isReplaced = true
            yield &current
        }
    }
}
