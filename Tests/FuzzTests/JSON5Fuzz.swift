import FuzzSupport
import JSON5Syntax
import KeyHooks
import Testing

extension Fuzzing {
    @Suite("Fuzz: JSON5 and its readers")
    struct JSON5Fuzz {
        static let tokens = [
            "{", "}", "[", "]", ",", ":", "'", "\"", "null", "true", "//", "/*", "*/", "\\\n", "\\u0041", "\\x41",
            "0x1F", ".5", "5.",
            "+1", "1e9", "a:1,", "'a':", "{a:{a:{a:", "\\", "#", "“", "-Infinity",
        ]
        static let brackets = [("[", "]"), ("{a:", "}"), ("/*", "*/"), ("\"", "\""), ("{'a':[", "]}")]

        private static let corpus =
            [
                "// all\n{a: 1, 'b': [true, null, -0x1F, .5, 1e3, NaN, +Infinity], \"c\": 'x\\\ny\\u00e9\\x41\\'', d: {e: {}},}\n",
                "[]", "{\"text\": \"plain\", \"n\": 1.5e-3, \"l\": [[], {}, \"\\ud83d\\ude00\"]}", "'\u{2028}é\u{301}'",
                "{name: 'a', ttl: '5m', count: 3, share: 0.5, on: true, kind: 'first', list: ['a', 'b'], inner: {name: 'x'}}",
            ]
            + Canary.values.map {
                "{name: ['\($0)'], ttl: \"\($0)\", count: '\($0)', inner: {kind: '\($0)'}, list: '\($0)'}"
            }

        @Test("Reading, writing, what errors say")
        func fuzz() async throws {
            let mutator = Mutator(tokens: Self.tokens + Canary.values, brackets: Self.brackets)
            try await Fuzzer("json5", corpus: Self.corpus, mutator: mutator)
                .run { input, _ in
                    let strict = try Self.read(input, .json)
                    let node = try Self.read(input, .json5)
                    if let strict { try Broken.unless(strict == node, "JSON is read otherwise as JSON5") }
                    guard let node else { return }
                    try Self.checkOutput(node)
                    var printed = "\(node) \(String(reflecting: node)) \(node.members ?? [])"
                    dump(node, to: &printed)
                    try Canary.check(printed, in: "a description", sought: Self.hidden(in: input))
                    try Self.checkReaders(node, input)
                }
        }

        private static func read(_ input: [UInt8], _ syntax: JSONParser.Syntax) throws -> JSONNode? {
            do {
                return try within(.seconds(2), "reading") { try JSONParser.parse(input, syntax: syntax) }
            } catch let error as JSONSyntaxError {
                try check(["\(error)"], [error.position], input)
                return nil
            }
        }

        private static func checkOutput(_ node: JSONNode) throws {
            guard let output = try? node.jsonBytes() else { return }
            let again = try JSONParser.parse(
                output,
                syntax: .json,
                limits: JSONParser.Limits(size: .max, keySize: .max)
            )
            try Broken.unless(again == node, "what was written is read otherwise")
            try Broken.unless(try again.jsonBytes() == output, "what was written is written otherwise")
        }

        // MARK: - Readers

        private struct Decoded: Decodable {
            struct Inner: Decodable {
                var name: String?
                var kind: Kind?
            }
            enum Kind: String, Decodable, CaseIterable { case first, second }
            var name: String?
            var ttl: Duration?
            var count: Int8?
            var share: Double?
            var on: Bool?
            var list: [String]?
            var inner: Inner?
            var kind: Kind?
        }

        private static func checkReaders(_ node: JSONNode, _ input: [UInt8]) throws {
            let readers: [(JSONNode) throws -> Void] = [
                { _ = try JSONNodeDecoder.decode(Decoded.self, from: $0, path: .root) },
                { node in _ = try JSONObjectReader.decode(node, path: .root, Self.decode) },
            ]
            for reader in readers {
                do {
                    try within(.seconds(2), "decoding") { try reader(node) }
                } catch let error as JSONMistakes {
                    let texts = error.all.map { $0.description(in: "file") } + ["\(error)"]
                    try check(texts, error.all.map(\.position), input)
                }
            }
        }

        private static func decode(_ reader: inout JSONObjectReader) -> String? {
            reader.require("name")
            _ = reader.duration("ttl")
            _ = reader.int("count", in: 1...9)
            _ = reader.double("share")
            _ = reader.stringArray("list", orSingle: true)
            _ = reader.oneOf("kind", ["first", "second"])
            _ = reader.object("inner") { $0.oneOf("kind", ["first", "second"]) }
            _ = reader.map("map") { name, value in value.object { $0.string(name) } }
            return reader.string("name")
        }

        /// What errors say of a document: no value in it, a place in it, not too much.
        static func check(_ texts: [String], _ positions: [SourcePosition], _ input: [UInt8]) throws {
            let lines = LineLengths(of: input)
            for position in positions { try lines.check(position) }
            try Canary.check(texts.joined(separator: "\n"), in: "an error", sought: hidden(in: input))
        }

        /// The canaries that nothing said of a document may show: those that are not in the name of a member.
        static func hidden(in input: [UInt8]) -> [String] {
            // An error of syntax names nothing: with a quote too few, values are names.
            guard let node = try? JSONParser.parse(input) else { return Canary.values }
            return Canary.values.filter { !node.hasInName($0) }
        }
    }
}

extension JSONNode {
    /// Whether a text is in the name of a member, where it is shown.
    func hasInName(_ text: String) -> Bool {
        switch kind {
        case .array(let elements): elements.contains { $0.hasInName(text) }
        case .object(let members): members.contains { $0.name.holds(text) || $0.value.hasInName(text) }
        default: false
        }
    }
}

/// How long the lines of a text are.
struct LineLengths {
    private var counts = [0]

    init(of text: [UInt8]) {
        for (index, byte) in text.enumerated() {
            if byte == 0x0A, index > 0, text[index - 1] == 0x0D { continue }
            if byte == 0x0A || byte == 0x0D { counts.append(0) } else { counts[counts.count - 1] += 1 }
        }
    }

    /// Throws unless it is a place in the text, or just behind the end of a line or of the text.
    func check(_ position: SourcePosition) throws(Broken) {
        let isIn =
            (1...counts.count).contains(position.line)
            && (1...counts[position.line - 1] + 1).contains(position.column)
        try Broken.unless(isIn, "a place that is not in the document", "\(position)")
    }
}
