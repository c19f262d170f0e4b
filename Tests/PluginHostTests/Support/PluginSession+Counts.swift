import Synchronization
import Testing

@testable import PluginHost

extension PluginSession {
    /// The number of the running process.
    var processIdentifier: Int32? { state.withLock { $0.connection?.child.pid } }

    /// How many requests are known.
    var waiting: Int { state.withLock { $0.entries.count } }

    /// How many requests the plugin has.
    var inFlight: Int { state.withLock(\.inFlight) }

    /// Whether the plugin has said hello.
    var isReady: Bool { state.withLock(\.isReady) }
}

extension PluginSession {
    /// Asks several questions one after the other without waiting for the answers in between, and says when all were asked.
    ///
    /// - Returns: For each question its answer or its own error, in the order of the questions.
    func answers(
        to requests: [PluginRequest],
        onceAsked: () throws -> Void = {}
    ) async throws -> [Result<PluginAnswer, PluginError>] {
        let (stream, answered) = AsyncStream<(Int, Result<PluginAnswer, any Error>)>.makeStream()
        for (index, request) in requests.enumerated() {
            register(request, nextNumber()) { answered.yield((index, $0)) }
        }
        try onceAsked()
        var results: [Int: Result<PluginAnswer, any Error>] = [:]
        for await (index, result) in stream.prefix(requests.count) { results[index] = result }
        return try requests.indices.map { index in
            do {
                return .success(try #require(results[index]).get())
            } catch let error as PluginError {
                return .failure(error)
            }
        }
    }
}
