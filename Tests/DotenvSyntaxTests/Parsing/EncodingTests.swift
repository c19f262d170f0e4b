internal import DotenvSyntax
internal import Testing

struct EncodingTests {
    /// Ill-formed sequences: lone and missing continuation, overlong, surrogate, beyond Unicode, cut off at the end.
    static let illFormed: [[UInt8]] = [
        [0x80], [0xC3], [0xC0, 0xAF], [0xE0, 0x80, 0xAF], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xF8],
        [0xFF], [0xE2, 0x82], [0xF0, 0x9F, 0x98],
    ]

    @Test(arguments: illFormed)
    func whatIsNotUTF8IsRefusedWithItsPlace(bytes: [UInt8]) throws {
        let text = Array("A=1\nB='x\n".utf8) + bytes + Array("'\nC=3\n".utf8)
        let error = #expect(throws: DotenvError.self) { try DotenvFile(parsing: text) }
        #expect(error?.diagnostics.map(\.code) == [.invalidUTF8])
        #expect(error?.diagnostics.map(\.line) == [3])
        #expect(error?.diagnostics.map(\.column) == [1])
        let file = try DotenvFile(parsing: text, options: DotenvFile.Options(mode: .lenient))
        #expect(file.bindings == ["A": "1", "C": "3"])
        #expect(file.bytes == text)
    }

    @Test(arguments: ["é", "日本", "👩‍👩‍👧", "\u{10FFFF}", "\u{7FF}\u{800}\u{FFFF}\u{10000}", "\u{D7FF}\u{E000}", "e\u{301}"])
    func whatIsUTF8IsKept(text: String) throws {
        let file = try DotenvFile(parsing: "# \(text)\nA=\(text)\nB='\(text)'\nC=\"\\n\(text)\"")
        #expect(file["A"].map { Array($0.utf8) } == Array(text.utf8))
        #expect(file["B"].map { Array($0.utf8) } == Array(text.utf8))
        #expect(file["C"].map { Array($0.utf8) } == Array("\n\(text)".utf8))
    }

    @Test(arguments: ["A=\0\nB=2", "A\0=1\nB=2", "# \0\nB=2", "A='\n\0\n'\nB=2"])
    func nulIsRefused(text: String) throws {
        let error = #expect(throws: DotenvError.self) { try DotenvFile(parsing: text) }
        #expect(error?.diagnostics.contains { $0.code == .nul } == true)
        let file = try DotenvFile(parsing: text, options: DotenvFile.Options(mode: .lenient))
        #expect(file.bindings == ["B": "2"])
    }

    @Test(arguments: [DotenvFile.Mode.strict, .lenient])
    func utf16IsRefusedInBothModes(mode: DotenvFile.Mode) {
        for mark: [UInt8] in [[0xFF, 0xFE, 0x41, 0], [0xFE, 0xFF, 0, 0x41]] {
            let error = #expect(throws: DotenvError.self) {
                try DotenvFile(parsing: mark, options: DotenvFile.Options(mode: mode))
            }
            #expect(error?.diagnostics.map(\.code) == [.unsupportedEncoding])
        }
    }

    @Test(arguments: [DotenvFile.Mode.strict, .lenient])
    func theSizeIsLimitedInBothModes(mode: DotenvFile.Mode) throws {
        let options = DotenvFile.Options(mode: mode, maximumBytes: 4)
        #expect(try DotenvFile(parsing: "A=12", options: options)["A"] == "12")
        let error = #expect(throws: DotenvError.self) { try DotenvFile(parsing: "A=123", options: options) }
        #expect(error?.diagnostics.map(\.code) == [.tooLarge])
        #expect(throws: DotenvError.self) { try DotenvFile(parsing: String(repeating: "#", count: 1_048_577)) }
    }
}
