/// A place in code where a point is called, with the body given at the call.
///
/// Use it where the body needs what is only at hand at the call; ``Extensible`` keeps the body for you.
@frozen
public struct HookSite<Arguments: Sendable, Output: Sendable>: Sendable {
    /// Kept alive, since a registry that nobody holds would no longer follow its parent and its tokens.
    @usableFromInline let registry: HookRegistry

    @usableFromInline let published: PublishedHooks<Arguments, Output>

    /// Makes a call site.
    ///
    /// - Parameters:
    ///   - point: The point to be called.
    ///   - registry: Where its hooks are registered, now or later.
    public init(_ point: HookPoint<Arguments, Output>, in registry: HookRegistry) {
        self.registry = registry
        published = registry.core.published(for: point.key, point.descriptor, in: registry.layer)
    }

    /// Whether any hook or observer is registered, so that a caller can skip preparing costly arguments.
    @inlinable public var isUsed: Bool { published.hasHooks }

    /// Whether a hook may change what is answered.
    package var hasEnds: Bool { published.current?.hasEnds ?? false }

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
        guard let snapshot = published.current else { return try await body(arguments) }
        return try await snapshot.run(arguments, as: OutputOnly.self, body: body)
    }

    /// Calls the point, and tells who gave the output.
    ///
    /// - Parameters:
    ///   - arguments: The arguments, which start hooks may rewrite.
    ///   - body: What happens when no start hook answers; it gets the arguments as they are then.
    /// - Returns: The output, who set it, and the arguments in the end.
    /// - Throws: As ``callAsFunction(_:body:)``.
    @inlinable
    package func callReportingSource(
        _ arguments: Arguments,
        body: (Arguments) async throws -> Output
    ) async throws -> HookOutcome<Arguments, Output> {
        guard let snapshot = published.current else {
            return HookOutcome(output: try await body(arguments), answeredBy: .body, arguments: arguments)
        }
        return try await snapshot.run(arguments, as: WithSource.self, body: body)
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
    package func callReportingSource(
        _ arguments: Arguments,
        noting note: ([HookError]) -> Void,
        body: (Arguments) async throws -> Output
    ) async throws -> HookOutcome<Arguments, Output> {
        guard let snapshot = published.current else {
            return HookOutcome(output: try await body(arguments), answeredBy: .body, arguments: arguments)
        }
        return try await snapshot.run(arguments, as: WithSource.self, noting: note, body: body)
    }

    /// Calls the point from a function that cannot throw.
    ///
    /// Hooks may answer, rewrite and watch as ever, but a function that cannot throw cannot be denied: if a hook fails,
    /// or sets a failure as the result, observers see it as the call's outcome and the caller gets the body's output
    /// all the same. Make the function throw if hooks must be able to deny.
    ///
    /// The body runs at most once. If it has not run by the time of the failure, it runs with the caller's arguments,
    /// after the end hooks and the record of the call.
    ///
    /// - Parameters:
    ///   - arguments: The arguments, which start hooks may rewrite.
    ///   - body: What happens when no start hook answers; it gets the arguments as they are then.
    /// - Returns: The output of the body or of the hook that answered, as end hooks left it; after a failure the
    ///   body's.
    @inlinable
    public func callWithoutThrowing(_ arguments: Arguments, body: (Arguments) async -> Output) async -> Output {
        guard let snapshot = published.current else { return await body(arguments) }
        var returned: Output?
        do {
            return try await snapshot.run(arguments, as: OutputOnly.self) { rewritten in
                let output = await body(rewritten)
                returned = .some(output)
                return output
            }
        } catch {
            if let returned { return returned }
            return await body(arguments)
        }
    }

    /// Calls the point if that takes no waiting.
    ///
    /// The hooks run as ever, those that deny and rewrite included, up to the first that would have to wait. If there
    /// is one, the end halves that are owed see an error as the outcome, and nobody is answered. If an end hook may
    /// wait, nothing runs at all.
    ///
    /// - Parameters:
    ///   - arguments: The arguments, which start hooks may rewrite.
    ///   - body: What happens when no start hook answers; it cannot wait.
    /// - Returns: The output, who set it, and the arguments in the end; nil if a hook would have to wait.
    /// - Throws: As ``callAsFunction(_:body:)``.
    @inlinable
    package func callWithoutWaiting(
        _ arguments: Arguments,
        body: (Arguments) throws -> Output
    ) throws -> HookOutcome<Arguments, Output>? {
        guard let snapshot = published.current else {
            return HookOutcome(output: try body(arguments), answeredBy: .body, arguments: arguments)
        }
        return try snapshot.callWithoutWaiting(arguments, body: body)
    }
}
