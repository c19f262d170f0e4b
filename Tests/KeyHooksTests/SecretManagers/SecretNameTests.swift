import KeyHooks
import Testing

@Suite("Names of secrets")
struct SecretNameTests {
    @Test(
        "What stores take is a name",
        arguments: [
            "a", "prod/openai/api_key", "with blank", "Überschlüssel/鍵", "a..b", "..a", "a//b", "/leading", "trailing/",
            "q?x=1#y%2e", String(repeating: "鍵", count: 500), "-n", "a\\b",
        ]
    )
    func valid(_ name: String) throws {
        #expect(try SecretName(name).rawValue == name)
    }

    @Test(
        "What reaches out, breaks lines or acts on a terminal isn't one",
        arguments: [
            "", "..", ".", "../a", "a/../b", "a/..", "./a", "a\nb", "a\r\nb", "a\0b", "a\u{1B}[31m", "a\u{7F}",
            "a\u{85}b",
            "a\u{2028}b", "a\u{2029}b", String(repeating: "鍵", count: 1000),
        ]
    )
    func invalid(_ name: String) {
        let error = #expect(throws: KeyResolutionError.self) { try SecretName(name) }
        #expect(error?.code == .invalidSecretName)
        #expect(error?.description.contains("\u{1B}") == false)
        #expect(error?.remedy.isEmpty == false)
    }

    @Test("Names are compared byte by byte")
    func bytes() throws {
        let composed = try SecretName("caf\u{E9}")
        let decomposed = try SecretName("cafe\u{301}")
        #expect(composed != decomposed)
        #expect(Set([composed, decomposed]).count == 2)
    }
}
