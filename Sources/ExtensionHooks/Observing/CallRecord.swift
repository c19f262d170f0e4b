/// What happened in one call that hooks or observers took part in, without any value.
public struct CallRecord: Hashable, Sendable {
    /// One half of a hook as it ran.
    public struct HookRun: Hashable, Sendable {
        /// The hook.
        public let hook: HookID

        /// Which half of it ran.
        public let phase: HookPhase

        /// How long it took.
        public internal(set) var duration: Duration

        /// What it threw, if it threw: the text of a ``ValueFreeError``, the type of any other.
        public internal(set) var failure: String?
    }

    /// The name of the point.
    public let point: String

    /// How many hooks were being run above this call; 0 outside of any hook.
    public let depth: Int

    /// The halves of hooks that ran, in order.
    public internal(set) var hooks: [HookRun] = []

    /// Who rewrote the arguments, in order.
    public internal(set) var rewrites: [HookRewrite] = []

    /// Who answered, before any end hook.
    public internal(set) var answeredBy = CallSource.body

    /// The end hooks that replaced the result, in order.
    public internal(set) var replacedBy: [HookID] = []

    /// How long the body took; nil if it did not run.
    public internal(set) var bodyDuration: Duration?

    /// How long the whole call took.
    public internal(set) var duration: Duration = .zero

    /// What the caller was thrown: the text of a ``ValueFreeError``, the type of any other error; nil if the call
    /// returned.
    public internal(set) var failure: String?

    /// Whether the caller was thrown a `CancellationError`.
    public internal(set) var isCancelled = false
}
