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

/// Hooks called extension points from within hooks more deeply than the registry allows.
///
/// Usually a hook that calls its own point: it would never end.
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

/// A hook did not return before its deadline.
package struct HookDeadlineExceeded: ValueFreeError, Hashable {
    /// The deadline the hook was registered with.
    package let deadline: Duration

    package var description: String { "it did not return within its deadline of \(deadline)" }
}

/// A call without waiting came to a hook that would have to wait.
///
/// Hooks that ran before it see this as the outcome of the call.
@usableFromInline
package struct HookWouldWait: ValueFreeError {
    /// The hook that would have to wait.
    package let hook: HookID

    @usableFromInline
    init(hook: HookID) {
        self.hook = hook
    }
}

extension HookWouldWait: CustomStringConvertible {
    @usableFromInline package var description: String { "hook '\(hook)' would have to wait" }
}

/// An error whose text never contains a secret value, whatever went wrong.
///
/// The text of an error of unknown origin may quote what it failed on. Only the text of a value-free error is repeated
/// in a ``HookError``'s description and in records; of any other error they show the type.
public protocol ValueFreeError: Error, CustomStringConvertible {}

/// The text of `error` as far as it is known to hold no value.
///
/// - Parameter error: Any error.
/// - Returns: The description of a ``ValueFreeError``; of any other error the name of its type.
package func valueFreeDescription(of error: any Error) -> String {
    if let error = error as? any ValueFreeError { return error.description }
    return String(reflecting: type(of: error))
}
