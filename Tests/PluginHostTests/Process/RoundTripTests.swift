import Foundation
import Testing

@testable import PluginHost

/// Run with KEYHOOKS_MEASURE=1; it needs a C compiler.
@Suite("Round trip", .enabled(if: ProcessInfo.processInfo.environment["KEYHOOKS_MEASURE"] == "1"))
struct RoundTripTests {
    private static let child = #"""
        #include <stdio.h>
        #include <string.h>
        int main(void) {
            static char line[1 << 16];
            puts("{\"type\":\"hello\",\"v\":[1],\"plugin\":{\"id\":\"test\",\"version\":\"1\"},\"capabilities\":[]}");
            fflush(stdout);
            while (fgets(line, sizeof line, stdin)) {
                char *id = strstr(line, "\"id\":\"");
                if (!id || strstr(line, "\"type\":\"init\"")) continue;
                id += 6;
                *strchr(id, '"') = 0;
                printf("{\"type\":\"response\",\"id\":\"%s\",\"ok\":{\"verdict\":\"finish\",\"result\":{\"key\":\"sk-0123456789abcdef\"}}}\n", id);
                fflush(stdout);
            }
        }
        """#

    @Test("The median of a live round trip")
    func native() async throws {
        try await withFolder { folder in
            let source = try folder.write("plugin.c", Self.child)
            let compiler = Process()
            compiler.executableURL = URL(fileURLWithPath: "/usr/bin/cc")
            compiler.arguments = ["-O2", "-o", "\(folder.path)/plugin", source]
            try compiler.run()
            compiler.waitUntilExit()
            try await measure("native", Script.launch("\(folder.path)/plugin", [], folder))
        }
    }

    @Test("The same with a plugin in Python, and a batch")
    func python() async throws {
        try await withFolder { folder in
            let body = """
                hello(["batch"])
                for r in requests(): key(r["id"], "sk-0123456789abcdef")
                """
            try await measure("python", try Script.python(body, in: folder))
        }
    }

    private func measure(_ name: String, _ launch: PluginLaunch) async throws {
        var limits = SessionLimits()
        limits.inFlight = 100
        let session = PluginSession(launch, limits: limits)
        let request = PluginRequest.key("openai")
        let batch = Array(repeating: request, count: 100)
        let one = try await times(5000) { _ = try await session.answer(to: request) }
        let many = try await times(200) { _ = try await session.answers(to: batch) }
        print("round trip, \(name): median \(one[2500]), 99% \(one[4950]); 100 at once: median \(many[100])")
        #expect(session.spawnCount == 1)
        await session.shutdown()
    }

    private func times(_ count: Int, _ body: () async throws -> Void) async throws -> [Duration] {
        var times: [Duration] = []
        for _ in 0..<count {
            let begun = ContinuousClock.now
            try await body()
            times.append(begun.duration(to: .now))
        }
        return times.sorted()
    }
}
