internal import DotenvSyntax
internal import Testing

struct PublicSuitesTests {
    @Test(arguments: PublicSuites.all)
    func strictModeDecides(row: SuiteRow) throws {
        switch row.expected {
        case .values(let values):
            let file = try DotenvFile(parsing: row.input, options: row.options(.strict))
            #expect(file.bindings == values)
            #expect(file.bytes == Array(row.input.utf8))
        case .errors(let kinds, _):
            let error = #expect(throws: DotenvError.self) {
                try DotenvFile(parsing: row.input, options: row.options(.strict))
            }
            #expect(error?.diagnostics.map(\.code) == kinds)
            #expect(!row.differs.isEmpty, "a refusal says whom it differs from")
        }
    }

    @Test(arguments: PublicSuites.all)
    func lenientModeKeepsTheRest(row: SuiteRow) throws {
        let file = try DotenvFile(parsing: row.input, options: row.options(.lenient))
        switch row.expected {
        case .values(let values):
            #expect(file.bindings == values)
            #expect(file.errors.isEmpty)
        case .errors(let kinds, let keeps):
            #expect(file.bindings == keeps)
            #expect(file.errors.map(\.code) == kinds)
        }
    }

    @Test(arguments: PublicSuites.all)
    func whatIsReadIsWrittenAndReadAgain(row: SuiteRow) throws {
        let file = try DotenvFile(parsing: row.input, options: row.options(.lenient))
        let pairs = file.names.compactMap { name in file[name].map { (name: name, value: $0) } }
        let again = try DotenvFile(parsing: DotenvFile.render(pairs), options: row.options(.strict))
        #expect(again.names == pairs.map(\.name))
        #expect(again.names.map { again[$0] } == pairs.map(\.value))
    }

    @Test
    func theTablesAreLarge() {
        #expect(PublicSuites.all.count >= 200)
    }
}

extension PublicSuites {
    static let all: [SuiteRow] =
        nodeDotenv + nodeDotenvOverLines + nodeDotenvParity + dotenvExpand + rubyDotenv + rubyDotenvExpansion
        + rubyDotenvOverLines + godotenv + godotenvFixtures + composeGo + composeGoExpansion + pythonDotenv
        + pythonDotenvOverLines + pythonDotenvInterpolation
}
