import JSON5Syntax
import Testing

@Suite("JSON5: what is refused")
struct JSON5RejectTests {
    typealias Kind = JSONSyntaxError.Kind

    @Test(
        "structure",
        arguments: [
            ("", Kind.emptyDocument, "1:1"), (" // a", .emptyDocument, "1:6"), ("\u{FEFF}", .emptyDocument, "1:1"),
            ("1 2", .contentAfterDocument, "1:3"), ("{} }", .contentAfterDocument, "1:4"),
            ("[],", .contentAfterDocument, "1:3"), ("]", .expectedValue, "1:1"), (",", .expectedValue, "1:1"),
            ("[,]", .expectedValue, "1:2"), ("[1,,]", .expectedValue, "1:4"), ("{a:}", .expectedValue, "1:4"),
            ("{a:,}", .expectedValue, "1:4"), ("[:]", .expectedValue, "1:2"), ("/", .expectedValue, "1:1"),
            ("[*]", .expectedValue, "1:2"), ("[=]", .expectedValue, "1:2"),
            ("{,}", .expectedKey, "1:2"), ("{a:1,,}", .expectedKey, "1:6"), ("{:1}", .expectedKey, "1:2"),
            ("{[]:1}", .expectedKey, "1:2"), ("{a}", .expectedColon, "1:3"), ("{a 1}", .expectedColon, "1:4"),
            ("{a=1}", .expectedColon, "1:3"), ("{'a','b'}", .expectedColon, "1:5"),
            ("[1 2]", .expectedSeparator(.array), "1:4"), ("[1}", .expectedSeparator(.array), "1:3"),
            ("{a:1]", .expectedSeparator(.object), "1:5"), ("{a:1 b:2}", .expectedSeparator(.object), "1:6"),
            ("{a:1;}", .expectedSeparator(.object), "1:5"), ("['a' 'b']", .expectedSeparator(.array), "1:6"),
            ("[1/2]", .expectedSeparator(.array), "1:3"),
            ("[", .unclosed(.array, opened: .start), "1:2"), ("[1", .unclosed(.array, opened: .start), "1:3"),
            ("[1,", .unclosed(.array, opened: .start), "1:4"), ("{", .unclosed(.object, opened: .start), "1:2"),
            ("{a", .unclosed(.object, opened: .start), "1:3"), ("{a:", .unclosed(.object, opened: .start), "1:4"),
            ("{a:1", .unclosed(.object, opened: .start), "1:5"),
            ("[\n {", .unclosed(.object, opened: SourcePosition(line: 2, column: 2)), "2:3"),
        ]
    )
    func structure(text: String, kind: Kind, position: String) {
        expect(text, kind, position)
    }

    @Test(
        "words and keys",
        arguments: [
            ("abc", Kind.bareWord, "1:1"), ("True", .bareWord, "1:1"), ("nulll", .bareWord, "1:1"),
            ("null1", .bareWord, "1:1"), ("undefined", .bareWord, "1:1"), ("infinity", .bareWord, "1:1"),
            ("{a: sk_x}", .bareWord, "1:5"), (#"tru\u0065"#, .bareWord, "1:1"), ("ключ", .bareWord, "1:1"),
            ("{open-ai:1}", .unquotedKey, "1:2"), ("{ a.b:1}", .unquotedKey, "1:3"), ("{1a:1}", .unquotedKey, "1:2"),
            ("{1:1}", .unquotedKey, "1:2"), ("{-a:1}", .unquotedKey, "1:2"), ("{😀:1}", .unquotedKey, "1:2"),
            ("{\u{301}a:1}", .unquotedKey, "1:2"), (#"{a\u002d:1}"#, .unquotedKey, "1:3"),
            (#"{\u0031a:1}"#, .unquotedKey, "1:2"), (#"{a\x41:1}"#, .invalidEscape, "1:3"),
            (#"{\ud835:1}"#, .loneSurrogate, "1:2"), ("# a\n{}", .hashComment, "1:1"),
            ("[1 # a\n]", .hashComment, "1:4"),
            ("{\n  # a\n}", .hashComment, "2:3"), ("[“a”]", .typographicQuote, "1:2"),
            ("{‘a’:1}", .typographicQuote, "1:2"), ("/* a", .unterminatedComment, "1:1"),
            ("[\n1 /*/ ]", .unterminatedComment, "2:3"), ("/*", .unterminatedComment, "1:1"),
        ]
    )
    func words(text: String, kind: Kind, position: String) {
        expect(text, kind, position)
    }

    @Test(
        "misspelt words",
        arguments: [
            ("fase", "false"), ("{a: True}", "true"), ("nulll", "null"), ("tru", "true"), ("abc", nil), ("sk_x", nil),
            ("undefined", nil), ("falsefalsefalse", nil), ("ключ", nil),
        ]
    )
    func misspelt(text: String, meant: String?) {
        #expect(syntaxError(text)?.suggestion == meant)
    }

    @Test(
        "strings",
        arguments: [
            ("'a", Kind.unterminatedString, "1:1"), ("['a\n']", .unterminatedString, "1:2"),
            ("'a\r'", .unterminatedString, "1:1"), ("'a\"", .unterminatedString, "1:1"),
            ("'", .unterminatedString, "1:1"), (#"'a\"#, .unterminatedString, "1:1"),
            (#"'\'"#, .unterminatedString, "1:1"), (#"'a\1'"#, .invalidEscape, "1:3"),
            (#"'\9'"#, .invalidEscape, "1:2"),
            (#"'\01'"#, .invalidEscape, "1:2"), (#"'\x4'"#, .invalidEscape, "1:2"), (#"'\xg0'"#, .invalidEscape, "1:2"),
            (#"'\u12'"#, .invalidEscape, "1:2"), (#"'\u{41}'"#, .invalidEscape, "1:2"),
            (#"'\u"#, .invalidEscape, "1:2"),
            (#"'\ud800'"#, .loneSurrogate, "1:2"), (#"'\udc00'"#, .loneSurrogate, "1:2"),
            (#"'\ud800\u0041'"#, .loneSurrogate, "1:2"), (#"'\ud800\ud800'"#, .loneSurrogate, "1:2"),
            (#"'é\ud800x'"#, .loneSurrogate, "1:3"), (#"'\ud83d\udxyz'"#, .loneSurrogate, "1:2"),
        ]
    )
    func strings(text: String, kind: Kind, position: String) {
        expect(text, kind, position)
    }

    @Test(
        "numbers",
        arguments: [
            ("-", Kind.invalidNumber, "1:1"), ("+", .invalidNumber, "1:1"), (".", .invalidNumber, "1:1"),
            ("+.", .invalidNumber, "1:1"), ("- 1", .invalidNumber, "1:1"), ("--1", .invalidNumber, "1:1"),
            (".e1", .textAfterNumber, "1:1"), ("1e", .invalidNumber, "1:1"), ("1e+", .invalidNumber, "1:1"),
            ("0x", .invalidNumber, "1:1"), ("0x,", .invalidNumber, "1:1"), ("0xg", .invalidNumber, "1:1"),
            ("[01]", .leadingZero, "1:2"), ("-012.5", .leadingZero, "1:1"), ("00", .leadingZero, "1:1"),
            ("30s", .textAfterNumber, "1:1"), ("1.2.3", .textAfterNumber, "1:1"), ("10.0.0.1", .textAfterNumber, "1:1"),
            ("2024-01-02", .textAfterNumber, "1:1"), ("1_000", .textAfterNumber, "1:1"),
            ("0x1g", .textAfterNumber, "1:1"),
            ("-abc", .textAfterNumber, "1:1"), ("1e5x", .textAfterNumber, "1:1"), ("5é", .textAfterNumber, "1:1"),
            ("0b1", .textAfterNumber, "1:1"), ("1n", .textAfterNumber, "1:1"), ("-Infinityx", .textAfterNumber, "1:1"),
            ("0x1.8", .textAfterNumber, "1:1"), ("1e400", .numberOutOfRange, "1:1"),
            ("[-1e99999999999999999999]", .numberOutOfRange, "1:2"),
        ]
    )
    func numbers(text: String, kind: Kind, position: String) {
        expect(text, kind, position)
    }

    @Test("numbers too long for a Double")
    func hugeNumbers() {
        expect(String(repeating: "9", count: 400), .numberOutOfRange, "1:1")
        expect("0x" + String(repeating: "f", count: 400), .numberOutOfRange, "1:1")
    }

    @Test(
        "bytes that are not UTF-8, and NUL",
        arguments: [
            ([0xFF], "1:1"), ([0x80], "1:1"), ([0x22, 0xC3, 0x22], "1:2"), ([0xC0, 0x80], "1:1"),
            ([0xE0, 0x80, 0x80], "1:1"), ([0xED, 0xA0, 0x80], "1:1"), ([0xF4, 0x90, 0x80, 0x80], "1:1"),
            ([0xF5, 0x80, 0x80, 0x80], "1:1"), ([0xF0, 0x80, 0x80, 0x80], "1:1"), ([0x0A, 0x20, 0xE2, 0x82], "2:2"),
            ([0xC3, 0xA9, 0xFF], "1:2"), ([0xEF, 0xBB, 0xBF, 0xFF], "1:1"), ([0x0D, 0x0A, 0xE2, 0x28, 0xA1], "2:1"),
        ] as [([UInt8], String)]
    )
    func invalidUTF8(bytes: [UInt8], position: String) {
        let error = #expect(throws: JSONSyntaxError.self) { try JSONParser.parse(bytes) }
        #expect(error?.kind == .invalidUTF8)
        #expect(error?.position.description == position)
    }

    @Test("a NUL byte, wherever it is", arguments: ["\0", "[\0]", "'\0'", "//\0\n1", "1\0"])
    func nul(text: String) {
        #expect(syntaxError(text)?.kind == .nulByte)
    }

    private func expect(_ text: String, _ kind: Kind, _ position: String, _ place: SourceLocation = #_sourceLocation) {
        let error = syntaxError(text)
        #expect(error?.kind == kind, "\(text)", sourceLocation: place)
        #expect(error?.position.description == position, "\(text)", sourceLocation: place)
    }
}
