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
