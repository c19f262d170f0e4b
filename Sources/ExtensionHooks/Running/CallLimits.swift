/// What a registry was made with and every call through it obeys.
@usableFromInline
struct CallSettings: Sendable {
    @usableFromInline let maximumDepth: Int
    @usableFromInline let clock: AnyClock

    /// Refuses to run hooks that may call extension points more deeply than allowed.
    @inlinable
    func checkDepth(_ depth: Int, point: String) throws(HookRecursionError) {
        guard depth < maximumDepth else { throw HookRecursionError(point: point, limit: maximumDepth) }
    }
}

/// How many hooks that may call extension points are being run above the present code.
///
/// Child tasks and `Task { }` inherit the number; a detached task starts at 0 again.
@usableFromInline
enum Reentrancy {
    @usableFromInline static let depth = TaskLocal<Int>(wrappedValue: 0)
}
