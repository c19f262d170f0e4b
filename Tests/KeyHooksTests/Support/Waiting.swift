/// Waits until the task is cancelled, and throws then.
func untilCancelled() async throws {
    let (stream, continuation) = AsyncStream.makeStream(of: Void.self)
    for await _ in stream {}
    continuation.finish()
    try Task.checkCancellation()
}

/// Waits for what other tasks do, without a deadline of its own: the time limit of the test ends it.
func until(_ isTrue: () -> Bool) async throws {
    while !isTrue() {
        try Task.checkCancellation()
        await Task.yield()
    }
}
