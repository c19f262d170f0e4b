internal import DotenvSyntax
internal import Testing

struct ExpansionTests {
    private static func options(depth: Int = 16, maximum: Int = 1_048_576) -> DotenvFile.Options {
        DotenvFile.Options(
            expansion: .braces { ["OUT": "$o\\{}${A}", "EMPTY": ""][$0] },
            maximumBytes: maximum,
            maximumExpansionDepth: depth
        )
    }

    private static func codes(_ text: String, _ options: DotenvFile.Options) -> [DotenvDiagnostic.Code] {
        do {
            _ = try DotenvFile(parsing: text, options: options)
            return []
        } catch {
            return error.diagnostics.map(\.code)
        }
    }

    @Test(arguments: [
        ("A=${OUT}", "$o\\{}${A}"), ("A=${EMPTY}x", "x"), ("A=${EMPTY:-d}x", "dx"), ("A=\"${NO:-\\\"d\\\"}\"", "\"d\""),
        ("A=\"${NO:-\r\n}\"", "\n"), ("A=$OUT $(OUT) $$ ${OUT:-x}", "$OUT $(OUT) $$ $o\\{}${A}"), ("A=a}b", "a}b"),
        ("A=${B}\nB=later", "later"), ("B=1\nA=${B}\nB=2", "1"), ("A=${NO:-}", ""), ("A=\\n${EMPTY}", "\\n"),
        ("A=\"\\\\${EMPTY}\"", "\\"), ("B='${OUT}'\nA=${B}", "${OUT}"), ("B=\\${X}\nA=${B}", "${X}"),
    ])
    func gives(text: String, value: String) throws {
        #expect(try DotenvFile(parsing: text, options: Self.options())["A"] == value)
    }

    @Test(arguments: [
        "A=${", "A=${}", "A=${B", "A=${B:-", "A=${B:x}", "A=${-B}", "A=${B C}", "A=${B:+c}", "A=${OUT:-${}",
    ])
    func refusesOtherForms(text: String) {
        #expect(Self.codes(text, Self.options()) == [.malformedExpansion])
    }

    @Test
    func aCircleIsRefused() throws {
        #expect(Self.codes("A=${B}\nB=${A}", Self.options()) == [.expansionCycle, .expansionCycle])
        var lenient = Self.options()
        lenient.mode = .lenient
        let file = try DotenvFile(parsing: "A=${B}\nB=${A}\nC=1\nD=x${A}", options: lenient)
        #expect(file.bindings == ["C": "1"])
        #expect(file.errors.map(\.line) == [1, 2, 4])
    }

    @Test(arguments: [false, true])
    func theDepthIsLimitedWhicheverWayTheChainRuns(isReversed: Bool) {
        let lines = ["V0=x"] + (1...20).map { "V\($0)=${V\($0 - 1)}" }
        let text = (isReversed ? lines.reversed() : lines).joined(separator: "\n")
        #expect(Self.codes(text, Self.options(depth: 20)).isEmpty)
        #expect(Self.codes(text, Self.options(depth: 17)) == Array(repeating: .expansionTooDeep, count: 3))
    }

    @Test
    func nestedDefaultsCountAsDepth() {
        let text = "A=" + String(repeating: "${N:-", count: 5) + "x" + String(repeating: "}", count: 5)
        #expect(Self.codes(text, Self.options(depth: 5)).isEmpty)
        #expect(Self.codes(text, Self.options(depth: 4)) == [.expansionTooDeep])
    }

    @Test
    func theOutputIsLimited() {
        let lines =
            ["V0=" + String(repeating: "x", count: 100)]
            + (1...12).map { "V\($0)=" + String(repeating: "${V\($0 - 1)}", count: 10) }
        let codes = Self.codes(lines.joined(separator: "\n"), Self.options())
        #expect(!codes.isEmpty && codes.allSatisfy { $0 == .expansionTooLarge })
    }

    @Test
    func aNameThatIsNotSetIsWarnedOf() throws {
        let file = try DotenvFile(parsing: "A=1\nB=\"x\n  ${NO}\"", options: Self.options())
        #expect(file["B"] == "x\n  ")
        #expect(file.warnings.map(\.code) == [.undefinedReference])
        #expect(file.warnings.map { "\($0.line):\($0.column)" } == ["3:3"])
        #expect(file.warnings.map(\.name) == ["B"])
    }

    @Test
    func nothingExpandsUnlessAsked() throws {
        let file = try DotenvFile(parsing: "A=foo:$2a$10$x\nB=\"${A} $(A)\"\nC=${\nD=\\${A}")
        #expect(file.bindings == ["A": "foo:$2a$10$x", "B": "${A} $(A)", "C": "${", "D": "\\${A}"])
    }
}
