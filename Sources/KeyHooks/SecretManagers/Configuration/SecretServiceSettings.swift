package import JSON5Syntax

/// What the configuration says of one service's secret in a manager: beside `source`, or under the manager's name.
package struct SecretServiceSettings: Sendable {
    static let words = ["secret", "field", "version", "parameters"]

    package var template: PathTemplate?
    package var field: String?
    package var version: String?
    package var parameters: [String: String]?

    /// Nothing is said.
    package init() {}

    /// Reads it; what is wrong is in the reader.
    package init(from reader: inout JSONObjectReader) {
        template = reader.read("secret") { $0.secretTemplate() }
        field = reader.read("field") { $0.secretField() }
        version = reader.string("version")
        parameters = reader.read("parameters") { $0.texts() }
    }
}

extension JSONValueReader {
    /// The name of a secret with parts of the request in it.
    mutating func secretTemplate() -> PathTemplate? {
        string()
            .flatMap { text in checked { () throws(KeyResolutionError) in try PathTemplate(text, setting: "secret") } }
    }

    /// The name of a field, or a JSON pointer.
    mutating func secretField() -> String? {
        string()
            .flatMap { text in
                checked { () throws(KeyResolutionError) in
                    try SecretFields.validate(text)
                    return text
                }
            }
    }

    /// Texts by free names.
    mutating func texts() -> [String: String]? {
        map { $1.string() }.map { Dictionary($0.map { ($0.name, $0.value) }) { first, _ in first } }
    }

    private mutating func checked<Value>(_ body: () throws(KeyResolutionError) -> Value) -> Value? {
        do throws(KeyResolutionError) {
            return try body()
        } catch {
            reject("\(error.message): \(error.remedy)")
            return nil
        }
    }
}

extension SecretServiceSettings {
    /// What is wrong with what is said to a manager of one service.
    static func mistakes(in section: JSONNode, at path: NodePath) -> [JSONMistake] {
        var reader = JSONObjectReader(section, path: path)
        _ = SecretServiceSettings(from: &reader)
        return reader.finish()
    }
}
