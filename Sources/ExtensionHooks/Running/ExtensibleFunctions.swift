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
    @inlinable public var isUsed: Bool { site.isUsed }

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
    @inlinable public var isUsed: Bool { site.isUsed }

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

#if Macros
/// Makes a function extensible where it is declared.
///
/// ```swift
/// @Extensible(in: registry)
/// func complete(prompt: String, model: String? = nil) async throws -> Reply {
///     try await client.reply(to: prompt, from: model)
/// }
///
/// try registry.register { hooks in
///     hooks.onStart(completePoint, id: "acme/cache") { call in
///         if let known = cache[call.arguments.prompt] { call.result = .success(known) }
///     }
/// }
/// ```
///
/// Callers and body stay as they are. Beside the function come, with its access level, static in a type:
///
/// - `completeArguments`, a structure with one variable for each parameter, by its internal name;
/// - `completePoint`, a ``HookPoint``, or a ``SynchronousHookPoint`` if the function is synchronous, named after the
///   function with its type in front;
/// - `completeSite`, the ``HookSite`` or ``SynchronousHookSite`` through which the function calls the hooks.
///
/// A function that cannot throw cannot be denied: if a hook fails, the caller gets the body's output. See
/// ``HookSite/callWithoutThrowing(_:body:)``.
///
/// The arguments and the output must be `Sendable`, and the function's base name unique where it is declared. It cannot
/// be generic nor sit in a generic type, a protocol or an extension of either, where nothing can be stored. A public
/// function needs `public import ExtensionHooks`.
///
/// - Parameter registry: Where the hooks are registered: something global or static, since it is read once, at the
///   first call.
@attached(peer, names: suffixed(Arguments), suffixed(Point), suffixed(Site))
@attached(body)
public macro Extensible(in registry: HookRegistry) =
    #externalMacro(module: "ExtensibleMacro", type: "ExtensibleFunctionMacro")
#endif
