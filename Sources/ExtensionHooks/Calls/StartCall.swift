/// What a start hook sees of a call and may change.
///
/// ```swift
/// hooks.onStart(.getAPIKey, id: "acme/vault") { call in
///     call.arguments.service = "azure"        // rewrite the arguments
///     call.result = .success(.found(key))     // answer: later start hooks and the body do not run
///     call.result = .failure(Denied())        // deny: the caller gets this error as it is
/// }
/// ```
@frozen
public struct StartCall<Arguments: Sendable, Output: Sendable>: Sendable {
    @usableFromInline var current: Arguments

    /// The arguments before the present hook changed them; nil while it has not.
    @usableFromInline var previous: Arguments?

    /// The answer, or nil while nobody has given one.
    ///
    /// For an optional output `.success(nil)` is an answer like any other.
    public var result: Result<Output, any Error>?

    @inlinable
    init(arguments: Arguments) {
        current = arguments
        previous = nil
        result = nil
    }

    /// The arguments of the call, as the caller gave them or an earlier hook rewrote them.
    public var arguments: Arguments {
        @inlinable get { current }
        @inlinable _modify {
            if previous == nil { previous = current }
            yield &current
        }
    }
}
