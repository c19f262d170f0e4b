#if CLI
import Testing

/// A file may be wrong in as many places as it has bytes; what is said of it fits a screen.
struct LongTextTests {
    @Test(arguments: ["=\n", "a b\n", "a: b\n", "A=' x' y\n"], ["get", "explain", "list"])
    func `A megabyte of wrong dotenv is reported in a few lines`(line: String, command: String) async throws {
        try await withTool { tool in
            try tool.write(".env", String(repeating: line, count: (1 << 20) / line.utf8.count - 16))
            let run = try await tool.run([command] + (command == "list" ? [] : ["openai"]))
            #expect(run.status == 78 && run.output.isEmpty)
            #expect(run.errors.utf8.count < 16 << 10, "\(run.errors.utf8.count) bytes")
            #expect(run.errors.contains("more in .env"))
        }
    }

    @Test(arguments: ["A=1\nA=2\n", "word\n"]) func `So are warnings`(line: String) async throws {
        try await withTool { tool in
            try tool.write(".env", String(repeating: line, count: (1 << 20) / line.utf8.count - 16))
            let run = try await tool.run(["explain", "openai"], environment: ["OPENAI_API_KEY": "sk-1"])
            #expect(run.status == 0 && run.errors.isEmpty)
            #expect(run.output.count < 16 << 10 && run.text.contains("more in .env"))
        }
    }
}
#endif
