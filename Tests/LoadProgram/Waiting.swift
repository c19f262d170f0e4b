import Foundation
import KeyHooks
import LoadSupport
import OpenBao

/// Waits for a server that never answers, and says what that cost.
struct Waiting {
    private let address: String
    private let seconds: Int
    private let callers: Int

    init(_ arguments: inout Arguments) {
        address = arguments.next()
        seconds = arguments.int("--seconds", 2)
        callers = arguments.int("--callers", 1)
    }

    func run() async throws {
        let resolvers = try (0..<callers)
            .map { _ in
                try WireFault.resolver(at: address, path: "silent") { $0.settings.timeout = .seconds(seconds + 2) }
            }
        let tasks = resolvers.map { resolver in Task { try await resolver.getAPIKey(service: "openai") } }
        // Until everything has been sent.
        try await Task.sleep(for: .milliseconds(500))
        let before = ProcessUsage.now
        try await Task.sleep(for: .seconds(seconds))
        let after = ProcessUsage.now
        for task in tasks { task.cancel() }
        try report(["cpu": after.processorTime - before.processorTime, "seconds": seconds, "callers": callers])
    }
}
