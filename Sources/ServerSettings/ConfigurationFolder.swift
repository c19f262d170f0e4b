package import JSON5Syntax
package import KeyHooks

/// The folder of a configuration file, which relative paths in it count from.
package struct ConfigurationFolder: Sendable {
    private let folder: String?

    package init(of configuration: KeyConfiguration) {
        folder = configuration.path.map { WrittenPath.folder(ofFile: $0) }
    }

    /// The path as the process finds it; `~/` stays as it is.
    package func path(_ path: String) -> String { folder.map { WrittenPath.counted(path, from: $0) } ?? path }

    package func reference(_ reference: SecretReference) -> SecretReference {
        if case .file(let path) = reference.place { .file(self.path(path)) } else { reference }
    }
}

extension JSONValueReader {
    /// What a text is taken for; nil, after saying what was expected, if it isn't fit.
    package mutating func text<Value>(_ expected: String, _ read: (String) -> Value?) -> Value? {
        guard let text = string() else { return nil }
        let value = read(text)
        if value == nil { reject(expected) }
        return value
    }

    /// What is made of a text; what is wrong with it is reported with its place.
    package mutating func made<Value>(_ make: (String) throws -> Value) -> Value? {
        guard let text = string() else { return nil }
        do {
            return try make(text)
        } catch {
            reject((error as? KeyResolutionError).map { "\($0.message): \($0.remedy)" } ?? "is not valid")
            return nil
        }
    }

    /// A text that a check passes.
    package mutating func checked(_ check: (String) throws -> Void) -> String? {
        made { text in
            try check(text)
            return text
        }
    }
}
