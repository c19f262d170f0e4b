/// How many hooks that may call extension points are being run above the present code.
///
/// Child tasks and `Task { }` inherit the number; a detached task starts at 0 again.
@usableFromInline
enum Reentrancy {
    @usableFromInline static let depth = TaskLocal<Int>(wrappedValue: 0)
}
