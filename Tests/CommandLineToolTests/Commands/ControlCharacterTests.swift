#if CLI
import Testing

/// What a user or a script passes as a service is never sent to the terminal as it is.
struct ControlCharacterTests {
    @Test(arguments: ["opena\u{1B}i", "\u{1B}[31mopenai", "open\u{7}ai", "open\nai", "open\u{9B}ai"])
    func noControlCharacterOfAServiceReachesTheTerminal(service: String) async throws {
        for command in ["get", "explain"] {
            let run = try await withTool { tool in try await tool.run([command, service]) }
            #expect(run.status == 64)
            let characters = run.errors.unicodeScalars.filter { $0 != "\n" }
            #expect(!characters.contains { $0.properties.generalCategory == .control })
            #expect(run.errors.contains("is no service id"))
        }
    }
}
#endif
