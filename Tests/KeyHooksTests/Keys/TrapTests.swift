import KeyHooks
import Testing

// The values are put together at run time: a crash report may quote the lines of the source.
struct TrapTests {
    @Test func `A trapped precondition that quotes a key shows no value`() async throws {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let key = APIKey(["sk", "trap", "4711"].joined(separator: "-"))
            precondition(key.value.isEmpty, "wrong key: \(key), \(KeyAnswer.found(key))")
        }
        try expectRedacted(result)
    }

    @Test func `A forced try shows no value`() async throws {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let text = ["sk", "trap", "4711"].joined(separator: "-")
            let error = KeyResolutionError(
                .unavailable,
                "APIKey(redacted) is not to be had",
                remedy: "none",
                underlying: LeakyError(description: text)
            )
            try! raise(error)
        }
        try expectRedacted(result)
    }

    private func expectRedacted(_ result: ExitTest.Result?) throws {
        let text = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
        #expect(text.contains("APIKey(redacted)"))
        #expect(!text.contains(["sk", "trap"].joined(separator: "-")))
    }
}

private func raise(_ error: KeyResolutionError) throws {
    throw error
}
