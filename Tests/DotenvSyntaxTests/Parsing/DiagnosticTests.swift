internal import DotenvSyntax
internal import Testing

struct DiagnosticTests {
    /// Our own decisions that no public suite has an input for.
    @Test(
        arguments: [
            ("export", nil), ("export=1", nil), ("export = 1", nil), ("302AI_API_KEY=x", nil), ("_A=1", nil),
            ("export ", .missingName), ("export # c", .missingName), ("-A=1", .invalidName), (".A=1", .invalidName),
            ("A B=1", .missingEquals), ("A#=1", .invalidName), ("A # c", nil), ("export export A=1", .missingEquals),
            ("A=1 'x'", nil), ("A='x'#c", nil), ("A='x'y", .textAfterClosingQuote), ("A=\u{B}", nil),
            ("set A=1", .setCommand), ("SET A=1", .setCommand), ("setx A 1", .setCommand),
            ("set -gx A 1", .setCommand), ("set=1", nil), ("set", nil), ("$env:A=\"1\"", .dollarName),
            ("$A=1", .dollarName), ("\"A\"=\"1\"", .quotedName), ("'A'='1'", .quotedName),
            ("A=\"\"\"\nx\nB: 2\n\"\"\"\nC=1", .tripleQuotes), ("A='''x'''", .tripleQuotes),
            ("A=\"\"\"x", .tripleQuotes), ("A=\"\"", nil), ("A=`x`", nil), ("A=`x", nil),
            ("A=`x\nB: 2\n`\nC=1", .backtickQuotes), ("A='x'; export B=2", .semicolonAfterQuote),
            ("export A=\"x\" ;B=2", .semicolonAfterQuote), ("A=x; export B=2", nil),
        ] as [(String, DotenvDiagnostic.Code?)]
    )
    func decides(text: String, kind: DotenvDiagnostic.Code?) throws {
        let file = try DotenvFile(parsing: text, options: DotenvFile.Options(mode: .lenient))
        #expect(file.errors.map(\.code) == (kind.map { [$0] } ?? []))
    }

    @Test(
        arguments: [
            ("export A=1; export B=2", 11), ("A=1;  export B=2", 4), ("A=Server=a;Database=b", nil), ("A=a;b;c", nil),
            ("A=1; exports", nil), ("A='1; export B=2'", nil), ("A=1 # ; export B=2", nil), ("A=;", nil),
        ] as [(String, Int?)]
    )
    func aSecondStatementOnALineIsNoticed(text: String, column: Int?) throws {
        let file = try DotenvFile(parsing: text)
        #expect(file.warnings.map(\.code) == (column == nil ? [] : [.semicolonInValue]))
        #expect(file.warnings.map(\.column) == [column].compactMap(\.self))
        #expect(file.warnings.allSatisfy { $0.name == "A" && $0.line == 1 })
    }

    @Test(arguments: ["A=\"\"\"\nx\n\"\"\"\nC=1", "A=`x\ny`\nC=1", "A=\'\'\'x\'\'\'\nC=1"])
    func quotesOfOtherLanguagesCostTheirOwnEntryOnly(text: String) throws {
        let file = try DotenvFile(parsing: text, options: DotenvFile.Options(mode: .lenient))
        #expect(file.entries.map(\.name) == ["C"])
        #expect(file.errors.map(\.line) == [1] && file.errors.map(\.column) == [3])
        #expect(file.errors.map(\.name) == ["A"])
    }

    @Test(
        arguments: [[UInt8]]([
            Array("A=1\nB=2".utf8).flatMap { [$0, 0] }, Array("A=1\nB=22".utf8).flatMap { [0, $0] },
        ])
    )
    func utf16WithoutAMarkIsNamed(bytes: [UInt8]) {
        let error = #expect(throws: DotenvError.self) { try DotenvFile(parsing: bytes) }
        #expect(error?.diagnostics.map(\.code) == [.unsupportedEncoding])
    }

    @Test
    func allErrorsAreCollected() {
        let error = #expect(throws: DotenvError.self) { try DotenvFile(parsing: "=1\nA=1\nB: 2\nC='x' y\nD=\"\n") }
        #expect(
            error?.diagnostics.map(\.code) == [
                .missingName, .colonInsteadOfEquals, .textAfterClosingQuote, .unterminatedQuote,
            ]
        )
        #expect(error?.diagnostics.map(\.line) == [1, 3, 4, 5])
        #expect(error?.description.split(separator: "\n").count == 4)
    }

    @Test
    func duplicatesAreReportedAndTheLastWins() throws {
        let file = try DotenvFile(parsing: "A=1\nB=2\nA=3\nexport A\n")
        #expect(file["A"] == "3")
        #expect(file.entries.count == 4)
        #expect(file.names == ["A", "B"])
        #expect(file.warnings.map(\.code) == [.duplicateName])
        #expect(file.warnings.map(\.line) == [3])
        #expect(file.warnings.map(\.name) == ["A"])
    }

    @Test
    func doubtfulLinesAreWarnedOf() throws {
        let file = try DotenvFile(parsing: "A=`x`\nword\nexport OK\n")
        #expect(file.diagnostics.map(\.code) == [.literalBacktick, .declaredWithoutValue])
        #expect(file.diagnostics.map(\.severity) == [.warning, .warning])
        #expect(file.diagnostics.map(\.name) == ["A", nil])
    }

    @Test
    func aLongErrorTextIsCut() {
        let text = String(repeating: "=\n", count: 100)
        let error = #expect(throws: DotenvError.self) { try DotenvFile(parsing: text) }
        #expect(error?.diagnostics.count == 100)
        #expect(error?.description.hasSuffix("and 80 more") == true)
    }
}
