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
                try WireFault.resolver(at: address, path: "silent") { $0.timeout = .seconds(seconds + 2) }
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

/// Reads one secret again and again, and says what stays in memory.
struct Reading {
    private let address: String
    private let path: String
    private let count: Int

    init(_ arguments: inout Arguments) {
        address = arguments.next()
        path = arguments.next()
        count = Int(arguments.next()) ?? 1000
    }

    func run() async throws {
        let resolver = try WireFault.resolver(at: address, path: path)
        let scope = KeyScope(refresh: true)
        // What is made once is not a leak.
        for _ in 0..<min(1000, count) { _ = try? await resolver.getAPIKey(service: "openai", scope: scope) }
        let before = ProcessUsage.now
        let start = ContinuousClock.now
        var right = 0
        for _ in 0..<count {
            if let key = try? await resolver.getAPIKey(service: "openai", scope: scope), key.value != weakKey {
                right += 1
            }
        }
        let after = ProcessUsage.now
        try report([
            "reads": count, "right": right, "rss": after.resident, "rssPeak": after.residentPeak,
            "bytesPerRead": Double(after.resident - before.resident) / Double(count),
            "peakGrowth": after.residentPeak - before.resident, "seconds": (ContinuousClock.now - start) / .seconds(1),
        ])
    }
}
