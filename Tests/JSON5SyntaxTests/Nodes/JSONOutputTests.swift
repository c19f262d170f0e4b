import FuzzSupport
import JSON5Syntax
import Testing

@Suite("JSON5: writing JSON")
struct JSONOutputTests {
    private func write(_ node: JSONNode) throws -> String { String(decoding: try node.jsonBytes(), as: UTF8.self) }

    @Test(
        "JSON5 becomes strict JSON",
        arguments: [
            ("{a:1,'b':[+2,0x10,],/**/c:null,}", #"{"a":1,"b":[2,16],"c":null}"#), (".5", "0.5"), ("5.", "5.0"),
            ("-0", "-0.0"), ("1e300", "1e+300"), ("1e16", "1e+16"), ("-9223372036854775808", "-9223372036854775808"),
            ("[]", "[]"), ("{}", "{}"), ("''", "\"\""), ("[true,false]", "[true,false]"), ("{'':{}}", #"{"":{}}"#),
            ("'it\\'s'", #""it's""#), ("'\"\\\\/'", #""\"\\/""#), (#"'\b\f\n\r\t\v\0'"#, #""\b\f\n\r\t\u000b\u0000""#),
            ("'\u{1F}\u{7F}'", "\"\\u001f\u{7F}\""), ("'\u{85}\u{2028}\u{2029}'", #""\u0085\u2028\u2029""#),
            ("'é€😀\u{FEFF}'", "\"é€😀\u{FEFF}\""), (#"{'\n"':1}"#, #"{"\n\"":1}"#),
        ]
    )
    func strict(text: String, expected: String) throws {
        let node = try parse(text)
        let output = try write(node)
        #expect(output == expected)
        let again = try parse(output)
        #expect(again == node)
    }

    @Test("numbers come back exactly", arguments: UInt64(1)...10)
    func numbers(seed: UInt64) throws {
        var generator = SplitMix64(seed: seed)
        for _ in 0..<200 {
            let value = Double(bitPattern: generator.next())
            guard value.isFinite else { continue }
            let again = try parse(write(.double(value)))
            #expect(again == .double(value))
            let integer = Int64(bitPattern: generator.next())
            let integerAgain = try parse(write(.integer(integer)))
            #expect(integerAgain == .integer(integer))
        }
    }

    @Test("numbers that are not finite", arguments: ["Infinity", "-Infinity", "NaN"])
    func notFinite(word: String) throws {
        let node = try parse("{a:\n [\(word)]}")
        let error = #expect(throws: JSONNode.OutputError.self) { try node.jsonBytes() }
        #expect(error == .nonFiniteNumber(SourcePosition(line: 2, column: 3)))
        #expect(error?.description == "2:3: JSON cannot write Infinity or NaN: use a finite number")
    }

    @Test func values() throws {
        let node = JSONNode.object([
            "id": .string("7"), "n": .integer(1), "d": .double(0.5), "on": .bool(true), "none": .null,
            "big": .integer(UInt64.max), "list": .array([.integer(Int8(-1))]),
        ])
        let output = try write(node)
        #expect(
            output == #"{"id":"7","n":1,"d":0.5,"on":true,"none":null,"big":1.8446744073709552e+19,"list":[-1]}"#
        )
    }

    @Test func nesting() throws {
        var node = JSONNode.null
        for _ in 0..<512 { node = .array([node]) }
        #expect(try node.jsonBytes().count == 1028)
        let error = #expect(throws: JSONNode.OutputError.self) { try JSONNode.array([node]).jsonBytes() }
        #expect(error == .nestingTooDeep)
        #expect(error?.description == "more than 512 levels of nesting: make the value flatter")
    }
}
