import ExtensionHooks
import JSON5Syntax
import KeyHooks

// The values a manifest may hold; `plugin.schema.json` says the same for editors.

extension JSONValueReader {
    mutating func pluginID() -> HookID? {
        guard let text = string() else { return nil }
        let id = HookID(text)
        // A dash or a dot in front would read as an option or a hidden file.
        guard id.isWellFormed, id.plugin == text, text.utf8.count <= 64, text.utf8.first?.isWordByte ?? false else {
            reject("is no plugin id: use up to 64 letters, digits, '.', '_' and '-', a letter or digit first")
            return nil
        }
        return id
    }

    mutating func version() -> String? {
        guard let text = string() else { return nil }
        let isVersion =
            (1...64).contains(text.utf8.count) && text.utf8.first!.isWordByte
            && text.utf8.allSatisfy { $0.isWordByte || ".+_-".utf8.contains($0) }
        if !isVersion { reject("is no version: write one such as \"1.4.0\"") }
        return isVersion ? text : nil
    }

    /// A text for people: one line, and nothing that acts on a terminal.
    mutating func line() -> String? {
        guard let text = string() else { return nil }
        let isLine = text.unicodeScalars.count <= 200 && displayText(text, limit: .max) == text
        if !isLine { reject("expected one line of up to 200 characters, without control characters") }
        return isLine ? text : nil
    }

    mutating func entry() -> String? {
        guard let text = string() else { return nil }
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        let isInside = !parts.contains("..") && !text.hasPrefix("/")
        if !isInside {
            reject("leads out of the plugin's folder: put the executable inside, and write its path from there")
            return nil
        }
        guard let name = parts.last, !name.isEmpty, name != ".", text.unicodeScalars.count <= 1024 else {
            reject("expected the path of an executable in the plugin's folder, such as \"./my-plugin\"")
            return nil
        }
        return text
    }

    mutating func argument() -> String? {
        guard let text = string() else { return nil }
        let fits = text.unicodeScalars.count <= 4096
        if !fits { reject("an argument may have 4096 characters") }
        return fits ? text : nil
    }

    /// An array of up to 64 elements.
    mutating func list<Element>(_ decode: (inout JSONValueReader) -> Element?) -> [Element]? {
        let elements = array(decode)
        if node.elements?.count ?? 0 > 64 { reject("has more than 64 elements") }
        return elements
    }

    /// The schema of the plugin's section, and the first of its `examples`, which must fit it.
    mutating func sectionSchema() -> (schema: JSONSchema, example: JSONNode?)? {
        guard node.members != nil else {
            reject("expected a JSON Schema, found \(node.kind.typeName)")
            return nil
        }
        let schema = schema()
        if let schema, !schema.allowsType(of: JSONNode(.object([]))) {
            reject("lets no section through: a section is always an object")
        }
        guard let schema else { return nil }
        let example = node["examples"]?.elements?.first
        if let example, !schema.mistakes(in: example, at: path, matchingPatterns: false).isEmpty {
            reject("its first example does not fit it: fix the example, or the schema")
        }
        return (schema, example)
    }
}
