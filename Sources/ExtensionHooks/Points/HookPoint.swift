/// A typed operation that hooks may answer, rewrite or watch.
///
/// Declare a point once and hand it round as a value, so that a point's name is never a string to mistype:
///
/// ```swift
/// extension HookPoint where Arguments == RenderRequest, Output == Page {
///     static var render: Self { HookPoint("render") }
/// }
/// ```
///
/// Two declarations with the same name and the same two types are the same point, and in a registry the closures of the
/// one that is called first count. A point with other types is another point, so a hook can never be called with
/// arguments it does not understand.
public struct HookPoint<Arguments: Sendable, Output: Sendable>: Sendable {
    /// The name shown in errors, records and explanations.
    public var name: String { descriptor.name }

    let descriptor: PointDescriptor<Arguments>

    /// Declares a point.
    ///
    /// - Parameters:
    ///   - name: A short name, unique among the points with these two types.
    ///   - describeRewrite: Names what differs between two versions of the arguments, for the record of who rewrote
    ///     what. The names must not contain values that are secret. It runs only after a hook changed the arguments.
    ///   - onStartFailure: Decides whether the call goes on without a start hook that threw or exceeded its deadline,
    ///     where that would otherwise fail the call. It gets the arguments as they were before that hook, which it may
    ///     change, the hook and what it threw. If it returns true, the call goes on as under
    ///     ``FailurePolicy/continue``.
    public init(
        _ name: String,
        describeRewrite: (@Sendable (Arguments, Arguments) -> [String])? = nil,
        onStartFailure: (@Sendable (inout Arguments, HookID, any Error) -> Bool)? = nil
    ) {
        descriptor = PointDescriptor(name: name, describeRewrite: describeRewrite, onStartFailure: onStartFailure)
    }

    var key: PointKey { PointKey(name: name, type: ObjectIdentifier(Self.self)) }
}

/// A typed operation of a synchronous function.
///
/// The synchronous twin of ``HookPoint``: its hooks are synchronous closures, so a hook that would have to wait is
/// refused by the compiler rather than at run time.
public struct SynchronousHookPoint<Arguments: Sendable, Output: Sendable>: Sendable {
    /// The name shown in errors, records and explanations.
    public var name: String { descriptor.name }

    let descriptor: PointDescriptor<Arguments>

    /// Declares a point.
    ///
    /// - Parameters:
    ///   - name: A short name, unique among the synchronous points with these two types.
    ///   - describeRewrite: Names what differs between two versions of the arguments, without secret values.
    ///   - onStartFailure: Decides whether the call goes on without a start hook that threw; see
    ///     ``HookPoint/init(_:describeRewrite:onStartFailure:)``.
    public init(
        _ name: String,
        describeRewrite: (@Sendable (Arguments, Arguments) -> [String])? = nil,
        onStartFailure: (@Sendable (inout Arguments, HookID, any Error) -> Bool)? = nil
    ) {
        descriptor = PointDescriptor(name: name, describeRewrite: describeRewrite, onStartFailure: onStartFailure)
    }

    var key: PointKey { PointKey(name: name, type: ObjectIdentifier(Self.self)) }
}

/// What makes two declarations the same point: the name and the whole generic type.
struct PointKey: Hashable, Sendable {
    let name: String
    let type: ObjectIdentifier
}

/// What a runner needs to know of the point.
@usableFromInline
struct PointDescriptor<Arguments: Sendable>: Sendable {
    @usableFromInline let name: String
    @usableFromInline let describeRewrite: (@Sendable (Arguments, Arguments) -> [String])?
    let onStartFailure: (@Sendable (inout Arguments, HookID, any Error) -> Bool)?
}
