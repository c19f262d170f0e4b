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
    public let name: String

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
        self.name = name
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
    public let name: String

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
        self.name = name
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

/// Says for which calls a hook is run.
///
/// The engine checks it without calling the hook, and lists of hooks show why one is left out:
///
/// ```swift
/// hooks.onStart(.render, id: "acme/cache", filter: HookFilter("for other formats") { request, _ in request.isHTML }) { … }
/// ```
public struct HookFilter<Arguments: Sendable>: Sendable, CustomStringConvertible {
    /// Why a hook is not run for arguments that it does not match, as in "for other services".
    public let description: String

    /// Whether a hook is run for some arguments in a phase.
    ///
    /// A hook with a start and an end is asked about its start; its end runs exactly if its start did.
    public let matches: @Sendable (Arguments, HookPhase) -> Bool

    /// Makes a filter.
    ///
    /// - Parameters:
    ///   - description: Why a hook is not run for arguments that do not match, without any value of them.
    ///   - matches: Whether the hook is run. It is asked in each call, with the arguments as they are by then, so it
    ///     should be quick.
    public init(_ description: String, matches: @escaping @Sendable (Arguments, HookPhase) -> Bool) {
        self.description = description
        self.matches = matches
    }
}

/// What becomes of a call when one of its hooks throws.
public struct FailurePolicy: Hashable, Sendable {
    @usableFromInline let failsCall: Bool

    @usableFromInline
    init(failsCall: Bool) {
        self.failsCall = failsCall
    }

    /// The call fails with a ``HookError``.
    ///
    /// The default of start hooks: a broken hook must not be skipped silently.
    public static var fail: Self { Self(failsCall: true) }

    /// The call goes on as though the hook had not run; the failure is recorded and observers see it.
    ///
    /// The default of end hooks, so that a broken audit log does not take the answer away.
    public static var `continue`: Self { Self(failsCall: false) }
}

/// The half of a call in which a hook runs.
@frozen
public struct HookPhase: Hashable, Sendable, CustomStringConvertible {
    @usableFromInline let isEnd: Bool

    @inlinable
    init(isEnd: Bool) {
        self.isEnd = isEnd
    }

    /// Before the body: the hook may rewrite the arguments and set the result.
    public static var start: Self {
        @inlinable get { Self(isEnd: false) }
    }

    /// After the body, or after the hook that answered: the hook may replace the result.
    public static var end: Self {
        @inlinable get { Self(isEnd: true) }
    }

    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public var description: String { isEnd ? "end" : "start" }
}
