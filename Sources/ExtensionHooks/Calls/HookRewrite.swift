/// A record that a start hook changed the arguments.
public struct HookRewrite: Hashable, Sendable {
    /// The hook that changed them.
    public let hook: HookID

    /// What changed, as the point describes it without secret values; empty if the point describes nothing.
    public let changes: [String]
}
