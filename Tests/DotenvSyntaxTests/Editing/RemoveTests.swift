internal import DotenvSyntax
internal import Testing

struct RemoveTests {
    @Test(arguments: [
        ("A=1", ""), ("A=1\nB=2\n", "B=2\n"), ("B=2\nA=1", "B=2\n"),
        ("# c\n\nexport A='x\ny' # d\r\nB=2", "# c\n\nB=2"),
        ("A=1\nB=2\nA=3\nexport A\n", "B=2\n"), ("\u{FEFF}A=1\nB=2", "\u{FEFF}B=2"), ("B=2", "B=2"),
        ("  A=1\r\r\nB=", "\r\nB="),
    ])
    func removesWholeLines(before: String, after: String) throws {
        var file = try DotenvFile(parsing: before)
        try file.remove("A")
        #expect(Array(after.utf8) == file.bytes)
        #expect(file["A"] == nil)
    }

    @Test
    func aValueThatFailsWithoutItIsReported() throws {
        let options = DotenvFile.Options(expansion: .braces { _ in nil })
        var file = try DotenvFile(parsing: "A=1\nB=${A:-${C}}\nC=${B}\n", options: options)
        try file.remove("A")
        #expect(file.bytes == Array("B=${A:-${C}}\nC=${B}\n".utf8))
        #expect(file.errors.map(\.code) == [.expansionCycle, .expansionCycle])
        #expect(file.options.mode == .strict)
    }

    /// A quote left open in a skipped line finds its match once the line between is gone, and swallows what follows.
    @Test(arguments: [
        "X='a\nA=b' c\nC=1'\n", "X=\"a\nA=b\" c\nC=1\"\n", "X='x\nA=b' z\nC=1' # c\n", "X='a\r\nA=b'c\r\nC=1'\r\n",
        "export X='a\nA=b' c\nC=1\nD=2'\n", "X=\"\\\nA=\\\"\" c\nC=1\"\n", "X='a\nA=b' c\nA=2\nC=1'\n",
        "A=1\nX='a\nA=b' c\nC=1'\n", "X=\"a\nA\nB=b\" c\nC=1\n", "?\nX='a\nA=b' c\nC=1'\nD=\n",
    ])
    func aRemovalThatWouldSwallowLinesIsRefused(text: String) throws {
        var file = try DotenvFile(parsing: text, options: DotenvFile.Options(mode: .lenient))
        let before = file.bindings
        do throws(DotenvError) {
            try file.remove("A")
            #expect(file.bindings.filter { $0.key != "A" } == before.filter { $0.key != "A" })
            #expect(text == Self.harmless, "it was not refused")
        } catch {
            #expect(error.diagnostics.map(\.code) == [.editConflict])
            #expect(error.diagnostics.map(\.name) == ["A"])
            #expect(file.bytes == Array(text.utf8))
            #expect(file.bindings == before)
        }
    }

    @Test(arguments: [[0xFE, 0xFF], [0xFF, 0xFE]] as [[UInt8]])
    func aRestThatWouldBeTakenForUTF16IsRefused(mark: [UInt8]) throws {
        let bytes = Array("A=1\n".utf8) + mark
        var file = try DotenvFile(parsing: bytes, options: DotenvFile.Options(mode: .lenient))
        let error = #expect(throws: DotenvError.self) { try file.remove("A") }
        #expect(error?.diagnostics.map(\.code) == [.editConflict])
        #expect(file.bytes == bytes)
    }

    /// Removing its declaration changes nothing for what is skipped.
    private static let harmless = "X=\"a\nA\nB=b\" c\nC=1\n"

    @Test
    func skippedLinesStay() throws {
        var file = try DotenvFile(parsing: "?\nA=1\nB='x\n", options: DotenvFile.Options(mode: .lenient))
        try file.remove("A")
        #expect(file.bytes == Array("?\nB='x\n".utf8))
    }
}
