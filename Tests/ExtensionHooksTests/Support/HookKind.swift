import ExtensionHooks

/// The three ways in which a hook can run; what holds for one must hold for all.
enum HookKind: CaseIterable, Sendable {
    /// A hook of an asynchronous point that cannot wait.
    case immediate

    /// A hook of an asynchronous point that waits.
    case suspending

    /// A hook of a synchronous point.
    case synchronous
}

/// An action as it is given to any of the three kinds.
typealias StartAction<Arguments: Sendable, Output: Sendable> =
    @Sendable (inout StartCall<Arguments, Output>) throws -> Void

/// An end action as it is given to any of the three kinds.
typealias EndAction<Arguments: Sendable, Output: Sendable> =
    @Sendable (inout EndCall<Arguments, Output>) throws -> Void
