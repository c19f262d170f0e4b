internal import DotenvSyntax
internal import Testing

/// Texts that other programs read, and that somebody took for a `.env`.
struct OtherFormTests {
    @Test(
        arguments: [
            ("{\"A\": \"1\"}", .json), ("{\n  \"A\": \"}\",\n  \"B\": [\"\\\"\", {\"c\": 1}]\n}\n", .json),
            ("[\n{\"name\": \"A\"}]", .json), ("{\"A\": ", .json), ("{ A", .invalidName), ("[section]", .invalidName),
            ("- A=1", .yamlList), ("---", .yamlList), ("-A=1", .invalidName), ("A: 1", .colonInsteadOfEquals),
            ("A:=1", .colonEquals), ("A := 1", .colonEquals),
        ] as [(String, DotenvDiagnostic.Code)]
    )
    func isNamedOnce(text: String, kind: DotenvDiagnostic.Code) throws {
        let file = try DotenvFile(parsing: text, options: DotenvFile.Options(mode: .lenient))
        #expect(file.errors.map(\.code) == [kind])
        #expect(file.entries.isEmpty)
    }

    @Test
    func whatStandsBehindJSONIsRead() throws {
        let file = try DotenvFile(parsing: "{\n\"A\": 1\n}\nB=2\n", options: DotenvFile.Options(mode: .lenient))
        #expect(file.errors.map(\.line) == [1])
        #expect(file["B"] == "2" && file.entries.map(\.line) == [4])
    }

    @Test
    func furtherDownItCostsItsFirstLineOnly() throws {
        let file = try DotenvFile(parsing: "A=1\n{\"B\": [\nC=2\n", options: DotenvFile.Options(mode: .lenient))
        #expect(file.errors.map(\.code) == [.json])
        #expect(file.names == ["A", "C"])
    }

    /// Each may look like the beginning of JSON that never ends.
    @Test(.timeLimit(.minutes(1)))
    func manyBeginningsTakeLinearTime() throws {
        let text = String(repeating: "{\"A\":\n", count: 150_000)
        let file = try DotenvFile(parsing: text, options: DotenvFile.Options(mode: .lenient))
        #expect(file.errors.count == 150_000)
    }
}
