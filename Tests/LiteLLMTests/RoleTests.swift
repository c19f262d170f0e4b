import JSON5Syntax
import KeyHooks
import Testing

@testable import LiteLLM

@Suite("Roles of LiteLLM")
struct RoleTests {
    @Test(
        "A period is read as LiteLLM reads it",
        arguments: [
            ("30s", true), ("5m", true), ("2h", true), ("7d", true), ("1w", true), ("1mo", true), ("60", false),
            ("1x", false), ("1.5h", false), ("0s", false), ("1h30m", false), ("", false), ("-1", false), ("1H", false),
        ]
    )
    func period(text: String, isPeriod: Bool) {
        #expect(VirtualKeyRole.isPeriod(text) == isPeriod)
    }
}
