internal import DotenvSyntax
internal import Testing

struct SetTests {
    @Test(arguments: [
        ("", "A=v\n"), ("\u{FEFF}", "\u{FEFF}A=v\n"), ("B=1", "B=1\nA=v"), ("B=1\n", "B=1\nA=v\n"),
        ("B=1\r\n", "B=1\r\nA=v\r\n"), ("B=1\r\nC=2", "B=1\r\nC=2\r\nA=v"), ("B=1\r", "B=1\rA=v\r"), ("B=", "B=\nA=v"),
        ("A=1", "A=v"), ("  export A = 1  # c\n", "  export A = v  # c\n"), ("A='1'#c", "A='v'#c"),
        ("A=\"1\" # c", "A=\"v\" # c"), ("A=", "A=v"), ("A=  # c", "A=v  # c"), ("A=1 \t\r\nB=2", "A=v \t\r\nB=2"),
        ("A=1\nA=2\nB=3", "A=1\nA=v\nB=3"), ("export A # c\n", "export A=v # c\n"), ("A=1\nexport A", "A=v\nexport A"),
        ("A=v", "A=v"), ("A='1\n2'\nB=3", "A='v'\nB=3"), ("A", "A=v"),
    ])
    func changesOneValueOnly(before: String, after: String) throws {
        var file = try DotenvFile(parsing: before)
        try file.set("A", to: "v")
        #expect(String(decoding: file.bytes, as: UTF8.self) == after)
        #expect(file["A"] == "v")
    }

    @Test(arguments: [
        ("A=1 # c", "a b", "A='a b' # c"), ("A='1'", "it's", "A=\"it's\""), ("A=\"1\"", "a$b", "A=\"a\\$b\""),
        ("A='1'", "", "A=\"\""), ("A=1", "x#y", "A='x#y'"), ("A=1", "a\nb", "A=\"a\\nb\""),
        ("A=\"\\n\"", "\n", "A=\"\\n\""),
    ])
    func choosesQuotes(before: String, value: String, after: String) throws {
        var file = try DotenvFile(parsing: before)
        try file.set("A", to: value)
        #expect(String(decoding: file.bytes, as: UTF8.self) == after)
        #expect(file["A"] == value)
    }

    @Test
    func canonicallyEqualValuesAreDifferentBytes() throws {
        var file = try DotenvFile(parsing: "A=e\u{301}")
        try file.set("A", to: "\u{E9}")
        #expect(file.bytes == Array("A='\u{E9}'".utf8))
    }

    @Test
    func aSkippedOpenQuoteIsNotClosedByAnEdit() throws {
        let text = "A=\"open\nB=1\n"
        var file = try DotenvFile(parsing: text, options: DotenvFile.Options(mode: .lenient))
        try file.set("B", to: "plain")
        #expect(file.bytes == Array("A=\"open\nB=plain\n".utf8))
        try file.set("B", to: "it's")
        #expect(file["B"] == "it's")
        // Here the quote above would end before the '#', and swallow this line.
        let error = #expect(throws: DotenvError.self) { try file.set("B", to: "#it's") }
        #expect(error?.diagnostics.map(\.code) == [.editConflict])
        #expect(file["B"] == "it's")
    }

    @Test
    func aRefusedEditChangesNothing() throws {
        var file = try DotenvFile(parsing: "A=1", options: DotenvFile.Options(maximumBytes: 8))
        for (name, value) in [("A B", "x"), ("", "x"), ("A", "\0"), ("A", "123456789"), ("é", "x")] {
            #expect(throws: DotenvError.self) { try file.set(name, to: value) }
            #expect(file.bytes == Array("A=1".utf8))
        }
    }

    @Test
    func aSetValueStaysLiteralUnderExpansion() throws {
        var file = try DotenvFile(parsing: "A=1\nB=${A}", options: DotenvFile.Options(expansion: .braces { _ in nil }))
        try file.set("A", to: "${C}")
        #expect(file["A"] == "${C}")
        #expect(file["B"] == "${C}")
        try file.set("B", to: "${C}")
        #expect(file.bytes == Array("A='${C}'\nB='${C}'".utf8))
    }
}
