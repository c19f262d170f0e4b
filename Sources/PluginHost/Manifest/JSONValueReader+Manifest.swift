import JSON5Syntax
import KeyHooks

// The values a manifest may hold; `plugin.schema.json` says the same for editors.

extension PluginID {
    /// Whether a dropped-in plugin may be called so; a dash or a dot in front would read as an option or a hidden file.
    package var isPluginID: Bool {
        isWellFormed && rawValue.utf8.count <= 64 && rawValue.utf8.first?.isWordByte ?? false
    }
}

extension JSONValueReader {
    mutating func pluginID() -> PluginID? {
        text("isn't a valid plugin id: use up to 64 letters, digits, '.', '_' and '-', a letter or digit first") {
            PluginID($0).isPluginID
        }
        .map { PluginID($0) }
    }

    /// A text that is accepted; nil after rejecting another.
    private mutating func text(_ complaint: String, if isAccepted: (String) -> Bool) -> String? {
        guard let text = string() else { return nil }
        if isAccepted(text) { return text }
        reject(complaint)
        return nil
    }

    mutating func version() -> String? {
        text("is no version: write one such as \"1.4.0\"") { text in
            (1...64).contains(text.utf8.count) && text.utf8.first!.isWordByte
                && text.utf8.allSatisfy { $0.isWordByte || ".+_-".utf8.contains($0) }
        }
    }

    /// A text for people: one line, and nothing that acts on a terminal.
    mutating func line() -> String? {
        text("expected one line of up to 200 characters, without control characters") { text in
            text.unicodeScalars.count <= 200 && displayText(text, limit: .max) == text
        }
    }

    mutating func entry() -> String? {
        guard let text = string() else { return nil }
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        if parts.contains("..") || text.hasPrefix("/") {
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
        text("an argument may have 4096 characters") { $0.unicodeScalars.count <= 4096 }
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

extension JSONValueReader {
    /// The value as the hooks of a plugin.
    mutating func hooks(of plugin: PluginID) -> [PluginManifest.Hook]? {
        var taken: [String: Int] = [:]
        let hooks = list { $0.object { $0.hook(of: plugin, taken: &taken) } }
        return filled(hooks, or: "expected at least one hook: a plugin without one is never asked")
    }

    /// A list that is not empty; nil after rejecting one that is.
    private mutating func filled<Element>(_ list: [Element]?, or complaint: String) -> [Element]? {
        guard let list, list.isEmpty else { return list }
        reject(complaint)
        return nil
    }

    fileprivate mutating func servicePatterns() -> [String]? {
        filled(array { $0.servicePattern() }, or: "names no service: leave it out to mean all")
    }

    private mutating func servicePattern() -> String? {
        text("isn't a valid service id or pattern: use letters, digits, '-', '.', '_' and '*'") { text in
            // Service ids are spelt freely; what they are made of is not free.
            text.utf8.count <= 128 && text.utf8.allSatisfy { $0.isWordByte || "*._ -".utf8.contains($0) }
                && text.utf8.contains { $0.isWordByte || $0 == UInt8(ascii: "*") }
        }
    }
}

extension JSONObjectReader {
    fileprivate mutating func hook(of plugin: PluginID, taken: inout [String: Int]) -> PluginManifest.Hook? {
        require("point", "phase")
        let point = oneOf("point", PluginManifest.Hook.Point.self)
        let phase = oneOf("phase", PluginRequest.Phase.self)
        let services = read("services") { $0.servicePatterns() }
        let priority = int("priority", in: -1_000_000...1_000_000) ?? 100
        let before = array("before") { $0.hookID() } ?? []
        let after = array("after") { $0.hookID() } ?? []
        let wantsValues = bool("values") ?? false
        guard let point, let phase else { return nil }
        if wantsValues, phase == .start { reject("values", "there are none before the call: leave it out") }
        let name = "\(point.rawValue).\(phase)"
        let count = taken[name, default: 0] + 1
        taken[name] = count
        return PluginManifest.Hook(
            id: HookID("\(plugin)/\(name)\(count > 1 ? ".\(count)" : "")"),
            point: point,
            phase: phase,
            services: services,
            priority: priority,
            before: before,
            after: after,
            wantsValues: wantsValues
        )
    }
}
