/// A place in code where a synchronous point is called, with the body given at the call.
///
/// The synchronous twin of ``HookSite``; ``SynchronousExtensible`` keeps the body for you.
@frozen
public struct SynchronousHookSite<Arguments: Sendable, Output: Sendable>: Sendable {
    /// Kept alive, since a registry that nobody holds would no longer follow its parent and its tokens.
    @usableFromInline let registry: HookRegistry

    @usableFromInline let slot: HookSlot<SynchronousHook<Arguments, Output>>
    @usableFromInline let facts: PointFacts<Arguments>

    /// Makes a call site.
    ///
    /// - Parameters:
    ///   - point: The point to be called.
    ///   - registry: Where its hooks are registered, now or later.
    public init(_ point: SynchronousHookPoint<Arguments, Output>, in registry: HookRegistry) {
        self.registry = registry
        slot = registry.slot(for: point.key, as: HookSlot<SynchronousHook<Arguments, Output>>.self)
        facts = PointFacts(name: point.name, describeRewrite: point.describeRewrite, isObserved: point.isObserved)
    }

    /// Whether any hook or observer is registered, so that a caller can skip preparing costly arguments.
    public var isUsed: Bool {
        @inlinable get { slot.hasHooks }
    }

    /// Calls the point.
    ///
    /// With nothing registered this is one atomic load and a direct call of the body.
    ///
    /// - Parameters:
    ///   - arguments: The arguments, which start hooks may rewrite.
    ///   - body: What happens when no start hook answers; it gets the arguments as they are then.
    /// - Returns: The output of the body or of the hook that answered, as end hooks left it.
    /// - Throws: As ``HookSite/callAsFunction(_:body:)``.
    @inlinable
    public func callAsFunction(
        _ arguments: Arguments,
        body: (Arguments) throws -> Output
    ) throws -> Output {
        guard let snapshot = slot.current else {
            return try body(arguments)
        }
        return try run(arguments, through: snapshot, body: body)
    }
}
