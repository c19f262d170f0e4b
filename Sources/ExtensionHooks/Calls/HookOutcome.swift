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
