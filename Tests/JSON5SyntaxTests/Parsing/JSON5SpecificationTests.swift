import JSON5Syntax
import Testing

@Suite("JSON5: the specification's examples")
struct JSON5SpecificationTests {
    /// The short example of the specification's introduction.
    static let kitchenSink = #"""
        {
          // comments
          unquoted: 'and you can quote me on that',
          singleQuotes: 'I can use "double quotes" here',
          lineBreaks: "Look, Mom! \
        No \\n's!",
          hexadecimal: 0xdecaf,
          leadingDecimalPoint: .8675309, andTrailing: 8675309.,
          positiveSign: +1,
          trailingComma: 'in objects', andIn: ['arrays',],
          "backwardsCompatible": "with JSON",
        }
        """#

    @Test func kitchenSink() throws {
        let node = try parse(Self.kitchenSink)
        #expect(node["unquoted"]?.string == "and you can quote me on that")
        #expect(node["singleQuotes"]?.string == #"I can use "double quotes" here"#)
        #expect(node["lineBreaks"]?.string == #"Look, Mom! No \n's!"#)
        #expect(node["hexadecimal"]?.kind == .number(.integer(0xdecaf)))
        #expect(node["leadingDecimalPoint"]?.kind == .number(.double(0.8675309)))
        #expect(node["andTrailing"]?.kind == .number(.double(8_675_309)))
        #expect(node["positiveSign"]?.kind == .number(.integer(1)))
        #expect(node["trailingComma"]?.string == "in objects")
        #expect(node["andIn"] == .array([.string("arrays")]))
        #expect(node["backwardsCompatible"]?.string == "with JSON")
        #expect(node.members?.count == 10)
    }

    @Test func objects() throws {
        let first = try parse("{}")
        #expect(render(first) == "{}")
        let second = try parse("{\n    width: 1920,\n    height: 1080,\n}")
        #expect(render(second) == "{width:1920,height:1080}")
        let third = try parse(
            "{\n    image: {\n        width: 1920,\n        height: 1080,\n        'aspect-ratio': '16:9',\n    }\n}"
        )
        #expect(render(third) == #"{image:{width:1920,height:1080,aspect-ratio:"16:9"}}"#)
    }

    @Test func arrays() throws {
        let first = try parse("[1, true, 'three',]")
        #expect(render(first) == #"[1,true,"three"]"#)
        let second = try parse("[\n    [1, true, 'three'],\n    [4, \"five\", 0x6],\n]")
        #expect(render(second) == #"[[1,true,"three"],[4,"five",6]]"#)
    }

    @Test func numbers() throws {
        let node = try parse(
            """
            {
                integer: 123, withFractionPart: 123.456, onlyFractionPart: .456, withExponent: 123e-456,
                positiveHex: 0xdecaf, negativeHex: -0xC0FFEE, positiveInfinity: Infinity,
                negativeInfinity: -Infinity, notANumber: NaN,
            }
            """
        )
        #expect(
            render(node) == """
                {integer:123,withFractionPart:123.456,onlyFractionPart:0.456,withExponent:0.0,\
                positiveHex:912559,negativeHex:-12648430,positiveInfinity:inf,negativeInfinity:-inf,notANumber:nan}
                """
        )
    }

    @Test func stringEscapes() throws {
        let continued = try parse("'Lorem ipsum dolor sit amet, \\\nconsectetur adipiscing elit.'")
        #expect(continued.string == "Lorem ipsum dolor sit amet, consectetur adipiscing elit.")
        let letters = try parse(#"'\A\C\/\D\C'"#)
        #expect(letters.string == "AC/DC")
        let smiley = try parse(#"'\uD83C\uDFBC'"#)
        #expect(smiley.string == "🎼")
        let mixed = try parse(#"'\b\f\n\r\t\v\0\x41é\'\"\\'"#)
        #expect(mixed.string == "\u{8}\u{C}\n\r\t\u{B}\0Aé'\"\\")
    }
}
