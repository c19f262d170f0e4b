import JSON5Syntax
import Testing

@Suite("JSON5: numbers as they were written")
struct JSONKeptNumberTests {
    @Test(
        "a number comes out as it went in",
        arguments: ["1.50", "-0", "1e400", "1E+2", "12345678901234567890", "-9223372036854775809", "0.10e-0", "42"]
    )
    func kept(number: String) throws {
        let document = #"{"a":[\#(number),-1],"b":\#(number)}"#
        let node = try parse(document)
        #expect(try String(decoding: node.jsonBytes(), as: UTF8.self) == document)
    }

    @Test("what they are worth is known as before")
    func worth() throws {
        guard case .number(let number) = try parse("1.50e1").kind, case .number(let huge) = try parse("1e400").kind
        else {
            Issue.record("no numbers")
            return
        }
        #expect(number.double == 15 && number.int == 15)
        #expect(huge.double == .infinity && huge.int == nil)
        #expect(try parse("42").kind == .number(.integer(42)))
    }

    @Test("what is no number still is none", arguments: ["1.", "01", "1e", "-", "0x1F", "1.2.3", "Infinity"])
    func refused(document: String) {
        #expect(throws: JSONSyntaxError.self) { try parse(document) }
    }

    private func parse(_ document: String) throws -> JSONNode {
        try JSONParser.parse(Array(document.utf8), syntax: .jsonKeepingNumbers)
    }
}
