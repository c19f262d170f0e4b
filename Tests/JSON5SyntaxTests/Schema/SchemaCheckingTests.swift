import JSON5Syntax
import Testing

@Suite("Checking a value against a JSON Schema")
struct SchemaCheckingTests {
    private func mistakes(_ schema: String, _ value: String) throws -> [String] {
        try JSONSchema.parse(schema.utf8, path: .root).mistakes(in: parse(value), at: .root).map(\.description)
    }

    @Test(arguments: [
        ("{}", "1"), ("{}", "null"), ("{title: 't', default: 4, $schema: 's', description: 'd', examples: [1]}", "[]"),
        ("{type: 'null'}", "null"), ("{type: 'boolean'}", "false"), ("{type: 'number'}", "1"),
        ("{type: 'number'}", "1.5"), ("{type: 'integer'}", "3"), ("{type: 'integer'}", "3.0"),
        ("{type: 'integer'}", "1e300"), ("{type: 'string'}", "''"), ("{type: 'array'}", "[]"),
        ("{type: 'object'}", "{}"), ("{type: ['string', 'null']}", "null"),
        ("{enum: ['a', 1, null]}", "1.0"), ("{const: {a: 1, b: [2]}}", "{b: [2.0], a: 1}"),
        ("{properties: {a: {type: 'string'}}}", "{b: 1}"), ("{properties: {a: {type: 'string'}}}", "7"),
        ("{required: ['a']}", "{a: null}"), ("{required: ['a']}", "'text'"),
        ("{additionalProperties: false, properties: {a: true}}", "{a: 1}"),
        ("{additionalProperties: {type: 'string'}}", "{a: 'x', b: 'y'}"),
        ("{propertyNames: {pattern: '^a'}}", "{a: 1, ab: 2}"), ("{propertyNames: {pattern: '^a'}}", "'b'"),
        ("{items: {type: 'string'}}", "['a', 'b']"), ("{minItems: 1, maxItems: 2}", "[1, 2]"),
        ("{minLength: 1, maxLength: 1}", "'é'"), ("{minLength: 2}", "5"), ("{maxLength: 1}", "'😀'"),
        ("{pattern: '^a+$'}", "'aaa'"), ("{pattern: 'b'}", "'abc'"), ("{pattern: 'b'}", "1"),
        ("{minimum: 1, maximum: 2}", "1"), ("{minimum: 1, maximum: 2}", "2.0"), ("{minimum: 1}", "'a'"),
        ("{anyOf: [{type: 'string'}, {type: 'array', items: {type: 'string'}}]}", "['a']"),
        ("{anyOf: [{minimum: 1}, {minimum: 2}]}", "3"), ("{oneOf: [{minimum: 2}, {maximum: 1}]}", "3"),
    ])
    func `A right value is let through`(schema: String, value: String) throws {
        #expect(try mistakes(schema, value) == [])
    }

    @Test(arguments: [
        ("{type: 'string'}", "7", "1:1: expected a string, found a number"),
        ("{type: 'integer'}", "1.5", "1:1: expected a whole number, found a number"),
        ("{type: 'number'}", "Infinity", "1:1: expected a number, found a number"),
        ("{type: 'integer'}", "NaN", "1:1: expected a whole number, found a number"),
        ("{type: ['string', 'null']}", "true", "1:1: expected a string or null, found a boolean"),
        ("{type: 'string', minLength: 3, enum: ['abc']}", "1", "1:1: expected a string, found a number"),
        ("{enum: ['session', 'oneshot']}", "'sesion'", "expected one of 'session', 'oneshot'. Did you mean 'session'?"),
        ("{const: 'a'}", "'zzzz'", "1:1: expected 'a'"),
        ("{enum: [1, 2]}", "3", "1:1: is none of the values allowed here"),
        ("{const: true}", "1", "1:1: is none of the values allowed here"),
        ("{properties: {a: {type: 'string'}}}", "{\n  a: 1}", "2:6: a: expected a string, found a number"),
        ("{required: ['address']}", "{}", "1:1: address: a required key is missing"),
        (
            "{properties: {address: true}, additionalProperties: false}", "{adress: 1}",
            "1:2: adress: unknown key. Did you mean 'address'?"
        ),
        ("{additionalProperties: {type: 'string'}}", "{a: 1}", "1:5: a: expected a string, found a number"),
        ("{properties: {a: {properties: {b: false}}}}", "{a: {b: 1}}", "1:9: a.b: is not allowed here"),
        ("{propertyNames: {pattern: '^a'}}", "{a: 1, b: 2}", "1:8: b: does not have the form '^a'"),
        ("{items: {type: 'string'}}", "['a', 2]", "1:7: [1]: expected a string, found a number"),
        ("{minItems: 1}", "[]", "1:1: expected at least 1 elements"),
        ("{maxItems: 1}", "[1, 2]", "1:1: expected at most 1 elements"),
        ("{minLength: 2, maxLength: 3}", "'a'", "1:1: expected 2 to 3 characters"),
        ("{minLength: 2, maxLength: 2}", "'abc'", "1:1: expected 2 characters"),
        ("{pattern: '^a+$'}", "'ab'", "1:1: does not have the form '^a+$'"),
        ("{pattern: '^a+$'}", "'a\\n'", "1:1: does not have the form '^a+$'"),
        ("{minimum: 1, maximum: 2}", "2.5", "1:1: expected a number of 1.0 to 2.0"),
        ("{minimum: 1}", "0", "1:1: expected a number of at least 1.0"),
        ("{maximum: 1}", "2", "1:1: expected a number of at most 1.0"),
        ("{anyOf: [{type: 'string'}, {type: 'null'}]}", "1", "1:1: fits none of the 2 forms it may have"),
        (
            "{anyOf: [{type: 'string'}, {type: 'object', required: ['a']}]}", "{}",
            "1:1: a: a required key is missing"
        ),
        ("{oneOf: [{minimum: 1}, {minimum: 2}]}", "3", "1:1: fits 2 of the forms that exclude each other"),
    ])
    func `A wrong value is reported with its place`(schema: String, value: String, mistake: String) throws {
        let found = try mistakes(schema, value)
        #expect(found.count == 1)
        #expect(found.first?.hasSuffix(mistake) == true, "\(found)")
    }

    @Test func `All mistakes are reported at once, as they come in the file`() throws {
        let schema =
            "{properties: {a: {type: 'string'}, b: {minimum: 3}}, required: ['c'], additionalProperties: false}"
        let found = try mistakes(schema, "{\n  z: 1,\n  b: 2,\n  a: 1\n}")
        #expect(found.map { $0.prefix(7) } == ["1:1: c:", "2:3: z:", "3:6: b:", "4:6: a:"])
    }

    @Test(arguments: [
        "{type: 'number'}", "{enum: ['leaf', 'other']}", "{const: 1}", "{minLength: 99}", "{maxLength: 1}",
        "{pattern: '^z$'}", "{anyOf: [{type: 'null'}, {maxLength: 1}]}", "{oneOf: [true, true]}", "false",
    ])
    func `No mistake repeats the value`(schema: String) throws {
        let value = "sk-leak4711"
        let found = try mistakes("{properties: {a: \(schema)}}", "{a: '\(value)'}")
        #expect(!found.isEmpty)
        #expect(found.allSatisfy { !$0.contains("leak") })
    }
}
