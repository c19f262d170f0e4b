/// Decodes one value whose name or place is already known, and collects what is wrong with it.
///
/// Each method returns nil after recording a mistake, so decoding goes on and the user sees all mistakes at once.
package struct JSONValueReader: Sendable {
    /// The value.
    package let node: JSONNode
    /// Where the value is in its document.
    package let path: ConfigurationPath
    /// What was wrong so far, in the order it was found.
    package private(set) var mistakes: [ConfigurationMistake] = []

    /// The member whose value this is.
    private let member: JSONMember?

    /// Creates a reader for a value at a path.
    package init(_ node: JSONNode, path: ConfigurationPath) {
        self.node = node
        self.path = path
        member = nil
    }

    /// Creates a reader for the value of a member of the object at a path.
    package init(_ member: JSONMember, in path: ConfigurationPath) {
        node = member.value
        self.path = path.appending(member.name)
        self.member = member
    }

    /// Records a mistake about the value, in words that do not contain it.
    package mutating func reject(_ message: String, suggestion: String? = nil) {
        mistakes.append(
            ConfigurationMistake(
                path: path.description,
                position: node.position,
                message: message,
                suggestion: suggestion
            )
        )
    }

    /// Records a mistake about the value's name, for maps whose names are not free after all.
    ///
    /// The most similar of the known names is suggested.
    package mutating func rejectName(_ message: String, known: [String] = []) {
        mistakes.append(
            ConfigurationMistake(
                path: path.description,
                position: member?.position ?? node.position,
                message: message,
                suggestion: member.flatMap { closestMatch(to: $0.name, among: known) }
            )
        )
    }

    /// Records that the value has the wrong type.
    mutating func rejectType(expecting what: String) {
        reject("expected \(what), found \(node.kind.typeName)")
    }

    /// Records that the value has the wrong type, and returns nil.
    mutating func expected<Value>(_ what: String) -> Value? {
        rejectType(expecting: what)
        return nil
    }

    /// Takes over the mistakes of a reader inside this one.
    mutating func adopt(_ others: [ConfigurationMistake]) { mistakes += others }
}
