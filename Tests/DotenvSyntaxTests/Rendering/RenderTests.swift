internal import DotenvSyntax
internal import Testing

struct RenderTests {
    @Test(arguments: [
        ("plain", "plain"), ("sk-proj_a.b/c:d@e%f+g,h=i", "sk-proj_a.b/c:d@e%f+g,h=i"), ("", "\"\""), ("a b", "'a b'"),
        ("#a", "'#a'"), ("a#b", "'a#b'"), ("$A", "'$A'"), ("\\n", "'\\n'"), ("\"", "'\"'"), ("`a`", "'`a`'"),
        ("é", "'é'"),
        (" a ", "' a '"), ("it's", "\"it's\""), ("it's $5 \"\\\"", "\"it's \\$5 \\\"\\\\\\\"\""), ("a\nb", "\"a\\nb\""),
        ("a\r\nb", "\"a\\r\\nb\""), ("\t", "'\t'"), ("~", "'~'"), ("*", "'*'"),
    ])
    func choosesTheLeastQuotes(value: String, raw: String) throws {
        #expect(try DotenvFile.render([(name: "A", value: value)]) == "A=\(raw)\n")
    }

    @Test
    func reportsAllThatCannotBeWritten() {
        let error = #expect(throws: DotenvError.self) {
            try DotenvFile.render([
                (name: "A B", value: "x"), (name: "OK", value: "x"), (name: "N", value: "\0"), (name: "", value: ""),
            ])
        }
        #expect(error?.diagnostics.map(\.code) == [.invalidName, .nul, .invalidName])
        #expect(error?.diagnostics.map(\.name) == [nil, "N", nil])
        #expect(error?.diagnostics.map(\.line) == [0, 0, 0])
    }

    @Test
    func takesADictionary() throws {
        let pairs = ["B": "2", "A": "1"].sorted { $0.key < $1.key }.map { (name: $0.key, value: $0.value) }
        #expect(try DotenvFile.render(pairs) == "A=1\nB=2\n")
    }
}
