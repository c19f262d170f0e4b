/// A place in code where a point is called, with the body given at the call.
///
/// Use it where the body needs what is only at hand at the call; ``Extensible`` keeps the body for you.
@frozen
public struct HookSite<Arguments: Sendable, Output: Sendable>: Sendable {
    /// Kept alive, since a registry that nobody holds would no longer follow its parent and its tokens.
    @usableFromInline let registry: HookRegistry

    @usableFromInline let slot: HookSlot<AsyncHook<Arguments, Output>>
    @usableFromInline let facts: PointFacts<Arguments>

    /// Makes a call site.
    ///
    /// - Parameters:
    ///   - point: The point to be called.
    ///   - registry: Where its hooks are registered, now or later.
    public init(_ point: HookPoint<Arguments, Output>, in registry: HookRegistry) {
        self.registry = registry
        slot = registry.slot(for: point.key, as: HookSlot<AsyncHook<Arguments, Output>>.self)
        facts = PointFacts(name: point.name, describeRewrite: point.describeRewrite)
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
    /// - Throws: The body's error or the error a hook set as the result, untouched; a ``HookError`` if a hook failed
    ///   whose policy is ``FailurePolicy/fail``; a ``HookRecursionError``.
    @inlinable
    public func callAsFunction(
        _ arguments: Arguments,
        body: (Arguments) async throws -> Output
    ) async throws -> Output {
        guard let snapshot = slot.current else {
            return try await body(arguments)
        }
        return try await run(arguments, through: snapshot, body: body).output
    }

    /// Calls the point, and tells who gave the output.
    ///
    /// - Parameters:
    ///   - arguments: The arguments, which start hooks may rewrite.
    ///   - body: What happens when no start hook answers; it gets the arguments as they are then.
    /// - Returns: The output, who set it, and the arguments in the end.
    /// - Throws: As ``callAsFunction(_:body:)``.
    @inlinable
    public func callReportingSource(
        _ arguments: Arguments,
        body: (Arguments) async throws -> Output
    ) async throws -> HookOutcome<Arguments, Output> {
        guard let snapshot = slot.current else {
            return HookOutcome(output: try await body(arguments), answeredBy: .body, arguments: arguments)
        }
        return try await run(arguments, through: snapshot, body: body)
    }

    /// Calls the point, and tells who gave the output and what failed on the way.
    ///
    /// - Parameters:
    ///   - arguments: The arguments, which start hooks may rewrite.
    ///   - note: Gets the failures of hooks that did not end the call, in order, if there are any; also where the call
    ///     fails by something else.
    ///   - body: What happens when no start hook answers; it gets the arguments as they are then.
    /// - Returns: The output, who set it, and the arguments in the end.
    /// - Throws: As ``callAsFunction(_:body:)``.
    @inlinable
    public func callReportingSource(
        _ arguments: Arguments,
        noting note: ([HookError]) -> Void,
        body: (Arguments) async throws -> Output
    ) async throws -> HookOutcome<Arguments, Output> {
        guard let snapshot = slot.current else {
            return HookOutcome(output: try await body(arguments), answeredBy: .body, arguments: arguments)
        }
        return try await run(arguments, through: snapshot, noting: note, body: body)
    }
}
