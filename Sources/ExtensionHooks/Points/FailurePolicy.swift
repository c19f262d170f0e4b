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
