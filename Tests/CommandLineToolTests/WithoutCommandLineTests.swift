#if !CLI
import Testing

struct WithoutCommandLineTests {
    @Test(arguments: [[], ["get", "openai"], ["--help"]])
    func `Built without the trait the tool says how to build it`(arguments: [String]) async throws {
        let run = try await withTool { try await $0.run(arguments, environment: ["OPENAI_API_KEY": "sk-1"]) }
        #expect(run.status == 64 && !run.isBySignal)
        #expect(run.text.isEmpty)
        #expect(run.errors.contains("swift run --traits CLI keyhooks"))
    }
}
#endif
