import Foundation
import LoadSupport

/// Meets one fault after another, many at a time, and prints a line when one begins and when it is over.
///
/// A fault that ends the process is among those that have begun and are not over.
struct Wire {
    private let address: String
    private let width: Int
    private let isWarm: Bool

    init(_ arguments: inout Arguments) {
        address = arguments.next()
        width = arguments.int("--width", 24)
        isWarm = arguments.has("--warm")
    }

    func run() async throws {
        var faults: [WireFault] = []
        while let line = readLine() {
            if let fault = WireFault(line) { faults.append(fault) }
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            var running = 0
            for fault in faults {
                if running == width {
                    try await group.next()
                } else {
                    running += 1
                }
                group.addTask {
                    say("begin \(fault.path)")
                    let warm = isWarm ? String(UInt64.random(in: .min ... .max), radix: 36) : nil
                    let outcome = try await fault.outcome(at: address, warm: warm)
                    say("end \(fault.path) \(outcome.answer) \(Int(outcome.time / .milliseconds(1)))")
                }
            }
            try await group.waitForAll()
        }
        let usage = ProcessUsage.now
        say(
            "usage \(usage.resident) \(usage.residentPeak) \(usage.threads) \(usage.descriptors) \(usage.processorTime)"
        )
    }
}
