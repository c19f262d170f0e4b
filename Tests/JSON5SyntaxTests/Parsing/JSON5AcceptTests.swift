import JSON5Syntax
import Testing

@Suite("JSON5: what is accepted")
struct JSON5AcceptTests {
    @Test(
        "values",
        arguments: [
            ("null", "null"), ("true", "true"), (" false ", "false"), ("{}", "{}"), ("[]", "[]"), ("''", "\"\""),
            ("[[]]", "[[]]"), ("[{}]", "[{}]"), ("{a:{}}", "{a:{}}"), ("[null,true,]", "[null,true]"),
            ("{\"\":0}", "{:0}"), ("{'':0}", "{:0}"), ("[1 , 2]", "[1,2]"), ("{a:1,b:2,}", "{a:1,b:2}"),
            ("{true:1,null:2,Infinity:3,NaN:4,if:5}", "{true:1,null:2,Infinity:3,NaN:4,if:5}"),
        ]
    )
    func values(text: String, expected: String) throws {
        let node = try parse(text)
        #expect(render(node) == expected)
    }

    @Test(
        "numbers",
        arguments: [
            ("0", JSONNumber.integer(0)), ("+0", .integer(0)), ("7", .integer(7)), ("-7", .integer(-7)),
            ("9223372036854775807", .integer(.max)), ("-9223372036854775808", .integer(.min)),
            ("9223372036854775808", .double(0x1p63)), ("-9223372036854775809", .double(-0x1p63)),
            ("0x7FFFFFFFFFFFFFFF", .integer(.max)), ("-0x8000000000000000", .integer(.min)),
            ("0x8000000000000000", .double(0x1p63)), ("0XfF", .integer(255)), ("+0x10", .integer(16)),
            ("0x00ff", .integer(255)), ("1.0", .double(1)), ("5.", .double(5)), (".5", .double(0.5)),
            ("-.5", .double(-0.5)), ("+.5e1", .double(5)), ("5.e1", .double(50)), ("0e1", .double(0)),
            ("0.", .double(0)), ("1E+2", .double(100)), ("1e-2", .double(0.01)), ("1e308", .double(1e308)),
            ("1e-400", .double(0)), ("+Infinity", .double(.infinity)), ("-Infinity", .double(-.infinity)),
            ("1267650600228229401496703205376", .double(0x1p100)),
            ("2.2250738585072011e-308", .double(.leastNormalMagnitude.nextDown)),
            ("5e-324", .double(.leastNonzeroMagnitude)),
        ]
    )
    func numbers(text: String, expected: JSONNumber) throws {
        let node = try parse(text)
        #expect(node.kind == .number(expected), "\(text)")
    }

    @Test("negative zero keeps its sign", arguments: ["-0", "-0x0", "-0.0", "-0e5"])
    func negativeZero(text: String) throws {
        guard case .number(.double(let value)) = try parse(text).kind else {
            Issue.record("expected a double")
            return
        }
        #expect(value == 0 && value.sign == .minus)
    }

    @Test("not a number", arguments: ["NaN", "+NaN", "-NaN"])
    func notANumber(text: String) throws {
        guard case .number(let number) = try parse(text).kind else {
            Issue.record("expected a number")
            return
        }
        #expect(number.double.isNaN && number.int == nil)
    }

    @Test(
        "strings",
        arguments: [
            (#""a""#, "a"), ("'a'", "a"), (#""it's""#, "it's"), (#"'say "x"'"#, #"say "x""#),
            ("'tab\there'", "tab\there"), ("'\u{1}\u{1F}\u{7F}'", "\u{1}\u{1F}\u{7F}"),
            ("'a\u{2028}b\u{2029}c'", "a\u{2028}b\u{2029}c"), ("'a\\\nb'", "ab"), ("'a\\\r\nb'", "ab"),
            ("'a\\\rb'", "ab"), ("'a\\\u{2028}b'", "ab"), ("'a\\\u{2029}b'", "ab"), (#"'\x00'"#, "\0"),
            (#"'\0'"#, "\0"), (#"'\0a'"#, "\0a"), (#"'\u0000'"#, "\0"), (#"'\xe9'"#, "é"), (#"'\u00E9'"#, "é"),
            (#"'\ud83d\ude00'"#, "😀"), ("'😀'", "😀"), (#"'\é'"#, "é"), (#"'\😀'"#, "😀"), (#"'\/'"#, "/"),
            ("'// no comment /* here */'", "// no comment /* here */"), ("'\u{FEFF}'", "\u{FEFF}"),
            ("'\u{FFFF}\u{10FFFF}'", "\u{FFFF}\u{10FFFF}"), (#"'\a\-\%'"#, "a-%"),
        ]
    )
    func strings(text: String, expected: String) throws {
        let value = try parse(text).string
        #expect(value?.unicodeScalars.elementsEqual(expected.unicodeScalars) == true)
    }

    @Test(
        "keys without quotes",
        arguments: [
            ("{a:0}", "a"), ("{$:0}", "$"), ("{_:0}", "_"), ("{$a_1:0}", "$a_1"), ("{ünïcödé:0}", "ünïcödé"),
            ("{ключ:0}", "ключ"), ("{鍵:0}", "鍵"), ("{Ⅳ:0}", "Ⅳ"), ("{𝒜:0}", "𝒜"), ("{a\u{200D}b:0}", "a\u{200D}b"),
            ("{a\u{301}:0}", "a\u{301}"), ("{a٣:0}", "a٣"), ("{a‿b:0}", "a‿b"), (#"{\u0061b:0}"#, "ab"),
            (#"{a\u0031:0}"#, "a1"), (#"{\ud835\udc9c:0}"#, "𝒜"), ("{a/**/:0}", "a"), ("{a//\n:0}", "a"),
        ]
    )
    func keys(text: String, expected: String) throws {
        let names = try parse(text).members?.map(\.name)
        #expect(names == [expected])
    }

    @Test(
        "white space and comments",
        arguments: [
            "\u{FEFF}1", " \t\u{B}\u{C}\r\n1\n", "\u{A0}1\u{A0}", "\u{2028}1\u{2029}", "\u{FEFF}\u{FEFF}1\u{FEFF}",
            "\u{1680}\u{2000}\u{200A}\u{202F}\u{205F}\u{3000}1", "// a\n1", "1 // a", "1//", "/**/1/**/", "/***/1",
            "/* * / // */1", "// a\r1", "// a\u{2028}1", "// a\u{2029}1", "/* a\n b */ 1 /* c */ // d",
            "/* ü 😀 */1", "//ü😀\n1",
        ]
    )
    func trivia(text: String) throws {
        let node = try parse(text)
        #expect(node == .integer(1))
    }
}
