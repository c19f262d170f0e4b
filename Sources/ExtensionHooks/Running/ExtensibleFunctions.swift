/// An asynchronous function whose callers, arguments and results hooks can take part in.
///
/// ```swift
/// let getAPIKey = Extensible(.getAPIKey, in: registry) { request in
///     try await environment.key(for: request.service)
/// }
/// let key = try await getAPIKey(KeyRequest(service: "openai"))
/// ```
@frozen
public struct Extensible<Arguments: Sendable, Output: Sendable>: Sendable {
    @usableFromInline let site: HookSite<Arguments, Output>
    @usableFromInline let body: @Sendable (Arguments) async throws -> Output

    /// Makes a function extensible.
    ///
    /// - Parameters:
    ///   - point: The point that hooks name.
    ///   - registry: Where its hooks are registered, now or later.
    ///   - body: What the function does when no start hook answers.
    public init(
        _ point: HookPoint<Arguments, Output>,
        in registry: HookRegistry,
        body: @escaping @Sendable (Arguments) async throws -> Output
    ) {
        site = HookSite(point, in: registry)
        self.body = body
    }

    /// Whether any hook or observer is registered.
    public var isUsed: Bool {
        @inlinable get { site.isUsed }
    }

    /// Calls the function.
    ///
    /// - Parameter arguments: The arguments, which start hooks may rewrite.
    /// - Returns: The output of the body or of the hook that answered, as end hooks left it.
    /// - Throws: As ``HookSite/callAsFunction(_:body:)``.
    @inlinable
    public func callAsFunction(_ arguments: Arguments) async throws -> Output {
        guard let snapshot = site.published.current else {
            return try await body(arguments)
        }
        return try await snapshot.run(arguments, as: OutputOnly.self, body: body)
    }
}

/// A synchronous function whose callers, arguments and results hooks can take part in.
///
/// The synchronous twin of ``Extensible``, for functions that cannot wait. Cancellation has no part in it: nothing here
/// is interrupted.
@frozen
public struct SynchronousExtensible<Arguments: Sendable, Output: Sendable>: Sendable {
    @usableFromInline let site: SynchronousHookSite<Arguments, Output>
    @usableFromInline let body: @Sendable (Arguments) throws -> Output

    /// Makes a function extensible.
    ///
    /// - Parameters:
    ///   - point: The point that hooks name.
    ///   - registry: Where its hooks are registered, now or later.
    ///   - body: What the function does when no start hook answers.
    public init(
        _ point: SynchronousHookPoint<Arguments, Output>,
        in registry: HookRegistry,
        body: @escaping @Sendable (Arguments) throws -> Output
    ) {
        site = SynchronousHookSite(point, in: registry)
        self.body = body
    }

    /// Whether any hook or observer is registered.
    public var isUsed: Bool {
        @inlinable get { site.isUsed }
    }

    /// Calls the function.
    ///
    /// - Parameter arguments: The arguments, which start hooks may rewrite.
    /// - Returns: The output of the body or of the hook that answered, as end hooks left it.
    /// - Throws: As ``HookSite/callAsFunction(_:body:)``.
    @inlinable
    public func callAsFunction(_ arguments: Arguments) throws -> Output {
        try site(arguments, body: body)
    }
}
