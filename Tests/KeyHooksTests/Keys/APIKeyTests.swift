import ExtensionHooks
import KeyHooks
import Testing

struct APIKeyTests {
    static let values = [
        "", "sk-1", "sk-2", "sk-11", "schlüssel", "schlu\u{308}ssel", "鍵🔑", "a\u{0}b", "a\u{0}c",
        "with \"quotes\"",
        String(repeating: "k", count: 10_000),
    ]

    @Test(arguments: values)
    func `A value is kept byte for byte`(value: String) {
        let key = APIKey(value)
        #expect(Array(key.value.utf8) == Array(value.utf8))
        #expect(key.withValue { Array($0.utf8) } == Array(value.utf8))
    }

    @Test(arguments: [" ", "\n", "\r\n", "\t ", "\u{B}\u{C}"])
    func `Blanks and line ends around a value are left out`(blank: String) {
        #expect(Array(APIKey(blank + "sk-1" + blank).value.utf8) == Array("sk-1".utf8))
        #expect(APIKey(blank).value.isEmpty && APIKey("a" + blank + "b").value == "a" + blank + "b")
        #expect(APIKey(verbatim: "sk-1" + blank).value == "sk-1" + blank)
    }

    @Test(arguments: values, values)
    func `Keys are equal exactly when their bytes are`(left: String, right: String) {
        #expect((APIKey(left) == APIKey(right)) == (Array(left.utf8) == Array(right.utf8)))
    }

    /// Unlike strings, of which canonically equivalent ones are equal.
    @Test func `Two spellings of one letter are two keys`() {
        #expect("\u{e9}" == "e\u{301}")
        #expect(APIKey("\u{e9}") != APIKey("e\u{301}"))
    }

    @Test func `Where a key came from plays no part in equality`() {
        let here = KeyProvenance(source: .environment(name: "A"))
        let there = KeyProvenance(source: .hook("acme/vault", detail: "kv/openai"), version: "2")
        #expect(APIKey("sk-1", provenance: here) == APIKey("sk-1", provenance: there))
        #expect(APIKey("sk-1", provenance: here) == APIKey("sk-1"))
    }

    @Test func `A key that was made by hand has no provenance`() {
        #expect(APIKey("sk-1").provenance == nil)
    }
}
