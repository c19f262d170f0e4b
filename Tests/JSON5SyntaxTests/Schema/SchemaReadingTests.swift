import JSON5Syntax
import Testing

@Suite("Reading a JSON Schema")
struct SchemaReadingTests {
    @Test(arguments: [
        ("{typ: 'string'}", "1:2: typ: unknown key. Did you mean 'type'?"),
        ("{allOf: []}", "1:9: allOf: this keyword of JSON Schema is not supported here: leave it out"),
        ("{properties: {a: {$ref: '#'}}}", "1:25: properties.a.$ref: this keyword of JSON Schema is not supported"),
        ("{format: 'uri'}", "format: this keyword of JSON Schema is not supported"),
        ("{type: 'text'}", "1:8: type: expected one of"),
        ("{type: 1}", "1:8: type: expected the name of a type or an array of them"),
        ("{type: ['string', 'nul']}", "Did you mean 'null'?"),
        ("{properties: []}", "properties: expected an object, found an array"),
        ("{propertyNames: 1}", "propertyNames: expected an object, found a number"),
        ("{items: 1}", "items: expected an object, found a number"),
        ("{required: 'a'}", "required: expected an array of strings, found a string"),
        ("{enum: 1}", "enum: expected an array, found a number"),
        ("{minLength: -1}", "minLength: expected a whole number of 0 or more"),
        ("{minItems: 2, maxItems: 1}", "1:12: minItems: is more than 'maxItems', so that nothing fits"),
        ("{minimum: 'a'}", "minimum: expected a number, found a string"),
        ("{pattern: '('}", "1:11: pattern: is no regular expression that can be used here"),
        ("{anyOf: []}", "anyOf: expected at least one schema"),
        ("{oneOf: [{tpye: 1}]}", "1:11: oneOf[0].tpye: unknown key"),
        ("[]", "expected an object, found an array"),
        ("{type: 'string'", "1:16: "),
    ])
    func `A mistake is reported with its place`(schema: String, mistake: String) throws {
        let found = try mistakes { () throws(JSONMistakes) in try JSONSchema.parse(schema.utf8, path: .root) }
        #expect(found.count == 1)
        #expect(found.first?.contains(mistake) == true, "\(found)")
    }

    @Test func `All mistakes are reported at once`() throws {
        let schema = "{type: 'x', not: {}, items: {minimum: true}, pattern: '['}"
        let found = try mistakes { () throws(JSONMistakes) in try JSONSchema.parse(schema.utf8, path: .root) }
        #expect(found.count == 4)
    }

    @Test(arguments: [
        "(", "[", "(?<a>", "a**", String(repeating: "(", count: 500) + String(repeating: ")", count: 500),
    ])
    func `A pattern that cannot be used does no harm`(pattern: String) throws {
        let schema = "{pattern: '\(pattern)'}"
        let found = try mistakes { () throws(JSONMistakes) in try JSONSchema.parse(schema.utf8, path: .root) }
        #expect(found.count == 1)
    }

    @Test func `Two schemas that say the same are equal`() throws {
        let schemas = try ["{type: 'string', minLength: 1}", "{minLength: 1, type: ['string'], title: 'x'}"]
            .map { try JSONSchema.parse($0.utf8, path: .root) }
        #expect(schemas[0] == schemas[1])
    }
}
