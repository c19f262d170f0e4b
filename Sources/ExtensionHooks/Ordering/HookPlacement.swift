/// Where a hook stands among the hooks of a point, and why.
public struct HookPlacement: Hashable, Sendable {
    /// The hook.
    public let id: HookID

    /// The phases in which it runs.
    public let phases: [HookPhase]

    /// The priority it was registered with; lower runs first.
    public let priority: Int

    /// The hooks or plugins it asked to run before.
    public let before: [HookID]

    /// The hooks or plugins it asked to run after.
    public let after: [HookID]

    /// The ids in `before` and `after` that mean no hook that runs and therefore had no effect.
    public let unmatched: [HookID]

    /// Whether a pinned order gave it its place.
    public let isPinned: Bool

    /// Whether it is switched off in this registry; a disabled hook stands in the list but never runs.
    public let isDisabled: Bool

    /// Why its filter keeps it from running for the arguments that were asked about, as in "for other services"; nil if
    /// it does not, or if nothing was asked.
    public let exclusion: String?

    /// One line that says why it stands where it does.
    public var reason: String {
        if isDisabled { return "disabled" }
        if let exclusion { return exclusion }
        if isPinned { return "pinned by the configured order" }
        var parts = ["priority \(priority)"]
        parts += before.filter { !unmatched.contains($0) }.map { "before '\($0)'" }
        parts += after.filter { !unmatched.contains($0) }.map { "after '\($0)'" }
        parts += unmatched.map { "no '\($0)' runs here" }
        return parts.joined(separator: ", ")
    }
}
