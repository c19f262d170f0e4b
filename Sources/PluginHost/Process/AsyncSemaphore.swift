import Synchronization

/// How many processes may run at once; further ones wait in line.
final class AsyncSemaphore: Sendable {
    private struct State {
        var free: Int
        var waiting: [(id: UInt64, continuation: CheckedContinuation<Bool, Never>)] = []
    }

    private let state: Mutex<State>

    init(count: Int) {
        state = Mutex(State(free: count))
    }

    /// Waits for a slot.
    ///
    /// - Parameters:
    ///   - id: Who waits, for ``leave(_:)``.
    ///   - isWanted: Whether anybody still wants the slot; asked once.
    /// - Returns: Whether there is a slot, which is to be given back; not if its taker left the line.
    func take(_ id: UInt64, isWanted: @Sendable () -> Bool) async -> Bool {
        await withCheckedContinuation { continuation in
            let answer = state.withLock { state -> Bool? in
                guard isWanted() else { return false }
                if state.free > 0 {
                    state.free -= 1
                    return true
                }
                state.waiting.append((id, continuation))
                return nil
            }
            if let answer { continuation.resume(returning: answer) }
        }
    }

    /// Leaves the line, if in it.
    func leave(_ id: UInt64) {
        let waiter = state.withLock { state in
            state.waiting.firstIndex { $0.id == id }.map { state.waiting.remove(at: $0).continuation }
        }
        waiter?.resume(returning: false)
    }

    /// Gives a slot back.
    func give() {
        let next = state.withLock { state -> CheckedContinuation<Bool, Never>? in
            if state.waiting.isEmpty {
                state.free += 1
                return nil
            }
            return state.waiting.removeFirst().continuation
        }
        next?.resume(returning: true)
    }
}
