#if CLI
import Testing

struct PastedArgumentTests {
    private static let key = "sk-proj-abcDEF0123456789abcdXYZ"

    @Test(
        arguments: [
            ["get", key], ["explain", key], ["get", "openai", "--field", key], ["get", "openai", "--config", key],
            ["get", "openai", "--config=\(key)"], ["get", "openai", "--env-file", key], ["get", "openai", key],
            ["plugins", "info", key], ["plugins", "trust", key], ["plugins", "disable", key],
            ["plugins", "check", key],
            ["plugins", "new", key, "--language", "shell"], ["plugins", "trust", "x", "--sha256", key],
            ["list", key], ["--\(key)"], [key], ["plugins", key],
        ]
    )
    func `A key that was pasted among the arguments is not repeated`(arguments: [String]) async throws {
        try await withTool { tool in
            let run = try await tool.run(arguments)
            #expect(run.status != 0)
            #expect(!run.errors.isEmpty && !run.errors.contains("0123456789"), "\(run.errors)")
            #expect(!run.text.contains("0123456789"))
        }
    }
}
#endif
