/// A door that one side opens and any number of others wait at.
///
/// Waiting does not end with the cancellation of the waiting task, so that a test decides when it ends.
struct Gate: Sendable {
    private let task: Task<Void, Never>
    private let opening: AsyncStream<Never>.Continuation

    init() {
        let (stream, opening) = AsyncStream<Never>.makeStream()
        self.opening = opening
        task = Task.detached { for await _ in stream {} }
    }

    func open() {
        opening.finish()
    }

    func wait() async {
        await task.value
    }
}
