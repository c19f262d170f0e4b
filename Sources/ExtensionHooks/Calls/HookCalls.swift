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

/// What came of a call, for those who want to know more than the output.
@usableFromInline
@frozen
package struct HookOutcome<Arguments: Sendable, Output: Sendable>: Sendable {
    /// The output of the body or of the hook that answered, as end hooks left it.
    @usableFromInline package let output: Output

    /// The last hook that set the output, or the body if none did.
    @usableFromInline package let answeredBy: CallSource

    /// The arguments as start hooks left them.
    @usableFromInline package let arguments: Arguments

    @inlinable
    init(output: Output, answeredBy: CallSource, arguments: Arguments) {
        self.output = output
        self.answeredBy = answeredBy
        self.arguments = arguments
    }
}

/// Who gave the answer of a call.
@frozen
public enum CallSource: Hashable, Sendable {
    /// The function's own body.
    case body

    /// The hook with this id: it set the result, or its failure ended the call.
    case hook(HookID)
}

extension CallSource: CustomStringConvertible {
    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public var description: String {
        switch self {
        case .body: "the body"
        case .hook(let id): "hook '\(id)'"
        }
    }
}

/// A record that a start hook changed the arguments.
public struct HookRewrite: Hashable, Sendable {
    /// The hook that changed them.
    public let hook: HookID

    /// What changed, as the point describes it without secret values; empty if the point describes nothing.
    public let changes: [String]
}
