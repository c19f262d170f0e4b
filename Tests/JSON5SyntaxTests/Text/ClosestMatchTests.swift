import Testing

@testable import JSON5Syntax

@Suite("Suggestions")
struct ClosestMatchTests {
    static let services = ["openai", "azure", "anthropic", "groq", "mistral", "zai", "openrouter", "envPrecedence"]

    @Test(
        arguments: [
            ("opnai", "openai"), ("openia", "openai"), ("opeani", "openai"), ("open-ai", "openai"),
            ("OpenAI", "openai"),
            ("opena", "openai"), ("openaii", "openai"), ("openai", "openai"), ("antropic", "anthropic"),
            ("anthorpic", "anthropic"), ("grok", "groq"), ("gorq", "groq"), ("z.ai", "zai"), ("azur", "azure"),
            ("env_precedence", "envPrecedence"), ("envprecedence", "envPrecedence"), ("open_router", "openrouter"),
            ("xyz", nil), ("", nil), ("a", nil), ("google", nil), ("ollama", nil), ("o", nil), ("ai", "zai"),
            ("bedrock", nil),
            ("cohere", nil), ("nothing like it", nil),
        ] as [(String, String?)]
    )
    func table(word: String, expected: String?) {
        #expect(closestMatch(to: word, among: Self.services) == expected)
        #expect(closestMatch(to: word, among: Self.services.reversed()) == expected, "order must not matter")
    }

    @Test func ties() {
        #expect(closestMatch(to: "cat", among: ["hat", "bat", "rat"]) == "bat")
        #expect(closestMatch(to: "TTL", among: ["ttl", "Ttl", "TTl"]) == "TTl")
        #expect(closestMatch(to: "name", among: ["name", "Name"]) == "name")
        #expect(closestMatch(to: "path", among: ["auth", "file"]) == nil)
        #expect(closestMatch(to: "x", among: []) == nil)
        #expect(closestMatch(to: "key", among: Set(["", "keys"])) == "keys")
    }

    @Test func longWordsMatchNothing() {
        let longest = String(repeating: "é", count: 64)
        #expect(closestMatch(to: longest, among: [longest]) == longest)
        #expect(closestMatch(to: longest + "é", among: [longest]) == nil)
        #expect(closestMatch(to: longest, among: [longest + "é"]) == nil)
        #expect(closestMatch(to: String(repeating: "a", count: 1_000_000), among: ["a"]) == nil)
    }

    @Test(arguments: [
        ("", "", 0), ("a", "", 1), ("", "ab", 2), ("ab", "ba", 1), ("abc", "abc", 0), ("kitten", "sitting", 3),
        ("ca", "abc", 3), ("abcd", "badc", 2), ("flaw", "lawn", 2),
    ])
    func distances(left: String, right: String, expected: Int) {
        #expect(editDistance(Array(left), Array(right)) == expected)
        #expect(editDistance(Array(right), Array(left)) == expected)
    }
}
