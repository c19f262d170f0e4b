/// Who gave the answer of a call.
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
