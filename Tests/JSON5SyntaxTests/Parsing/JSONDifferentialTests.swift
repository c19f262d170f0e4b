import Foundation
import JSON5Syntax
import Testing

@Suite("JSON5: agreement with Foundation on strict JSON")
struct JSONDifferentialTests {
    static let documents = [
        "null", "true", "false", "0", "-1", "1.5", "1e3", "1E-3", "-0.25e+2", "9007199254740993", "9223372036854775807",
        "-9223372036854775808", "1e300", "3.141592653589793", "0.1", "\"\"", "\"a\"", #""\"\\\/\b\f\n\r\t""#,
        #""\u00e9\u20AC\ud83d\ude00""#, "\"é€😀\"", "\"\u{2028}\u{2029}\u{7F}\"", #""\u0000x""#, "[]", "{}",
        "[1,[2,[3]],{}]", #"{"a":{"b":[null,true,{"c":"d"}]},"e":-1.25}"#, " \t\r\n[ 1 , 2 ] \n", #"{"":""}"#,
        #"{"a b":1,"a\nb":2,"ü":3}"#, "[0.1,1e-7,123456789.123]", #"[[[[[["deep"]]]]]]"#,
        // Refused by both.
        "", " ", "[", "]", "{", "[1", "{\"a\"", "{\"a\":", "{\"a\":1", "[1 2]", "{\"a\" 1}", "[,]", "[1,,2]", "{,}",
        "tru",
        "nul", "True", "01", "-", "1e", "0x", "--1", "\"", "\"a", "'", #""\ud800""#, #""\u12""#, "1 2",
        "[1]]", "{\"a\":1}}", "[1}", "{\"a\":1]", "\"\n\"", "{1:2}", "{\"a\":}",
    ]

    @Test(arguments: documents)
    func agrees(document: String) throws {
        let theirs = try? JSONSerialization.jsonObject(with: Data(document.utf8), options: .fragmentsAllowed)
        let ours = try? parse(document)
        #expect((theirs == nil) == (ours == nil))
        guard let theirs, let ours else { return }
        #expect(Self.agree(ours, theirs))

        let output = try ours.jsonBytes()
        let again = try JSONSerialization.jsonObject(with: Data(output), options: .fragmentsAllowed)
        #expect(Self.agree(ours, again))
    }

    static func agree(_ node: JSONNode, _ other: Any) -> Bool {
        switch node.kind {
        case .null: return other is NSNull
        case .bool(let value): return other as? Bool == value
        case .number(.integer(let value)): return (other as? NSNumber)?.int64Value == value
        case .number(let number): return (other as? NSNumber)?.doubleValue == number.double
        case .string(let text): return other as? String == text
        case .array(let elements):
            guard let others = other as? [Any], others.count == elements.count else { return false }
            return zip(elements, others).allSatisfy(agree)
        case .object(let members):
            guard let others = other as? [String: Any], others.count == members.count else { return false }
            return members.allSatisfy { member in others[member.name].map { agree(member.value, $0) } ?? false }
        }
    }
}
