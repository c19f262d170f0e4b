/// A place in code where a synchronous point is called, with the body given at the call.
///
/// The synchronous twin of ``HookSite``; ``SynchronousExtensible`` keeps the body for you.
@frozen
public struct SynchronousHookSite<Arguments: Sendable, Output: Sendable>: Sendable {
    /// Kept alive, since a registry that nobody holds would no longer follow its parent and its tokens.
    @usableFromInline let registry: HookRegistry

    @usableFromInline let published: PublishedHooks<Arguments, Output>

    /// Makes a call site.
    ///
    /// - Parameters:
    ///   - point: The point to be called.
    ///   - registry: Where its hooks are registered, now or later.
    public init(_ point: SynchronousHookPoint<Arguments, Output>, in registry: HookRegistry) {
        self.registry = registry
        published = registry.core.published(for: point.key, point.descriptor, in: registry.layer)
    }

    /// Whether any hook or observer is registered, so that a caller can skip preparing costly arguments.
    @inlinable public var isUsed: Bool { published.hasHooks }

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
        guard let snapshot = published.current else {
            return try body(arguments)
        }
        return try snapshot.runSynchronously(arguments, body: body)
    }

    /// Calls the point from a function that cannot throw.
    ///
    /// The synchronous twin of ``HookSite/callWithoutThrowing(_:body:)``: a function that cannot throw cannot be
    /// denied, so after a failure, which observers see, the caller gets the body's output. The body runs at most once;
    /// if it has not run by then, it runs with the caller's arguments.
    ///
    /// - Parameters:
    ///   - arguments: The arguments, which start hooks may rewrite.
    ///   - body: What happens when no start hook answers; it gets the arguments as they are then.
    /// - Returns: The output of the body or of the hook that answered, as end hooks left it; after a failure the
    ///   body's.
    @inlinable
    public func callWithoutThrowing(
        _ arguments: Arguments,
        body: (Arguments) -> Output
    ) -> Output {
        guard let snapshot = published.current else {
            return body(arguments)
        }
        var returned: Output?
        do {
            return try snapshot.runSynchronously(arguments) { rewritten in
                let output = body(rewritten)
                returned = .some(output)
                return output
            }
        } catch {
            return returned ?? body(arguments)
        }
    }
}
