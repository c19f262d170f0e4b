import FuzzSupport
import KeyHooks
import Testing

@testable import JSON5Syntax

extension Fuzzing {
    @Suite("Fuzz: schemas")
    struct SchemaFuzz {
        static let tokens = [
            "type: 'object'", "type: ['string', 'null']", "properties: {", "required: ['a']",
            "additionalProperties: false",
            "items: {", "enum: [1, 'a', {}]", "const: null", "pattern: '^a+$'", "anyOf: [", "oneOf: [", "minLength: 2",
            "maximum: 1e308", "minItems: 9223372036854775807", "propertyNames: {maxLength: 3}", "true", "false",
        ]

        private static let corpus = [
            "{type: 'object', required: ['a'], additionalProperties: false, properties: {a: {type: 'string', minLength: 1, pattern: '^a'}, b: {enum: ['x', 2, null]}}}",
            "{oneOf: [{type: 'string'}, {type: 'integer', minimum: 1, maximum: 9}, {type: 'array', items: {anyOf: [{const: 1}, {const: 'a'}]}, minItems: 1}]}",
            "{type: ['object', 'null'], propertyNames: {pattern: '^[a-z]*$'}, additionalProperties: {type: 'array', maxItems: 3}}",
            "true",
        ]

        private static let documents =
            [
                "{a: 'aaa', b: 2}", "[1, 'a', [], {}]", "{x: [1], y: []}", "'text'", "12", "null", "{a: {a: {a: 1}}}",
            ] + Canary.values.map { "{a: '\($0)', b: ['\($0)'], x: '\($0)'}" }

        @Test("Hostile schemas on hostile documents take no long time and show no value")
        func fuzz() async throws {
            let mutator = Mutator(
                tokens: JSON5Fuzz.tokens + Self.tokens,
                brackets: JSON5Fuzz.brackets + [
                    ("{properties: {a: ", "}}"), ("{anyOf: [", "]}"), ("{oneOf: [true, ", "]}"), ("{items: ", "}"),
                ]
            )
            let others = Mutator(tokens: JSON5Fuzz.tokens + Canary.values, brackets: JSON5Fuzz.brackets)
            let documents = Self.documents.map { Array($0.utf8) }
            try await Fuzzer("schema", corpus: Self.corpus, mutator: mutator)
                .run { input, generator in
                    let schema: JSONSchema
                    do {
                        schema = try within(.seconds(2), "reading a schema") {
                            try JSONSchema.parse(input, path: .root)
                        }
                    } catch let error as JSONMistakes {
                        return try JSON5Fuzz.check(["\(error)"], error.all.map(\.position), input)
                    }
                    let document = others.input(from: documents, using: &generator)
                    guard let node = try? JSONParser.parse(document) else { return }
                    let mistakes = try within(.seconds(2), "checking") { schema.mistakes(in: node, at: .root) }
                    // What a schema allows it may name.
                    if Canary.values.contains(where: { String(decoding: input, as: UTF8.self).holds($0) }) { return }
                    try JSON5Fuzz.check(mistakes.map(\.description), mistakes.map(\.position), document)
                }
        }

        private static let patterns = [
            "^[a-z][a-z0-9_-]*$", "(a|b)+c?", "\\d{1,3}(\\.\\d{1,3}){3}", "^(?:x{2,5}|[^/]+)$", "\\p{L}+", "(?i)key",
            "a{0,1000}", "[\\w.]+@x",
            "(?<name>a)\\1", "\\u00e9", "(?=a)b", "^$", "[[:alpha:]]",
        ]

        @Test("Any text is a pattern or none, at once")
        func compiling() async throws {
            let mutator = Mutator(
                tokens: [
                    "(", ")", "[", "]", "{", "}", "*", "+", "?", "|", "^", "$", "\\", "\\b", "\\p{", "{1,1000}", "(?:",
                    "(?<", "(?i)", "\\1",
                    "[^", "[:", "&&", "--", "\\Q", "\\x{", "\\N{", ".", "(?#", "(?(", "(*", "\\K", "\\X", "\\R",
                ],
                brackets: [("(", ")"), ("(?:", ")+"), ("[", "]"), ("(?=", ")"), ("(", "){2}"), ("[^", "]")],
                sizeLimit: 1000
            )
            try await Fuzzer("pattern", corpus: Self.patterns, mutator: mutator)
                .run { input, _ in
                    let text = String(decoding: input, as: UTF8.self)
                    _ = try within(.seconds(2), "compiling") { JSONSchema.Pattern(text) }
                }
        }
    }
}
