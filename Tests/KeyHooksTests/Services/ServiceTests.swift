import KeyHooks
import Testing

struct ServiceTests {
    @Test(arguments: [
        ("openai", "openai"), ("OpenAI", "openai"), ("Z.AI", "z_ai"), ("z-ai", "z_ai"), ("z_ai", "z_ai"),
        ("azure--.  openai", "azure_openai"), ("azure__openai", "azure_openai"), (" openai ", "openai"),
        ("-openai-", "openai"), ("_x_", "x"), ("302AI", "302ai"), ("a\tb", "a_b"), ("", ""), ("---", ""),
        ("kimi-for-coding", "kimi_for_coding"), ("GPT 4.1", "gpt_4_1"),
    ])
    func `A name is normalised`(name: String, id: String) {
        #expect(Service(name).id == id)
        #expect(Service(id) == Service(name))
        #expect("\(Service(name))" == id)
    }

    /// Lower-casing by Unicode's rules would turn the Kelvin sign into a `k`.
    @Test func `Only ASCII letters change their case`() {
        #expect(Service("\u{212A}EY").id == "\u{212A}ey")
        #expect(Service("ÄB").id == "Äb")
    }

    @Test(arguments: [
        ("openai", true), ("302ai", true), ("a_b", true), ("Z.AI", true), (String(repeating: "a", count: 128), true),
        ("", false), ("...", false), ("open/ai", false), ("open:ai", false), ("ключ", false), ("a\nb", false),
        ("a\u{0}b", false), ("$(id)", false), (String(repeating: "a", count: 129), false),
    ])
    func `Only words and separators make an id`(name: String, isValid: Bool) {
        #expect(Service(name).isValid == isValid)
    }

    @Test func `Services sort by id and hash by id`() {
        #expect(["xai", "Azure", "groq"].map { Service($0) }.sorted().map(\.id) == ["azure", "groq", "xai"])
        #expect(Set(["Z.AI", "z-ai", "z_ai"].map { Service($0) }).count == 1)
    }

    @Test func `A service that is no id is refused when it is resolved`() async throws {
        let resolver = try KeyResolver(environment: [:])
        for name in ["", "open/ai", "a\u{1B}[2Jb"] {
            let error = try await failure { try await resolver.resolve(service: Service(name)) }
            #expect(error.code == .invalidService)
            #expect(!error.description.contains("\u{1B}"))
        }
        #expect(!resolver.isConfigured("open/ai"))
        #expect(throws: KeyResolutionError.self) { try resolver.explain(service: "open/ai") }
    }
}
