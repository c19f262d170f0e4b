/// A hook failed: which one, where, and why.
///
/// Errors of the body and errors that a hook sets as the result are passed on untouched and are never wrapped in this.
/// The text names the underlying error's type only, unless that is a ``ValueFreeError``.
public struct HookError: ValueFreeError {
    /// The name of the point.
    public let point: String

    /// The hook that threw.
    public let hook: HookID

    /// The phase in which it threw.
    public let phase: HookPhase

    /// What it threw.
    ///
    /// Its text may quote a secret: do not log it without knowing its type.
    public let underlying: any Error

    /// The deadline that the hook exceeded; nil if it failed in another way.
    public var exceededDeadline: Duration? { (underlying as? HookDeadlineExceeded)?.deadline }

    /// The other end hooks of the same call that threw, in the order in which they ran.
    public internal(set) var others: [HookError]

    /// Describes the failure of a hook.
    ///
    /// - Parameters:
    ///   - point: The name of the point.
    ///   - hook: The hook that threw.
    ///   - phase: The phase in which it threw.
    ///   - underlying: What it threw.
    ///   - others: The other end hooks of the same call that threw.
    public init(point: String, hook: HookID, phase: HookPhase, underlying: any Error, others: [HookError] = []) {
        self.point = point
        self.hook = hook
        self.phase = phase
        self.underlying = underlying
        self.others = others
    }
}

extension HookError: CustomStringConvertible {
    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public var description: String {
        let own = "hook '\(hook)' failed in the \(phase) phase of '\(point)': \(valueFreeDescription(of: underlying))"
        return ([own] + others.map(\.description)).joined(separator: "; also: ")
    }
}

extension HookError: CustomDebugStringConvertible {
    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public var debugDescription: String { "HookError(\(description))" }
}

extension HookError: CustomReflectable {
    /// Leaves the underlying error out, since a mirror would show whatever it holds.
    public var customMirror: Mirror {
        Mirror(self, children: ["point": point, "hook": hook.rawValue, "phase": phase.description])
    }
}
