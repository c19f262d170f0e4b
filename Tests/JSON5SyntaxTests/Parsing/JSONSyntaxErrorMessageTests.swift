import JSON5Syntax
import Testing

@Suite("JSON5: what errors say")
struct JSONSyntaxErrorMessageTests {
    @Test(
        "each message names the fix",
        arguments: [
            ("", "1:1: the document is empty: write at least {}"),
            ("{} x", "1:4: the document ends before this: remove what follows, or put it inside the braces"),
            ("[,]", "1:2: a value is missing here: write a string in quotes, a number, true, false, null, [ or {"),
            (
                "{a:x}",
                "1:4: text needs quotes: only true, false, null, Infinity and NaN stand without, in exactly this spelling"
            ),
            ("{,}", "1:2: a key is missing here: write a key, or '}' to end the object"),
            (
                "{a-b:1}",
                "1:2: put quotes around this key: without quotes it may have only letters, digits, '_' and '$'"
            ),
            ("{a=1}", "1:3: put ':' between the key and its value"),
            ("{a:1 b:1}", "1:6: put ',' before the next entry, or '}' to end the object"),
            ("[1 2]", "1:4: put ',' before the next entry, or ']' to end the array"),
            ("\n[{", "2:3: the object that opens at 2:2 is not closed: add '}'"),
            ("[1", "1:3: the array that opens at 1:1 is not closed: add ']'"),
            ("'a", "1:1: this string has no closing quote on its line: add it, or end the line with '\\'"),
            ("/*", "1:1: this comment is not closed: add '*/'"),
            ("#", "1:1: '#' does not begin a comment: write '//'"),
            ("“a”", "1:1: a curly quote: write a straight \" or '"),
            (#"'C:\1'"#, #"1:4: an escape that does not exist: write '\\' for a backslash"#),
            (#"'\ud800'"#, #"1:2: half of a surrogate pair: write both halves, such as \uD83D\uDE00"#),
            ("1e", "1:1: a number that is cut short: complete it, or put quotes around it if it is text"),
            ("007", "1:1: a number may not begin with 0: remove the zero, or put quotes around it if it is text"),
            ("5m", "1:1: a number that runs on into text: put quotes around the whole value"),
            ("1e999", "1:1: a number too large to hold: write a smaller one, or put quotes around it"),
            ("\0", "1:1: a NUL byte: save the file as UTF-8 text"),
        ]
    )
    func messages(text: String, expected: String) {
        #expect(syntaxError(text)?.description == expected)
    }

    @Test func limits() {
        let deep = syntaxError("[[]]", limits: JSONParser.Limits(depth: 1))
        #expect(deep?.description == "1:2: more than 1 levels of nesting: make the document flatter")
        let error = #expect(throws: JSONSyntaxError.self) { try JSONParser.parse([0xFF]) }
        #expect(error?.description == "1:1: the bytes here are not UTF-8: save the file as UTF-8")
    }
}
