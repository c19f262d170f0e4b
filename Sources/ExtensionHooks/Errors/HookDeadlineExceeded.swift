/// A hook did not return before its deadline.
public struct HookDeadlineExceeded: ValueFreeError, Hashable {
    /// The deadline the hook was registered with.
    public let deadline: Duration

    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public var description: String { "it did not return within its deadline of \(deadline)" }
}
