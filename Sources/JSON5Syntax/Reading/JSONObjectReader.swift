/// Decodes an object with known keys and collects everything that is wrong with it.
///
/// ```swift
/// let settings = try JSONObjectReader.decode(JSONParser.parse(bytes), path: .root) { reader in
///     Settings(
///         precedence: reader.oneOf("envPrecedence", ["process", "files"]) ?? "process",
///         providers: reader.map("providers") { name, value in value.object { Provider(name, &$0) } } ?? []
///     )
/// }
/// ```
package struct JSONObjectReader: Sendable {
    /// Where the object is in its document.
    package let path: NodePath
    /// Where the object begins.
    package let position: SourcePosition
    /// Whether the value is an object; if it is not, that is recorded and all keys are absent.
    package let isObject: Bool
    /// What was wrong so far, in the order it was found.
    package private(set) var mistakes: [JSONMistake] = []

    private let members: [JSONMember]
    /// Where each member is, if there are many.
    private let index: [ExactText: Int]
    private var known: Set<ExactText> = []
    private var isFinished = false

    /// Creates a reader for a value that should be an object.
    package init(_ node: JSONNode, path: NodePath) {
        self.path = path
        position = node.position
        members = node.members ?? []
        index = members.count > 16 ? members.indexByName : [:]
        isObject = node.members != nil
        if !isObject {
            var reader = JSONValueReader(node, path: path)
            reader.rejectType(expecting: "an object")
            mistakes = reader.mistakes
        }
    }

    /// The names of the members, in the order they were written.
    package var names: [String] { members.map(\.name) }

    /// Marks a key as known and returns its value, or nil when it is absent.
    package mutating func value(_ key: String) -> JSONNode? { member(key)?.value }

    /// The value under a key, which stays as unknown as it is.
    package func value(asIsOf key: String) -> JSONNode? { find(key)?.value }

    /// Marks keys as known without reading them.
    package mutating func ignore(_ keys: String...) { ignore(keys) }

    /// Marks keys as known without reading them.
    package mutating func ignore(_ keys: [String]) { known.formUnion(keys.map(ExactText.init)) }

    /// Marks keys as known and records a mistake for each that is absent.
    package mutating func require(_ keys: String...) {
        for key in keys where member(key) == nil && isObject {
            record("a required key is missing", at: key, position)
        }
    }

    /// Records a mistake about a key's value, or about the object where the key is absent.
    ///
    /// The message must not contain the value.
    package mutating func reject(_ key: String, _ message: String, suggestion: String? = nil) {
        record(message, at: key, member(key)?.value.position ?? position, suggestion)
    }

    /// Records a mistake about a key's name, and marks the key as known.
    package mutating func rejectName(_ key: String, _ message: String, suggestion: String? = nil) {
        guard let member = member(key) else { return }
        record(message, at: key, member.position, suggestion)
    }

    /// Marks a key as known and decodes its value, also where the key is misspelt and so a mistake.
    ///
    /// What is wrong below a misspelt key is found with it then.
    ///
    /// - Parameters:
    ///   - key: The key.
    ///   - others: The other keys that are known here.
    ///   - decode: Decodes the value.
    /// - Returns: What it came to; nil when the key is absent.
    package mutating func readMisspelt<Value>(
        _ key: String,
        besides others: [String],
        _ decode: (inout JSONValueReader) -> Value?
    ) -> Value? {
        if let value = read(key, decode) { return value }
        let known = others + [key]
        guard member(key) == nil,
            let name = names.first(where: { name in
                !known.contains(name) && value(asIsOf: name)?.members != nil
                    && (path.vocabulary.meaning(of: name, among: known) ?? closestMatch(to: name, among: known)) == key
            })
        else { return nil }
        rejectName(name, "unknown key", suggestion: key)
        return read(name, decode)
    }

    /// Marks a key as known and decodes its value by a closure; nil when the key is absent.
    package mutating func read<Value>(_ key: String, _ decode: (inout JSONValueReader) -> Value?) -> Value? {
        guard let member = member(key) else { return nil }
        var reader = JSONValueReader(member, in: path)
        let value = decode(&reader)
        mistakes += reader.mistakes
        return value
    }

    /// Records every member nobody asked for as unknown, and returns all mistakes as they come in the file.
    @discardableResult
    package mutating func finish() -> [JSONMistake] {
        if !isFinished {
            isFinished = true
            let absent = known.subtracting(members.map { ExactText($0.name) }).map(\.text)
            let all = known.map(\.text)
            for member in members where !known.contains(ExactText(member.name)) {
                // A key that is not there yet is the likelier one to be misspelt.
                mistakes.append(JSONMistake(unknown: member, at: path, known: absent, all))
            }
            mistakes.sort()
        }
        return mistakes
    }

    private mutating func member(_ key: String) -> JSONMember? {
        known.insert(ExactText(key))
        return find(key)
    }

    private func find(_ key: String) -> JSONMember? {
        guard index.isEmpty else { return index[ExactText(key)].map { members[$0] } }
        return members.first { $0.name.hasSameBytes(as: key) }
    }

    private mutating func record(
        _ message: String,
        at key: String,
        _ position: SourcePosition,
        _ suggestion: String? = nil
    ) {
        let path = path.appending(key).description
        mistakes.append(
            JSONMistake(path: path, position: position, message: message, suggestion: suggestion)
        )
    }
}

extension JSONObjectReader {
    /// Decodes a value that should be an object by a closure.
    ///
    /// - Parameters:
    ///   - node: The value.
    ///   - path: Where the value is, when it is a section of a larger document.
    ///   - decode: Reads the keys it knows; all others are mistakes.
    /// - Returns: What the closure returned.
    /// - Throws: All mistakes in the value.
    package static func decode<Value>(
        _ node: JSONNode,
        path: NodePath,
        _ decode: (inout JSONObjectReader) -> Value
    ) throws(JSONMistakes) -> Value {
        var reader = JSONObjectReader(node, path: path)
        let value = decode(&reader)
        let mistakes = reader.finish()
        guard mistakes.isEmpty else { throw JSONMistakes(mistakes) }
        return value
    }
}

extension JSONObjectReader: ValueFree {
    /// The path of the object, never its values.
    package var description: String { "<reader of an object at \(position)>" }
}

// The everyday calls: each marks its key as known and returns nil when the key is absent or its value is wrong.

extension JSONObjectReader {
    /// The string under a key.
    package mutating func string(_ key: String) -> String? { read(key) { $0.string() } }

    /// The boolean under a key.
    package mutating func bool(_ key: String) -> Bool? { read(key) { $0.bool() } }

    /// The whole number under a key, within a range.
    package mutating func int(_ key: String, in range: ClosedRange<Int> = .min ... .max) -> Int? {
        read(key) { $0.int(in: range) }
    }

    /// The finite number under a key.
    package mutating func double(_ key: String) -> Double? { read(key) { $0.double() } }

    /// The duration under a key, such as `30s`.
    package mutating func duration(_ key: String) -> Duration? { read(key) { $0.duration() } }

    /// The array of strings under a key, optionally written as one string.
    package mutating func stringArray(_ key: String, orSingle: Bool = false) -> [String]? {
        read(key) { $0.stringArray(orSingle: orSingle) }
    }

    /// The word under a key, one of several.
    package mutating func oneOf(_ key: String, _ words: [String]) -> String? { read(key) { $0.oneOf(words) } }

    /// The word under a key as a case of an enumeration.
    package mutating func oneOf<Choice>(_ key: String, _ type: Choice.Type) -> Choice?
    where Choice: RawRepresentable<String> & CaseIterable {
        read(key) { $0.oneOf(type) }
    }

    /// The array under a key, each element decoded by a closure; nil when one of them is wrong.
    package mutating func array<Element>(
        _ key: String,
        orSingle: Bool = false,
        _ decode: (inout JSONValueReader) -> Element?
    ) -> [Element]? {
        read(key) { $0.array(orSingle: orSingle, decode) }
    }

    /// The object with known keys under a key, decoded by a closure.
    package mutating func object<Value>(
        _ key: String,
        _ decode: (inout JSONObjectReader) -> Value?
    ) -> Value? {
        read(key) { $0.object(decode) }
    }

    /// The object with free keys under a key, each member decoded by a closure, in the order they were written.
    package mutating func map<Value>(
        _ key: String,
        _ decode: (_ name: String, inout JSONValueReader) -> Value?
    ) -> [(name: String, value: Value)]? {
        read(key) { $0.map(decode) }
    }
}
