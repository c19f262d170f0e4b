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
        #expect(file.errors.map(\.kind) == [.expansionCycle, .expansionCycle])
        #expect(file.options.mode == .strict)
    }

    @Test
    func skippedLinesStay() throws {
        var file = try DotenvFile(parsing: "?\nA=1\nB='x\n", options: DotenvFile.Options(mode: .lenient))
        try file.remove("A")
        #expect(file.bytes == Array("?\nB='x\n".utf8))
    }
}
