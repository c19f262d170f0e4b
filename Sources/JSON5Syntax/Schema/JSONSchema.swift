/// What a JSON value must look like: the part of JSON Schema (2020-12) that the configuration of a plugin needs.
///
/// Every keyword is either understood, or known to say nothing about validity (`title`, `description`, `default` and
/// their like), or a mistake: a keyword that is passed over in silence lets bad configurations through.
package struct JSONSchema: Sendable, Hashable {
    /// What must hold, each on its own; none let anything through.
    let rules: [Rule]

    /// Lets any value through.
    static let anything = JSONSchema(rules: [])

    /// Lets no value through.
    static let nothing = JSONSchema(rules: [.never])
}

extension JSONSchema {
    /// One thing that a value must fulfil.
    indirect enum Rule: Sendable, Hashable {
        /// No value fulfils it.
        case never
        /// The value has one of these types.
        case type([ValueType])
        /// The value is one of these; `enum` and `const`.
        case values([JSONNode])
        /// An object has these members.
        case members(Members)
        /// Each element of an array fulfils a schema.
        case items(JSONSchema)
        /// An array has so many elements.
        case itemCount(minimum: Int?, maximum: Int?)
        /// A text has so many characters, counted as Unicode scalars.
        case length(minimum: Int?, maximum: Int?)
        /// A regular expression matches somewhere in a text.
        case pattern(String)
        /// A number lies between these, both included.
        case range(minimum: Double?, maximum: Double?)
        /// At least one of these schemas is fulfilled.
        case anyOf([JSONSchema])
        /// Exactly one of these schemas is fulfilled.
        case oneOf([JSONSchema])
    }

    /// The members of an object.
    struct Members: Sendable, Hashable {
        struct Property: Sendable, Hashable {
            let name: String
            let schema: JSONSchema
        }

        var properties: [Property] = []
        var required: [String] = []
        /// What members without a property must fulfil; nil for anything.
        var additional: JSONSchema?
        /// What the names of all members must fulfil; nil for anything.
        var names: JSONSchema?
    }

    /// The types a schema tells apart.
    enum ValueType: String, Sendable, CaseIterable {
        case null, boolean, number, integer, string, array, object

        /// Whether a value has the type; infinities and NaN, which only JSON5 can write, have none.
        func includes(_ node: JSONNode) -> Bool {
            switch (self, node.kind) {
            case (.null, .null), (.boolean, .bool), (.string, .string), (.array, .array), (.object, .object): true
            case (.number, .number(let number)): number.double.isFinite
            case (.integer, .number(.integer)): true
            case (.integer, .number(.double(let value))): value.isFinite && value == value.rounded()
            default: false
            }
        }

        /// The type with its article, for messages.
        var wording: String {
            switch self {
            case .null: "null"
            case .boolean: "true or false"
            case .number: "a number"
            case .integer: "a whole number"
            case .string: "a string"
            case .array: "an array"
            case .object: "an object"
            }
        }
    }

    /// A regular expression as a schema means it: found anywhere in the text, with ASCII classes, over Unicode scalars.
    ///
    /// `Regex` is not `Sendable`, so schemas keep the text and make the expression when it is needed.
    struct Pattern {
        private let regex: Regex<AnyRegexOutput>

        /// Compiles an expression; nil if it is none.
        init?(_ text: String) {
            guard let regex = try? Regex(text) else { return nil }
            self.regex = regex.matchingSemantics(.unicodeScalar).asciiOnlyCharacterClasses()
        }

        func matches(_ text: String) -> Bool {
            // An expression that gives up, as one that needs too much memory would, has not matched.
            ((try? regex.firstMatch(in: text)) ?? nil) != nil
        }
    }
}

extension JSONNode {
    /// Whether two values are the same JSON: the order of members and the way a number is written do not count.
    func isSameJSON(as other: JSONNode) -> Bool {
        switch (kind, other.kind) {
        case (.number(.integer(let left)), .number(.integer(let right))): left == right
        case (.number(let left), .number(let right)): left.double == right.double
        case (.array(let left), .array(let right)):
            left.count == right.count && zip(left, right).allSatisfy { $0.isSameJSON(as: $1) }
        case (.object(let left), .object(let right)):
            left.count == right.count
                && left.allSatisfy { member in other[member.name]?.isSameJSON(as: member.value) ?? false }
        default: kind == other.kind
        }
    }
}

extension JSONSchema {
    /// Reads a schema that stands in a document of its own.
    ///
    /// - Parameters:
    ///   - bytes: The document as UTF-8.
    ///   - path: The root, with the vocabulary to read the document by.
    /// - Returns: The schema.
    /// - Throws: All mistakes, keywords that are not supported among them.
    package static func parse(_ bytes: some Collection<UInt8>, path: NodePath) throws(JSONMistakes) -> JSONSchema {
        let node: JSONNode
        do {
            node = try JSONParser.parse(bytes)
        } catch {
            throw JSONMistakes([JSONMistake(error)])
        }
        return try JSONObjectReader.decode(node, path: path) { $0.schema() }
    }
}

extension JSONValueReader {
    /// The value as a schema; `true` lets anything through and `false` nothing.
    package mutating func schema() -> JSONSchema? {
        if case .bool(let isAllowed) = node.kind { return isAllowed ? .anything : .nothing }
        return object { $0.schema() }
    }

    /// The value as the list of schemas under `anyOf` or `oneOf`.
    fileprivate mutating func schemas() -> [JSONSchema]? {
        let schemas = array { $0.schema() }
        if let schemas, schemas.isEmpty { reject("expected at least one schema") }
        return schemas
    }

    fileprivate mutating func schemaTypes() -> [JSONSchema.ValueType]? {
        if case .string = node.kind { return oneOf(JSONSchema.ValueType.self).map { [$0] } }
        guard node.elements != nil else { return rejected("expected the name of a type or an array of them") }
        return array { $0.oneOf(JSONSchema.ValueType.self) }
    }

    fileprivate mutating func pattern() -> String? {
        guard let text = string() else { return nil }
        // The longest is far above what configurations need and far below what strains the compiler of expressions.
        guard text.utf8.count <= 1000, JSONSchema.Pattern(text) != nil else {
            return rejected("is no regular expression that can be used here: fix or shorten it")
        }
        return text
    }
}

extension JSONObjectReader {
    /// The object as a schema.
    fileprivate mutating func schema() -> JSONSchema {
        for keyword in annotations { ignore(keyword) }
        for keyword in unsupported where names.contains(keyword) {
            reject(keyword, "this keyword of JSON Schema is not supported here: leave it out")
        }
        // The type comes first: where it is wrong the other rules have nothing to add.
        var rules: [JSONSchema.Rule] = read("type") { $0.schemaTypes() }.map { [.type($0)] } ?? []
        if let values = array("enum", { $0.node }) { rules.append(.values(values)) }
        if let value = value("const") { rules.append(.values([value])) }
        if let members = schemaMembers() { rules.append(.members(members)) }
        if let items = read("items", { $0.schema() }) { rules.append(.items(items)) }
        if let (minimum, maximum) = bounds("minItems", "maxItems", { $0.int($1, in: 0...Int.max) }) {
            rules.append(.itemCount(minimum: minimum, maximum: maximum))
        }
        if let (minimum, maximum) = bounds("minLength", "maxLength", { $0.int($1, in: 0...Int.max) }) {
            rules.append(.length(minimum: minimum, maximum: maximum))
        }
        if let pattern = read("pattern", { $0.pattern() }) { rules.append(.pattern(pattern)) }
        if let (minimum, maximum) = bounds("minimum", "maximum", { $0.double($1) }) {
            rules.append(.range(minimum: minimum, maximum: maximum))
        }
        if let schemas = read("anyOf", { $0.schemas() }) { rules.append(.anyOf(schemas)) }
        if let schemas = read("oneOf", { $0.schemas() }) { rules.append(.oneOf(schemas)) }
        return JSONSchema(rules: rules)
    }

    private mutating func schemaMembers() -> JSONSchema.Members? {
        let properties = map("properties") { name, value in
            value.schema().map { JSONSchema.Members.Property(name: name, schema: $0) }
        }
        let required = stringArray("required")
        let additional = read("additionalProperties") { $0.schema() }
        let memberNames = read("propertyNames") { $0.schema() }
        guard properties != nil || required != nil || additional != nil || memberNames != nil else { return nil }
        return JSONSchema.Members(
            properties: properties?.map(\.value) ?? [],
            required: required ?? [],
            additional: additional,
            names: memberNames
        )
    }

    /// Two bounds, or nil if there is neither; a lower one above the upper one is a mistake.
    private mutating func bounds<Bound: Comparable>(
        _ lower: String,
        _ upper: String,
        _ read: (inout JSONObjectReader, String) -> Bound?
    ) -> (Bound?, Bound?)? {
        let bounds = (read(&self, lower), read(&self, upper))
        if let minimum = bounds.0, let maximum = bounds.1, minimum > maximum {
            reject(lower, "is more than '\(upper)', so that nothing fits")
        }
        return bounds.0 == nil && bounds.1 == nil ? nil : bounds
    }
}

/// Keywords that say nothing about which values are valid.
private let annotations = [
    "$schema", "$id", "$comment", "title", "description", "default", "examples", "deprecated", "readOnly", "writeOnly",
]

/// Keywords of JSON Schema, which are distinguished from misspelt ones.
private let unsupported = [
    "$ref", "$defs", "$anchor", "$dynamicRef", "$dynamicAnchor", "$vocabulary", "allOf", "not", "if", "then", "else",
    "dependentSchemas", "dependentRequired", "prefixItems", "contains", "minContains", "maxContains", "uniqueItems",
    "patternProperties", "minProperties", "maxProperties", "unevaluatedItems", "format",
    "unevaluatedProperties", "multipleOf", "exclusiveMinimum", "exclusiveMaximum", "contentEncoding",
    "contentMediaType", "contentSchema", "definitions", "dependencies", "additionalItems",
]
