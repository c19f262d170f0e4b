import KeyHooks
import Testing

@Suite("Which services a hook is for")
struct ServiceFilterTests {
    @Test(
        "Ids, aliases and patterns",
        arguments: [
            (["openai"], ["openai"], ["openai_x", "azure"]),
            (["Open-AI", "gemini"], ["google"], ["gemini"]),
            (["azure*"], ["azure", "azure_embeddings"], ["my_azure"]),
            (["*_tools"], ["acme_tools"], ["tools", "acme_tools_2"]),
            (["a*b*c"], ["abc", "axxbyyc", "abbcc"], ["ab", "acb", "abcd"]),
            (["aa*aa"], ["aaaa", "aaxaa"], ["aa", "aaa"]),
            (["*"], ["openai", "x"], []),
            (["Acme-*"], ["acme_x"], ["acmex", "acme"]),
            ([], [], ["openai"]),
        ] as [([String], [String], [String])]
    )
    func names(_ names: [String], matching: [String], others: [String]) {
        let filter = ServiceFilter(names)
        for id in matching { #expect(filter.contains(Service(id)), "\(id)") }
        for id in others { #expect(!filter.contains(Service(id)), "\(id)") }
    }
}
