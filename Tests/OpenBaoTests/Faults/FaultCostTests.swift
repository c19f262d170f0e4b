import Foundation
import KeyHooks
import LoadSupport
import OpenBao
import OpenBaoTestSupport
import Testing

/// Each in a process of its own, since what is measured is the whole process.
@Suite("What a bad server costs")
struct FaultCostTests {
    @Test("Waiting for a server that hangs takes no processor time")
    func waiting() async {
        await #expect(processExitsWith: .success) {
            let server = try FaultServer()
            let resolvers = try (0..<8)
                .map { _ in
                    try WireFault.resolver(at: server.address, path: "silent") { $0.timeout = .seconds(10) }
                }
            let tasks = resolvers.map { resolver in Task { try await resolver.getAPIKey(service: "openai") } }
            // Until all have been sent.
            try await Task.sleep(for: .milliseconds(700))
            let before = ProcessUsage.now.processorTime
            try await Task.sleep(for: .seconds(2))
            let used = ProcessUsage.now.processorTime - before
            for task in tasks { task.cancel() }
            // A core that spins would take 2 s.
            require(used < 0.05, "2 s of waiting took \(used) s of processor time")
        }
    }

    @Test("An endless answer or a bomb takes at most 16 MiB of memory", arguments: FaultCostTests.endless)
    func memory(_ path: String) async {
        await #expect(processExitsWith: .success) { [path] in
            let server = try FaultServer()
            // What is made once does not count.
            let good = try WireFault.resolver(at: server.address, path: "good")
            require(try await good.getAPIKey(service: "openai") != nil, "no good answer")
            let before = ProcessUsage.now.resident
            let resolver = try WireFault.resolver(at: server.address, path: path)
            require(await resolver.failure("openai") != nil, "an answer to what is endless")
            let grown = ProcessUsage.now.residentPeak - before
            require(grown <= 16 << 20, "\(path) took \(grown >> 20) MiB")
        }
    }

    static let endless = [
        "endless/head", "endless/line", "endless/status", "endless/body", "endless/chunked", "endless/size",
        "endless/interim", "endless/garbage", "bomb/gzip", "bomb/deflate",
    ]

    /// `Tests/Support/faults.sh cost` reads 50,000 times.
    @Test("Nothing of a read stays in memory")
    func leak() async {
        await #expect(processExitsWith: .success) {
            let server = try FaultServer()
            let resolver = try WireFault.resolver(at: server.address, path: "good")
            let scope = KeyScope(refresh: true)
            func read(_ count: Int) async throws {
                for _ in 0..<count {
                    require(try await resolver.getAPIKey(service: "openai", scope: scope) != nil, "no good answer")
                }
            }
            try await read(1500)
            let before = ProcessUsage.now.resident
            try await read(3000)
            let each = Double(ProcessUsage.now.resident - before) / 3000
            require(each < 100, "\(each) bytes of each read stay")
        }
    }
}

/// In a process of a test's own: what is wrong goes to standard error, which the test shows.
private func require(_ isTrue: Bool, _ text: @autoclosure () -> String) {
    if isTrue { return }
    FileHandle.standardError.write(Data("error: \(text())\n".utf8))
    exit(1)
}
