import Synchronization

/// Gathers the answers to several questions, which come in any order.
final class BatchCollector: Sendable {
    typealias Results = [Result<PluginAnswer, any Error>]

    private let state: Mutex<(results: [Int: Result<PluginAnswer, any Error>], missing: Int)>
    private let done: @Sendable (Results) -> Void

    init(count: Int, done: @escaping @Sendable (Results) -> Void) {
        state = Mutex(([:], count))
        self.done = done
    }

    /// Notes the answer to one question; each is noted once.
    func set(_ index: Int, _ result: Result<PluginAnswer, any Error>) {
        let all = state.withLock { state -> Results? in
            state.results[index] = result
            state.missing -= 1
            guard state.missing == 0 else { return nil }
            return state.results.sorted { $0.key < $1.key }.map(\.value)
        }
        if let all { done(all) }
    }
}
