/// What a registry was made with and every call through it obeys.
@usableFromInline
struct CallSettings: Sendable {
    @usableFromInline let maximumDepth: Int
    @usableFromInline let clock: HookClock

    /// Refuses to run hooks that may call extension points more deeply than allowed.
    @inlinable
    func checkDepth(_ depth: Int, point: String) throws(HookRecursionError) {
        guard depth < maximumDepth else { throw HookRecursionError(point: point, limit: maximumDepth) }
    }
}
