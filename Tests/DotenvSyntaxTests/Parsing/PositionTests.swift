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

    @Test
    func columnsCountBytes() {
        let error = #expect(throws: DotenvError.self) { try DotenvFile(parsing: "A='é' x") }
        #expect(error?.diagnostics.map(\.column) == [8])
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
