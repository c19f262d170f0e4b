import JSON5Syntax
package import KeyHooks

/// What a plugin that is a secret manager says of that.
package struct PluginSecrets: Hashable, Sendable, Codable {
    /// What it can do; reading is always among it.
    package let operations: Set<SecretOperation>

    /// The parameters that its calls take, which are those of its store, such as `namespace`.
    package let parameters: Set<String>

    /// Whether it can do something: what changes secrets goes with writing.
    package func offers(_ operation: SecretOperation) -> Bool {
        switch operation {
        case .checkAndSet, .rotate: operations.isSuperset(of: [operation, .write])
        default: operations.contains(operation)
        }
    }

    /// All that it can do, in one order.
    package var offered: [SecretOperation] { SecretOperation.allCases.filter(offers) }

    /// Reads what stands under `secrets` in a manifest.
    init(from reader: inout JSONObjectReader) {
        operations = Set(reader.array("operations") { $0.oneOf(SecretOperation.self) } ?? []).union([.read])
        parameters = Set(reader.read("parameters") { $0.list { $0.variableName() } } ?? [])
    }
}
