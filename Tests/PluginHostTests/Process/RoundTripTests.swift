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
    func median() async throws {
        try await withFolder { folder in
            let source = try folder.write("plugin.c", Self.child)
            let compiler = Process()
            compiler.executableURL = URL(fileURLWithPath: "/usr/bin/cc")
            compiler.arguments = ["-O2", "-o", "\(folder.path)/plugin", source]
            try compiler.run()
            compiler.waitUntilExit()
            let session = PluginSession(Script.launch("\(folder.path)/plugin", [], folder))
            let request = PluginRequest.key("openai")
            var times: [Duration] = []
            for _ in 0..<5000 {
                let begun = ContinuousClock.now
                _ = try await session.answer(to: request)
                times.append(begun.duration(to: .now))
            }
            times.sort()
            print("round trip: median \(times[2500]), 10% \(times[500]), 99% \(times[4950])")
            await session.shutdown()
        }
    }
}
