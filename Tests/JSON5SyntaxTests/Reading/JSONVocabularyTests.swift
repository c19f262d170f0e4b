import JSON5Syntax
import Testing

@Suite("What is handed to the readers")
struct JSONVocabularyTests {
    private struct Settings: Decodable {
        struct Refusing: Decodable {
            struct Refused: Error {}
            init(from decoder: any Decoder) throws { throw Refused() }
        }

        var address: String?
        var own: Refusing?
    }

    private func read(_ text: String) throws -> [String] {
        var reader = JSONObjectReader(try parse(text), path: .root)
        reader.ignore("address")
        return reader.finish().map(\.description)
    }

    private func decode(_ text: String) throws -> [String] {
        try mistakes { () throws(JSONMistakes) in
            try JSONNodeDecoder.decode(Settings.self, from: (try? parse(text)) ?? .null, path: .root)
        }
    }

    @Test func `A name that may be a secret is shown nowhere in a path`() throws {
        #expect(NodePath.root.appending("a").appending("sk-secret").appending("b").description == #"a["…"].b"#)
        #expect(try read("{'sk-secret': 1}") == [#"1:2: ["…"]: unknown key"#])
        #expect(try decode("{'sk-secret': 1}") == [#"1:2: ["…"]: unknown key"#])
    }

    @Test func `What others call a key is advised upon where that key is known`() throws {
        #expect(try read("{url: 1}") == ["1:2: url: unknown key. Did you mean 'address'?"])
        #expect(try read("{model: 1}") == ["1:2: model: unknown key: leave it to whoever sends requests"])
        #expect(try read("{adress: 1}") == ["1:2: adress: unknown key. Did you mean 'address'?"])
    }

    @Test func `Where a type decodes itself, words are suggested and sentences left out`() throws {
        #expect(try decode("{url: 1}") == ["1:2: url: unknown key. Did you mean 'address'?"])
        #expect(try decode("{model: 1}") == ["1:2: model: unknown key"])
    }

    @Test func `What a type throws is said in the words of whoever decodes it`() throws {
        #expect(try decode("{own: 1}") == ["1:7: own: is refused (Refused)"])
    }
}
