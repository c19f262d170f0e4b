/// A typed operation of a synchronous function.
///
/// The synchronous twin of ``HookPoint``: its hooks are synchronous closures, so a hook that would have to wait is
/// refused by the compiler rather than at run time.
public struct SynchronousHookPoint<Arguments: Sendable, Output: Sendable>: Sendable {
    /// The name shown in errors, records and explanations.
    public let name: String

    @usableFromInline let describeRewrite: (@Sendable (Arguments, Arguments) -> [String])?

    let isObserved: Bool

    /// Declares a point.
    ///
    /// - Parameters:
    ///   - name: A short name, unique among the synchronous points with these two types.
    ///   - isObserved: Whether observers see its calls; false for a point that asks plugins about themselves.
    ///   - describeRewrite: Names what differs between two versions of the arguments, without secret values.
    public init(
        _ name: String,
        isObserved: Bool = true,
        describeRewrite: (@Sendable (Arguments, Arguments) -> [String])? = nil
    ) {
        self.name = name
        self.isObserved = isObserved
        self.describeRewrite = describeRewrite
    }

    var key: PointKey { PointKey(name: name, type: ObjectIdentifier(Self.self)) }
}
