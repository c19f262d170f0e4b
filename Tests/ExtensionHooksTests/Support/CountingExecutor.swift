import Dispatch
import Synchronization

/// A serial executor that counts the jobs it is given: every return to it after a hop is one.
final class CountingExecutor: SerialExecutor {
    private let queue = DispatchQueue(label: "CountingExecutor")
    private let mark = DispatchSpecificKey<Bool>()
    private let count = Atomic<Int>(0)

    init() {
        queue.setSpecific(key: mark, value: true)
    }

    /// Whether the present code runs here; unlike an assertion it does not end the test run.
    var isCurrent: Bool { DispatchQueue.getSpecific(key: mark) == true }

    var jobs: Int { count.load(ordering: .sequentiallyConsistent) }

    func enqueue(_ job: consuming ExecutorJob) {
        count.add(1, ordering: .sequentiallyConsistent)
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedSerialExecutor()) }
    }
}

/// An actor on such an executor.
actor CountingActor {
    let executor = CountingExecutor()

    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// How many jobs were added while the operation ran on this actor.
    func jobs(
        during operation: @Sendable (isolated CountingActor) async throws -> Void
    ) async rethrows -> Int {
        let before = executor.jobs
        try await operation(self)
        return executor.jobs - before
    }
}
