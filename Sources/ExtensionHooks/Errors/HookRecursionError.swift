/// Hooks called extension points from within hooks more deeply than the registry allows.
///
/// Usually a hook that calls its own point: it would go on for ever.
public struct HookRecursionError: ValueFreeError, Hashable {
    /// The name of the point whose call was refused.
    public let point: String

    /// The depth that the registry allows.
    public let limit: Int

    @usableFromInline
    init(point: String, limit: Int) {
        self.point = point
        self.limit = limit
    }

    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public var description: String {
        "hooks of '\(point)' call extension points more than \(limit) deep; a hook probably calls its own point. "
            + "Break the cycle, or raise maximumDepth of the registry"
    }
}
