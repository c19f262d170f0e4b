import Dispatch
import ExtensionHooks
import Foundation
import Testing

/// Each thread may read another copy of what is registered; all of them must say the same.
struct ThreadTests {
    static let threads = 64

    /// The outputs of some work on threads that are all alive at once.
    private func outputs(of work: @escaping @Sendable () -> Int) async -> [Int] {
        let log = Log<Int>()
        let finished = DispatchSemaphore(value: 0)
        await withCheckedContinuation { continuation in
            for _ in 0..<Self.threads {
                Thread.detachNewThread {
                    if log.count(adding: work()) == Self.threads {
                        for _ in 0..<Self.threads { finished.signal() }
                        continuation.resume()
                    }
                    finished.wait()
                }
            }
        }
        return log.entries
    }

    @Test func aChangeThatHasReturnedIsSeenOnEveryThread() async throws {
        let registry = HookRegistry()
        let point = SynchronousHookPoint<Int, Int>("threads")
        let function = SynchronousExtensible(point, in: registry) { $0 }
        let other = try registry.register { hooks in hooks.onEnd(point, id: "other") { _ in } }
        let registration = try registry.register { hooks in hooks.onStart(point, id: "a") { $0.arguments += 1 } }
        #expect(await outputs { (try? function(1)) ?? 0 } == Array(repeating: 2, count: Self.threads))
        registration.cancel()
        #expect(await outputs { (try? function(1)) ?? 0 } == Array(repeating: 1, count: Self.threads))
        other.cancel()
        #expect(await outputs { (try? function(1)) ?? 0 } == Array(repeating: 1, count: Self.threads))
    }
}
