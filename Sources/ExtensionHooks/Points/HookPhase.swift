/// The half of a call in which a hook runs.
public struct HookPhase: Hashable, Sendable, CustomStringConvertible {
    private enum Storage: Hashable, Sendable {
        case start
        case end
    }

    private let storage: Storage

    /// Before the body: the hook may rewrite the arguments and set the result.
    public static var start: Self { Self(storage: .start) }

    /// After the body, or after the hook that answered: the hook may replace the result.
    public static var end: Self { Self(storage: .end) }

    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public var description: String {
        switch storage {
        case .start: "start"
        case .end: "end"
        }
    }
}
