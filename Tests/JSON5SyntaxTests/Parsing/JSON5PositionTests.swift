import JSON5Syntax
import Testing

@Suite("JSON5: positions, duplicates and limits")
struct JSON5PositionTests {
    @Test(
        "line ends: LF, CR, CRLF; not U+2028",
        arguments: [
            ("\n1", "2:1"), ("\r1", "2:1"), ("\r\n1", "2:1"), ("\n\r1", "3:1"), ("\r\r\n\n1", "4:1"),
            ("\u{2028}1", "1:2"), ("\u{FEFF}1", "1:1"), ("\u{FEFF}\n 1", "2:2"), ("\t1", "1:2"), ("/*é😀*/1", "1:7"),
            ("/*\n*/ 1", "2:4"), ("//é\n\u{A0}1", "2:2"),
        ]
    )
    func lineEnds(text: String, position: String) throws {
        let node = try parse(text)
        #expect(node.position.description == position)
    }

    @Test func membersAndElements() throws {
        let node = try parse("{\n  é: '😀', 'b': [1,\r\n    2],\n  c: 'x\\\n y', d: 0,\n}")
        let members = try #require(node.members)
        #expect(members.map(\.position.description) == ["2:3", "2:11", "4:3", "5:6"])
        #expect(members.map(\.value.position.description) == ["2:6", "2:16", "4:6", "5:9"])
        #expect(members[1].value.elements?.map(\.position.description) == ["2:17", "3:5"])
    }

    @Test func positionsOrder() {
        let sorted = [SourcePosition(line: 2, column: 1), SourcePosition(line: 1, column: 9), .start].sorted()
        #expect(sorted.map(\.description) == ["1:1", "1:9", "2:1"])
    }

    @Test func positionsDoNotCountInEquality() throws {
        let (left, right) = (try parse("{a:1}"), try parse("\n\n{ 'a' : 0x1 }"))
        #expect(left == right && left.hashValue == right.hashValue)
        let other = try parse("{a:2}")
        #expect(left != other)
    }

    @Test(
        "duplicate keys",
        arguments: [
            ("{a:1,\n\n a:2}", "3:2: a duplicate key, first on line 1: remove one of the two"),
            ("{a:1,'a':1}", "1:6: a duplicate key, first on line 1: remove one of the two"),
            (#"{a:1,"\u0061":1}"#, "1:6: a duplicate key, first on line 1: remove one of the two"),
            ("[{b:{a:1,\na:{}}}]", "2:1: a duplicate key, first on line 1: remove one of the two"),
            (
                #"{'\u001b[2J':1,'\u001b[2J':1}"#,
                "1:16: a duplicate key, first on line 1: remove one of the two"
            ),
        ]
    )
    func duplicates(text: String, description: String) {
        #expect(syntaxError(text)?.description == description)
    }

    /// One would answer for the other: of the names of secrets' fields, `OPENAI_API_\u{212A}EY` is not
    /// `OPENAI_API_KEY`.
    @Test(arguments: [("K", "\u{212A}"), ("é", "e\u{301}"), ("a;", "a\u{37E}"), ("`", "\u{1FEF}")])
    func namesThatAreCanonicallyEquivalentAreTwo(left: String, right: String) throws {
        #expect(left == right)
        let node = try parse("{'\(left)':1,'\(right)':2}")
        #expect(node[left]?.kind == .number(.integer(1)))
        #expect(node[right]?.kind == .number(.integer(2)))
        let other = try parse("{'\(right)':1,'\(left)':2}")
        #expect(node != other && Set([node, other]).count == 2)
        #expect(try parse("{'\(left)':1}")[right] == nil)
        #expect(try parse("'\(left)'") != parse("'\(right)'"))
        #expect(syntaxError("{'\(left)':1,'\(left)':2}") != nil)

        var reader = JSONObjectReader(node, path: .root)
        #expect(reader.int(left) == 1)
        #expect(reader.finish().count == 1)
    }

    @Test func equalKeysInDifferentObjects() throws {
        _ = try parse("{a:{a:{a:1}},b:[{a:1},{a:1}],A:1}")
    }

    @Test func depth() throws {
        func nested(_ depth: Int, _ pair: (String, String)) -> String {
            String(repeating: pair.0, count: depth) + "1" + String(repeating: pair.1, count: depth)
        }
        _ = try parse(nested(128, ("[", "]")))
        _ = try parse(nested(128, ("{a:", "}")))
        #expect(
            syntaxError(nested(129, ("[", "]")))
                == JSONSyntaxError(.nestingTooDeep(limit: 128), at: .init(line: 1, column: 129))
        )
        #expect(syntaxError(nested(129, ("{a:", "}")))?.kind == .nestingTooDeep(limit: 128))
        #expect(syntaxError("[1]", limits: JSONParser.Limits(depth: 0))?.kind == .nestingTooDeep(limit: 0))
        _ = try parse("1", limits: JSONParser.Limits(depth: 0))
        #expect(
            syntaxError(String(repeating: "[", count: 500_000), limits: JSONParser.Limits(depth: .max))?.kind
                == .nestingTooDeep(limit: 512)
        )
    }

    @Test func size() throws {
        let limits = JSONParser.Limits(size: 4)
        _ = try parse("1234", limits: limits)
        #expect(syntaxError("12345", limits: limits)?.kind == .documentTooLarge(limit: 4))
        let document = "'" + String(repeating: "a", count: (1 << 20) - 2) + "'"
        _ = try parse(document)
        #expect(
            syntaxError(document + " ")?.description
                == "1:1: the document is larger than 1048576 bytes: make it smaller"
        )
    }

    @Test func keySize() throws {
        let key = String(repeating: "é", count: 512)
        _ = try parse("{'\(key)':1}")
        #expect(syntaxError("{ '\(key)a':1}")?.description == "1:3: a key of more than 1024 bytes: shorten it")
        _ = try parse("{'\(key)a':1}", limits: JSONParser.Limits(keySize: .max))
    }

    @Test("hostile documents of the full size take linear time", .timeLimit(.minutes(5)))
    func hostile() {
        let size = 1_000_000
        let manyKeys = (0..<90_000).map { "k\($0):1" }.joined(separator: ",")
        for document in [
            "{\(manyKeys)}", "[" + String(repeating: "1,", count: size / 2 - 2) + "]",
            "'" + String(repeating: "\\n", count: size / 2 - 2) + "'", String(repeating: "9", count: size),
            "0x" + String(repeating: "f", count: size), "." + String(repeating: "1", count: size),
            "{" + (0..<900).map { "'\($0)" + String(repeating: "\u{301}\u{316}", count: 250) + "':1," }.joined() + "}",
            "{'" + String(repeating: "\u{301}\u{316}", count: size / 5) + "':1}",
            String(repeating: "/**/", count: size / 4),
            String(repeating: "/*", count: size / 2), String(repeating: "\n", count: size),
        ] { _ = syntaxError(document) }
    }
}
