package import JSON5Syntax

/// What a secret holds: one text, or texts under the names of fields.
///
/// It is kept as the store gave it, byte for byte: blanks, quotes, `True`, `1.50` and numbers of any length mean
/// nothing here, so that what is read twice is the same twice. It prints, reflects and dumps as redacted.
public struct SecretContent: Sendable {
    /// How it is stored.
    package enum Form: Sendable {
        case text(String)
        /// An object, with numbers as they were written.
        case fields(JSONNode)
    }

    package let form: Form

    /// The field in which the store keeps the one text; nil for none.
    private var textField: String?

    /// Whether the store keeps fields as a JSON text, so that it can't tell one from the other.
    private var isOfJSONStore = false

    package init(_ form: Form) {
        self.form = form
    }

    /// What a store holds that knows texts only, and keeps fields as a JSON object in one.
    package init(ofJSONStore text: String) {
        form = .text(text)
        isOfJSONStore = true
    }

    /// What a store holds that knows fields only, and keeps one text in a field of its own.
    package init(storedAs fields: JSONNode, textIn textField: String) {
        if fields.members?.count == 1, let text = fields[textField]?.string {
            form = .text(text)
            self.textField = textField
        } else {
            form = .fields(fields)
        }
    }

    /// What such a store is to hold.
    package func node(textIn textField: String) -> JSONNode {
        switch form {
        case .text(let text): JSONNode(.object([JSONMember(textField, .string(text))]))
        case .fields(let node): node
        }
    }

    /// One text.
    ///
    /// - Parameter text: The text; a JSON document is a text too, and keeps every byte.
    /// - Returns: The content.
    public static func text(_ text: String) -> Self { Self(.text(text)) }

    /// Texts under the names of fields.
    ///
    /// - Parameter fields: The texts.
    /// - Returns: The content.
    public static func fields(_ fields: [String: String]) -> Self {
        Self(
            .fields(JSONNode(.object(fields.sorted { $0.key < $1.key }.map { JSONMember($0.key, .string($0.value)) })))
        )
    }

    /// The text; nil if there are fields.
    ///
    /// Every read makes a copy that is not overwritten when it is released.
    public var text: String? {
        if case .text(let text) = form { text } else { nil }
    }

    /// The names of the fields, in the order of the store; nil if there is one text.
    ///
    /// A text that is a JSON object has no fields by itself: ``subscript(_:)`` finds them all the same.
    public var fieldNames: [String]? {
        if case .fields(let node) = form { node.members?.map(\.name) } else { nil }
    }

    /// What a field holds: a text as it is, and everything else as JSON, with numbers as they were written.
    ///
    /// - Parameter field: The name of a field, of the secret or of the JSON object that its text is.
    /// - Returns: The value; nil if there is no such field, or if it is null.
    public subscript(field: String) -> String? {
        guard let node = fields?[field] else { return nil }
        switch node.kind {
        case .null: return nil
        case .string(let text): return text
        default: return (try? node.jsonBytes()).map { String(decoding: $0, as: UTF8.self) }
        }
    }

    /// The fields as an object, those of a text that is one included; nil for any other text.
    package var object: JSONNode? {
        switch form {
        case .fields(let node): return node
        case .text(let text):
            guard text.utf8.first(where: { $0 > 0x20 }) == UInt8(ascii: "{") else { return nil }
            return try? JSONParser.parse(text.utf8, syntax: .jsonKeepingNumbers)
        }
    }

    /// Where values are looked for: ``object``, and the text under the name of the store's field for it.
    package var fields: JSONNode? {
        guard let textField, let text else { return object }
        let members = object?.members ?? []
        if members.contains(where: { $0.name.hasSameBytes(as: textField) }) { return object }
        return JSONNode(.object(members + [JSONMember(textField, .string(text))]))
    }

    /// The same with one field put in the place of what it held, or added.
    ///
    /// - Parameters:
    ///   - field: The name of the field.
    ///   - value: What it is to hold.
    /// - Returns: The content, as fields or as a JSON text as before; nil for a text that isn't a JSON object.
    public func replacing(_ field: String, with value: String) -> SecretContent? {
        changed { members in
            let member = JSONMember(field, .string(value))
            guard let index = members.firstIndex(where: { $0.name.hasSameBytes(as: field) }) else {
                return members.append(member)
            }
            members[index] = member
        }
    }

    /// The same without one field; nil for a text that isn't a JSON object.
    ///
    /// - Parameter field: The name of the field.
    /// - Returns: The content without it.
    public func removing(_ field: String) -> SecretContent? {
        changed { members in members.removeAll { $0.name.hasSameBytes(as: field) } }
    }

    private func changed(_ change: (inout [JSONMember]) -> Void) -> SecretContent? {
        guard var members = (object ?? fields)?.members else { return nil }
        let isText = object != nil
        change(&members)
        let node = JSONNode(.object(members))
        if case .fields = form { return SecretContent(.fields(node)) }
        if let textField, !isText { return SecretContent(storedAs: node, textIn: textField) }
        return (try? node.jsonBytes()).map { .text(String(decoding: $0, as: UTF8.self)) }
    }
}

extension SecretContent: Equatable {
    /// Compares in a time that depends on the lengths only; fields may stand in any order, at every depth.
    public static func == (left: SecretContent, right: SecretContent) -> Bool {
        // What was written as a field is read back as the text that the store has in it.
        if let name = left.textField ?? right.textField, (left.text == nil) != (right.text == nil) {
            return SecretContent(.fields(left.node(textIn: name))) == SecretContent(.fields(right.node(textIn: name)))
        }
        if left.isOfJSONStore || right.isOfJSONStore, (left.text == nil) != (right.text == nil) {
            guard let fields = left.object, let others = right.object else { return false }
            return SecretContent(.fields(fields)) == SecretContent(.fields(others))
        }
        guard (left.text == nil) == (right.text == nil) else { return false }
        return KeyBytes(left.canonical).isEqualInConstantTime(to: KeyBytes(right.canonical))
    }

    private var canonical: String {
        switch form {
        case .text(let text): return text
        case .fields(let node):
            return String(decoding: (try? node.inOrder.jsonBytes()) ?? [], as: UTF8.self)
        }
    }
}

extension JSONNode {
    /// The same with the members of all objects in the order of their names.
    fileprivate var inOrder: JSONNode {
        if let elements { return JSONNode(.array(elements.map(\.inOrder))) }
        guard let members else { return self }
        let sorted = members.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        return JSONNode(.object(sorted.map { JSONMember($0.name, $0.value.inOrder) }))
    }
}

extension SecretContent: CustomStringConvertible {
    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public var description: String { "SecretContent(redacted)" }
}

extension SecretContent: CustomReflectable {
    /// Has no children, so that nothing that walks mirrors finds a value.
    public var customMirror: Mirror { Mirror(self, children: EmptyCollection<Mirror.Child>()) }
}
