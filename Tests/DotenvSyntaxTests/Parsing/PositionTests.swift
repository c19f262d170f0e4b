internal import DotenvSyntax
internal import Testing

struct PositionTests {
    @Test(arguments: ["\n", "\r\n", "\r"])
    func everyLineEndingCountsOnce(ending: String) throws {
        let text = ["A=1", "", "# c", "  export B = '1", "2' # c", "é=", "\tC"].joined(separator: ending)
        let file = try DotenvFile(parsing: text, options: DotenvFile.Options(mode: .lenient))
        #expect(file.entries.map(\.name) == ["A", "B", "C"])
        #expect(file.entries.map(\.line) == [1, 4, 7])
        #expect(file.entries.map(\.column) == [1, 10, 2])
        #expect(file.errors.map(\.line) == [6])
    }

    @Test
    func aByteOrderMarkIsNotCounted() throws {
        let file = try DotenvFile(parsing: "\u{FEFF}A=1")
        #expect(file.entries.map(\.column) == [1])
        #expect(file.bytes.starts(with: [0xEF, 0xBB, 0xBF]))
    }

    @Test(arguments: [
        ("A='é' x", "1:7"), ("A=1\nB='😀 \u{301}\nключ' x", "3:7"), ("A=1\r\nключ=1", "2:1"),
        ("A='é' # \0", "1:9"),
    ])
    func columnsCountScalars(text: String, place: String) {
        let error = #expect(throws: DotenvError.self) { try DotenvFile(parsing: text) }
        #expect(error?.diagnostics.last.map { "\($0.line):\($0.column)" } == place)
    }

    @Test(arguments: [("A=é😀${B}", "1:5"), ("A=\"é\né${B}\"", "2:2"), ("A=\"${C:-é${B}}\"", "1:10")])
    func columnsOfReferencesCountScalars(text: String, place: String) throws {
        let options = DotenvFile.Options(expansion: .braces { _ in nil })
        let file = try DotenvFile(parsing: text, options: options)
        #expect(file.warnings.map { "\($0.line):\($0.column)" } == [place])
    }

    @Test
    func columnsCountScalarsAfterBytesThatAreNotUTF8() {
        let error = #expect(throws: DotenvError.self) { try DotenvFile(parsing: Array("A=é".utf8) + [0xFF, 0xFE]) }
        #expect(error?.diagnostics.map { "\($0.code) \($0.column)" } == ["invalid-utf8 4"])
    }

    @Test
    func anOpenQuoteIsReportedWhereItOpens() {
        let error = #expect(throws: DotenvError.self) { try DotenvFile(parsing: "A=1\nB = \"x\nC=2\n") }
        #expect(error?.diagnostics.map(\.code) == [.unterminatedQuote])
        #expect(error?.diagnostics.map(\.line) == [2])
        #expect(error?.diagnostics.map(\.column) == [5])
        #expect(error?.diagnostics.map(\.name) == ["B"])
    }

    @Test
    func entriesSayHowTheyAreWritten() throws {
        let file = try DotenvFile(parsing: "A=1\nexport B='1'\nC=\"1\"\nexport D\nE")
        #expect(file.entries.map(\.quoting) == [.none, .single, .double, .none, .none])
        #expect(file.entries.map(\.isExported) == [false, true, false, true, false])
        #expect(file.entries.map { $0.value == nil } == [false, false, false, true, true])
    }
}
