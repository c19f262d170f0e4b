import Foundation
import KeyHooks
import LoadSupport

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
        // What is made once is not a leak.
        for _ in 0..<min(1000, count) { _ = try? await resolver.getAPIKey(service: "openai", refresh: true) }
        let before = ProcessUsage.now
        let start = ContinuousClock.now
        var right = 0
        for _ in 0..<count {
            if let key = try? await resolver.getAPIKey(service: "openai", refresh: true), key.value != weakKey {
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
