import KeyHooks

/// What a JSON value must look like: the part of JSON Schema (2020-12) that the configuration of a plugin needs.
///
/// Every keyword is either understood, or known to say nothing about validity (`title`, `description`, `default` and
/// their like), or a mistake: a keyword that is passed over in silence lets bad configurations through.
package struct JSONSchema: Sendable, Hashable {
    /// What must hold, each on its own; none let anything through.
    let rules: [SchemaRule]

    /// Lets any value through.
    static let anything = JSONSchema(rules: [])

    /// Lets no value through.
    static let nothing = JSONSchema(rules: [.never])
}

/// One thing that a value must fulfil.
indirect enum SchemaRule: Sendable, Hashable {
    /// No value fulfils it.
    case never
    /// The value has one of these types.
    case type([SchemaType])
    /// The value is one of these; `enum` and `const`.
    case values([JSONNode])
    /// An object has these members.
    case members(SchemaMembers)
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
struct SchemaMembers: Sendable, Hashable {
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
