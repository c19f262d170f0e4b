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
    @inlinable public static var start: Self { Self(isEnd: false) }

    /// After the body, or after the hook that answered: the hook may replace the result.
    @inlinable public static var end: Self { Self(isEnd: true) }

    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public var description: String { isEnd ? "end" : "start" }
}
