import LoadSupport
import OpenBaoTestSupport
import Testing

/// Every fault of `Tests/Support/fault-server.py` through the plugin, its own transport and a resolver that has a
/// weaker key in its environment: the right value or a typed failure, in time, and never the weaker key but by
/// OpenBao's word.
@Suite("A fault on the wire", .serialized)
struct WireFaultTests {
    static let groups = [
        "cut-plain", "cut-chunked", "cut-trailers", "cut-old", "reset", "stall", "slow", "endless", "length", "chunk",
        "interim", "noise", "line", "field", "coding", "redirect", "body", "flip", "status", "retry",
    ]
    private static let all = Task { try await FaultServer.list().compactMap { WireFault($0) } }

    @Test("No kind of fault is left out")
    func complete() async throws {
        let all = try await Self.all.value
        #expect(Set(all.map(\.group)) == Set(Self.groups))
        #expect(all.count > 6000)
    }

    @Test("Is no crash, no wrong key and no wait beyond the deadline", arguments: groups)
    func cold(_ group: String) async throws {
        let faults = try await Self.all.value.filter { $0.group == group }
        // Many of these say the same again and again: Tests/Support/faults.sh meets all.
        let step = ["retry": 13, "status": 3, "flip": 5, "reset": 3][group] ?? 1
        try await meet(faults.enumerated().filter { $0.offset % step == 0 }.map(\.element)) { fault, outcome in
            if fault.allowed.contains(outcome.kind) { return nil }
            return "\(fault): \(outcome.answer) and not \(fault.allowed.sorted().joined(separator: " or "))"
        }
    }

    /// A value is there whose TTL is over; to be bridged is all that OpenBao does not say itself.
    @Test("Is bridged by an old value", arguments: groups)
    func warm(_ group: String) async throws {
        let faults = try await Self.all.value.filter { $0.group == group && $0.isBridged }
        let some = faults.count < 60 ? faults : faults.enumerated().filter { $0.offset % 23 == 0 }.map(\.element)
        try await meet(some, isWarm: true) { fault, outcome in
            outcome.answer == "right" ? nil : "\(fault): \(outcome.answer) in place of the old value"
        }
    }

    /// Meets faults, many at a time, and records each that was not withstood.
    private func meet(
        _ faults: [WireFault],
        isWarm: Bool = false,
        _ mistake: @escaping @Sendable (WireFault, WireFault.Outcome) -> String?
    ) async throws {
        let address = try await FaultServer.shared.address
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (index, fault) in faults.enumerated() {
                if index >= 32 { try await group.next() }
                group.addTask {
                    let limit = WireFault.timeout + WireFault.grace
                    func outcome() async throws -> WireFault.Outcome {
                        try await fault.outcome(at: address, warm: isWarm ? unique("warm") : nil)
                    }
                    var found = try await outcome()
                    // Of a machine that is busy with other tests one more try is asked.
                    if found.time > limit { found = try await outcome() }
                    #expect(found.time <= limit, "\(fault) took \(found.time)")
                    if let mistake = mistake(fault, found) { Issue.record("\(mistake)") }
                }
            }
            try await group.waitForAll()
        }
    }
}
