/// The fields of a service that are set and together do in place of its main key.
struct SetCredentials: Sendable {
    /// The fields, as the catalogue names them together.
    let fields: [String]

    /// The variable that each is in, and where it is set.
    let found: [(name: String, binding: KeyEnvironment.Binding)]

    /// Nil if no list of fields is complete.
    init?(of definition: ServiceDefinition, in environment: KeyEnvironment) {
        for fields in definition.credentials {
            let found = fields.compactMap { field in
                VariableLookup(definition.readVariables(of: field), in: environment).winner
            }
            guard found.count == fields.count else { continue }
            self.fields = fields
            self.found = found
            return
        }
        return nil
    }

    /// What to do with them, without a full stop.
    var hint: String {
        "read its fields \(Self.list(fields)), which are set in \(Self.list(found.map(\.name))), one by one, by "
            + "getSecret(service:field:) or --field"
    }

    private static func list(_ words: [String]) -> String {
        words.count < 2 ? words.joined() : words.dropLast().joined(separator: ", ") + " and " + words[words.count - 1]
    }
}
