import JSON5Syntax
import Testing

@Suite("Configuration reader: one value")
struct JSONValueReaderTests {
    enum Mode: String, CaseIterable { case read, write }

    /// What each method says about a value of the wrong kind; nil where it accepts it.
    @Test(
        "exact messages",
        arguments: [
            ("string", "1", "expected a string, found a number"),
            ("string", "null", "expected a string, found null"),
            ("string", "[]", "expected a string, found an array"),
            ("string", #"'a\0b'"#, "the text contains a NUL character: remove it"),
            ("string", "'a'", nil),
            ("bool", "'true'", "expected true or false, found a string"),
            ("bool", "0", "expected true or false, found a number"),
            ("bool", "true", nil),
            ("int", "'1'", "expected a whole number, found a string"),
            ("int", "1.5", "expected a whole number"),
            ("int", "Infinity", "expected a whole number"),
            ("int", "NaN", "expected a whole number"),
            ("int", "9007199254740994.0", "expected a whole number"),
            ("int", "1e3", nil),
            ("int", "-5.0", nil),
            ("port", "0", "expected a whole number from 1 to 65535"),
            ("port", "true", "expected a whole number from 1 to 65535, found a boolean"),
            ("port", "65535", nil),
            ("count", "-1", "expected a whole number of 0 or more"),
            ("below", "1", "expected a whole number of 0 or less"),
            ("double", "{}", "expected a number, found an object"),
            ("double", "Infinity", "expected a finite number"),
            ("double", "NaN", "expected a finite number"),
            ("double", "1", nil),
            ("duration", "30", #"a duration needs a unit: write "30s", "5m", "1h", "250ms" or "7d""#),
            ("duration", "'30'", #"a duration needs a unit: write "30s", "5m", "1h", "250ms" or "7d""#),
            ("duration", "'soon'", #"expected a duration such as "30s", "5m", "1h", "250ms" or "7d""#),
            ("duration", "'36501d'", "the duration is too long: the longest is 36500d"),
            ("duration", "true", #"expected a duration such as "30s", found a boolean"#),
            ("duration", "'30s'", nil),
            ("oneOf", "'files'", nil),
            ("oneOf", "'xyz'", "expected one of 'process', 'files'"),
            ("oneOf", "'file'", "expected one of 'process', 'files'. Did you mean 'files'?"),
            ("oneOf", "'PROCESS'", "expected one of 'process', 'files'. Did you mean 'process'?"),
            ("oneOf", "1", "expected one of 'process', 'files', found a number"),
            ("only", "'b'", "expected 'a'"),
            ("mode", "'wriet'", "expected one of 'read', 'write'. Did you mean 'write'?"),
            ("mode", "'read'", nil),
            ("strings", "'a'", "expected an array of strings, found a string"),
            ("strings", "['a','b']", nil),
            ("strings", "[]", nil),
            ("orSingle", "1", "expected a string or an array of strings, found a number"),
            ("orSingle", "'a'", nil),
            ("orSingle", "['a']", nil),
            ("array", "{}", "expected an array, found an object"),
            ("object", "[]", "expected an object, found an array"),
            ("map", "'a'", "expected an object, found a string"),
        ] as [(String, String, String?)]
    )
    func messages(method: String, text: String, message: String?) throws {
        var reader = JSONValueReader(try parse("\n" + text), path: .root.appending("a").appending("b"))
        let value: Any? =
            switch method {
            case "string": reader.string()
            case "bool": reader.bool()
            case "int": reader.int()
            case "port": reader.int(in: 1...65535)
            case "count": reader.int(in: 0 ... .max)
            case "below": reader.int(in: .min...0)
            case "double": reader.double()
            case "duration": reader.duration()
            case "oneOf": reader.oneOf(["process", "files"])
            case "only": reader.oneOf(["a"])
            case "mode": reader.oneOf(Mode.self)
            case "strings": reader.stringArray()
            case "orSingle": reader.stringArray(orSingle: true)
            case "array": reader.array { $0.string() }
            case "object": reader.object { _ in 1 }
            default: reader.map { _, _ in 1 }
            }
        #expect((value == nil) == (message != nil))
        #expect(reader.mistakes.map(\.description) == (message.map { ["2:1: a.b: \($0)"] } ?? []))
    }

    @Test func values() throws {
        var whole = JSONValueReader(try parse("1e3"), path: .root)
        #expect(whole.int() == 1000)
        var negative = JSONValueReader(try parse("-0"), path: .root)
        #expect(negative.int() == 0)
        var mode = JSONValueReader(try parse("'write'"), path: .root)
        #expect(mode.oneOf(Mode.self) == .write)
        var single = JSONValueReader(try parse("'a'"), path: .root)
        #expect(single.stringArray(orSingle: true) == ["a"])
        var ratio = JSONValueReader(try parse("3"), path: .root)
        #expect(ratio.double() == 3)
    }

    @Test func elements() throws {
        var reader = JSONValueReader(try parse("['a', 1,\n null, 'b']"), path: .root.appending("env"))
        #expect(reader.stringArray() == nil)
        #expect(
            reader.mistakes.map(\.description) == [
                "1:7: env[1]: expected a string, found a number", "2:2: env[2]: expected a string, found null",
            ]
        )
    }

    @Test(
        "paths",
        arguments: [
            ("a", "x.a"), ("open-ai", "x.open-ai"), ("a.b", #"x["a.b"]"#), ("", #"x[""]"#), ("ключ", "x.ключ"),
            ("a b", #"x["a b"]"#), ("a\u{1B}[2J", #"x["a\u{1b}[2J"]"#), ("a\u{202E}b", #"x.a\u{202e}b"#),
            (String(repeating: "a", count: 65), "x." + String(repeating: "a", count: 64) + "…"),
        ]
    )
    func paths(name: String, expected: String) {
        #expect(NodePath.root.appending("x").appending(name).description == expected)
        #expect(NodePath.root.appending("a").appending(2).appending("b").description == "a[2].b")
    }
}
