import Foundation
import JSON5Syntax
import Testing

@Suite("JSON5: where only JSON will do")
struct JSONStrictTests {
    @Test(
        "what JSON5 adds is refused",
        arguments: [
            "{a:1}", "{'a':1}", "'a'", "[1,]", #"{"a":1,}"#, "// a\n1", "1 /* a */", "+1", ".5", "5.", "5.e1", "0x1F",
            "-.5", "Infinity", "-Infinity", "NaN", "\u{FEFF}1", "\u{A0}1", "1\u{B}", "1\u{C}", "\u{2028}1",
            #""\x41""#, #""\v""#, #""\0""#, #""\'""#, #""\a""#, "\"\\\n\"", "\"\t\"", "\"\u{1}\"",
        ]
    )
    func refused(document: String) throws {
        _ = try JSONParser.parse(Array(document.utf8))
        let error = #expect(throws: JSONSyntaxError.self) { try strict(document) }
        #expect(error?.kind == .onlyInJSON5 || error?.kind == .expectedValue)
    }

    @Test(arguments: JSONDifferentialTests.documents)
    func agreesWithFoundation(document: String) throws {
        let theirs = try? JSONSerialization.jsonObject(with: Data(document.utf8), options: .fragmentsAllowed)
        let ours = try? strict(document)
        #expect((theirs == nil) == (ours == nil))
        if let theirs, let ours { #expect(JSONDifferentialTests.agree(ours, theirs)) }
    }

    private func strict(_ document: String) throws -> JSONNode {
        try JSONParser.parse(Array(document.utf8), syntax: .json)
    }
}
