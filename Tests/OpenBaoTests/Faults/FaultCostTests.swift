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
    func waiting() async throws {
        let result = await #expect(processExitsWith: .success, observing: [\.standardOutputContent]) {
            let server = try await FaultServer()
            let resolvers = try (0..<8)
                .map { _ in
                    try WireFault.resolver(at: server.address, path: "silent") { $0.settings.timeout = .seconds(10) }
                }
            let tasks = resolvers.map { resolver in Task { try await resolver.getAPIKey(service: "openai") } }
            // Until all have been sent.
            try await Task.sleep(for: .milliseconds(700))
            let before = ProcessUsage.now.processorTime
            try await Task.sleep(for: .seconds(2))
            let used = ProcessUsage.now.processorTime - before
            for task in tasks { task.cancel() }
            tell(used)
        }
        // A core that spins takes 2 s.
        let seconds = try figure(result)
        #expect(seconds < 0.05)
    }

    @Test("An endless answer or a bomb takes at most 16 MiB of memory", arguments: FaultCostTests.endless)
    func memory(_ path: String) async throws {
        let result = await #expect(processExitsWith: .success, observing: [\.standardOutputContent]) { [path] in
            let server = try await FaultServer()
            // What is made once does not count.
            let good = try WireFault.resolver(at: server.address, path: "good")
            _ = try #require(try await good.getAPIKey(service: "openai"))
            let before = ProcessUsage.now.resident
            let resolver = try WireFault.resolver(at: server.address, path: path)
            _ = try #require(await resolver.failure("openai"))
            tell(Double(ProcessUsage.now.residentPeak - before))
        }
        let bytes = try figure(result)
        #expect(bytes <= Double(16 << 20))
    }

    static let endless = [
        "endless/head", "endless/line", "endless/status", "endless/body", "endless/chunked", "endless/size",
        "endless/interim", "endless/garbage", "bomb/gzip", "bomb/deflate",
    ]

    /// `Tests/Support/faults.sh cost` reads 50,000 times.
    @Test("Nothing of a read stays in memory")
    func leak() async throws {
        let result = await #expect(processExitsWith: .success, observing: [\.standardOutputContent]) {
            let server = try await FaultServer()
            let resolver = try WireFault.resolver(at: server.address, path: "good")
            func read(_ count: Int) async throws {
                for _ in 0..<count {
                    _ = try #require(try await resolver.getAPIKey(service: "openai", refresh: true))
                }
            }
            try await read(1500)
            let before = ProcessUsage.now.resident
            try await read(3000)
            tell(Double(ProcessUsage.now.resident - before) / 3000)
        }
        let bytes = try figure(result)
        #expect(bytes < 100)
    }
}

extension FaultCostTests {
    /// Threads, descriptors and probes end with the plugin that has them, whatever its server did.
    @Test("Nothing of a resolver that has gone goes on", arguments: ["good", "cut/plain/30", "status/503/html"])
    func gone(_ path: String) async throws {
        let result = await #expect(processExitsWith: .success, observing: [\.standardOutputContent]) { [path] in
            let server = try await FaultServer()
            @Sendable func ask() async throws {
                let resolver = try WireFault.resolver(at: server.address, path: path)
                _ = try? await resolver.getAPIKey(service: "openai")
            }
            func used() -> Int { ProcessUsage.now.threads + ProcessUsage.now.descriptors }
            try await ask()
            let before = used()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<20 { group.addTask { try await ask() } }
                try await group.waitForAll()
            }
            // Each would keep a thread and three descriptors.
            try? await until("all have ended", within: .seconds(10)) { used() < before + 10 }
            tell(Double(used() - before))
        }
        let more = try figure(result)
        #expect(more < 10)
    }
}

/// Lets the test know what its process has measured.
private func tell(_ figure: Double) {
    FileHandle.standardOutput.write(Data("\nfigure \(figure)\n".utf8))
}

/// What the process of a test has measured.
private func figure(_ result: ExitTest.Result?) throws -> Double {
    let text = String(decoding: try #require(result).standardOutputContent, as: UTF8.self)
    let line = text.split(separator: "\n").last { $0.hasPrefix("figure ") }
    return try #require(line.flatMap { Double($0.dropFirst(7)) })
}
