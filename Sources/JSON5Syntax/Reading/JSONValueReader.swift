/// Decodes one value whose name or place is already known, and collects what is wrong with it.
///
/// Each method returns nil after recording a mistake, so decoding goes on and the user sees all mistakes at once.
package struct JSONValueReader: Sendable {
    /// The value.
    package let node: JSONNode
    /// Where the value is in its document.
    package let path: NodePath
    /// What was wrong so far, in the order it was found.
    package private(set) var mistakes: [JSONMistake] = []

    /// The member whose value this is.
    private let member: JSONMember?

    /// Creates a reader for a value at a path.
    package init(_ node: JSONNode, path: NodePath) {
        self.node = node
        self.path = path
        member = nil
    }

    /// Creates a reader for the value of a member of the object at a path.
    package init(_ member: JSONMember, in path: NodePath) {
        node = member.value
        self.path = path.appending(member.name)
        self.member = member
    }

    /// Records a mistake about the value, in words that do not contain it.
    package mutating func reject(_ message: String, suggestion: String? = nil) {
        record(message, at: node.position, suggestion)
    }

    /// Records a mistake about the value's name, for maps whose names are not free after all.
    ///
    /// The most similar of the known names is suggested.
    package mutating func rejectName(_ message: String, known: [String] = []) {
        let suggestion = member.flatMap { closestMatch(to: $0.name, among: known) }
        record(message, at: member?.position ?? node.position, suggestion)
    }

    private mutating func record(_ message: String, at position: SourcePosition, _ suggestion: String?) {
        let path = path.description
        mistakes.append(JSONMistake(path: path, position: position, message: message, suggestion: suggestion))
    }

    /// Records that the value has the wrong type.
    package mutating func rejectType(expecting what: String) {
        reject("expected \(what), found \(node.kind.typeName)")
    }

    /// Records that the value has the wrong type, and returns nil.
    mutating func expected<Value>(_ what: String) -> Value? {
        rejected("expected \(what), found \(node.kind.typeName)")
    }

    /// Records a mistake about the value; nil, for whoever has to return one.
    mutating func rejected<Value>(_ message: String, suggestion: String? = nil) -> Value? {
        reject(message, suggestion: suggestion)
        return nil
    }

}

// MARK: - Scalars

extension JSONValueReader {
    /// The value as a string.
    ///
    /// NUL is refused: no setting needs it, and C interfaces would cut the text there.
    package mutating func string() -> String? { text(expecting: "a string") }

    /// The value as a boolean.
    package mutating func bool() -> Bool? {
        guard case .bool(let value) = node.kind else { return expected("true or false") }
        return value
    }

    /// The value as a whole number within a range.
    package mutating func int(in range: ClosedRange<Int> = .min ... .max) -> Int? {
        let wanted = range.wording
        guard case .number(let number) = node.kind else { return expected(wanted) }
        guard let value = number.int, range.contains(value) else { return rejected("expected \(wanted)") }
        return value
    }

    /// The value as a finite number.
    package mutating func double() -> Double? {
        guard case .number(let number) = node.kind else { return expected("a number") }
        guard number.double.isFinite else { return rejected("expected a finite number") }
        return number.double
    }

    /// The value as a duration such as `30s`; a bare number is refused because its unit is anybody's guess.
    package mutating func duration() -> Duration? {
        if case .number = node.kind { return rejected(DurationSyntax.Failure.missingUnit.message) }
        guard let text = text(expecting: #"a duration such as "30s""#) else { return nil }
        do { return try DurationSyntax.parse(text) } catch { return rejected(error.message) }
    }

    /// The value as one of several words.
    package mutating func oneOf(_ words: [String]) -> String? {
        let wanted = (words.count == 1 ? "" : "one of ") + words.map { "'\($0)'" }.joined(separator: ", ")
        guard let text = text(expecting: wanted) else { return nil }
        if words.contains(text) { return text }
        return rejected("expected \(wanted)", suggestion: closestMatch(to: text, among: words))
    }

    /// The value as a case of an enumeration of words.
    package mutating func oneOf<Choice>(_ type: Choice.Type) -> Choice?
    where Choice: RawRepresentable<String> & CaseIterable {
        oneOf(type.allCases.map(\.rawValue)).flatMap(Choice.init(rawValue:))
    }

    /// The value as a string without NUL; the mistake for any other value says what was wanted.
    mutating func text(expecting wanted: String) -> String? {
        guard case .string(let text) = node.kind else { return expected(wanted) }
        return text.utf8.contains(0) ? rejected("the text contains a NUL character: remove it") : text
    }
}

extension ClosedRange<Int> {
    /// The range in words.
    fileprivate var wording: String {
        switch (lowerBound, upperBound) {
        case (.min, .max): "a whole number"
        case (_, .max): "a whole number of \(lowerBound) or more"
        case (.min, _): "a whole number of \(upperBound) or less"
        default: "a whole number from \(lowerBound) to \(upperBound)"
        }
    }
}

// MARK: - Arrays and objects

extension JSONValueReader {
    /// The elements of an array, each decoded by a closure; nil when one of them is wrong.
    ///
    /// If so wished, a string that stands alone is an array of one.
    package mutating func array<Element>(
        orSingle: Bool = false,
        _ decode: (inout JSONValueReader) -> Element?
    ) -> [Element]? {
        if orSingle, case .string = node.kind { return decode(&self).map { [$0] } }
        guard case .array(let elements) = node.kind else {
            return expected(orSingle ? "a string or an array of strings" : "an array")
        }
        var result: [Element] = []
        for (index, element) in elements.enumerated() {
            var reader = JSONValueReader(element, path: path.appending(index))
            if let value = decode(&reader) { result.append(value) }
            mistakes += reader.mistakes
        }
        return result.count == elements.count ? result : nil
    }

    /// The value as an array of strings, or if so wished as one string that stands for an array of one.
    package mutating func stringArray(orSingle: Bool = false) -> [String]? {
        guard orSingle || node.elements != nil else { return expected("an array of strings") }
        return array(orSingle: orSingle) { $0.string() }
    }

    /// The value as an object with known keys, decoded by a closure; keys it did not ask for are mistakes.
    package mutating func object<Value>(_ decode: (inout JSONObjectReader) -> Value?) -> Value? {
        var reader = JSONObjectReader(node, path: path)
        let value = decode(&reader)
        mistakes += reader.finish()
        return reader.isObject ? value : nil
    }

    /// The members of an object with free keys, each decoded by a closure, in the order they were written.
    ///
    /// Members whose closure returns nil are left out.
    package mutating func map<Value>(
        _ decode: (_ name: String, inout JSONValueReader) -> Value?
    ) -> [(name: String, value: Value)]? {
        guard case .object(let members) = node.kind else { return expected("an object") }
        var result: [(name: String, value: Value)] = []
        for member in members {
            var reader = JSONValueReader(member, in: path)
            if let value = decode(member.name, &reader) { result.append((member.name, value)) }
            mistakes += reader.mistakes
        }
        return result
    }
}

extension JSONValueReader: ValueFree {
    /// The type and the place of the value, never the value.
    package var description: String { "<reader of \(node)>" }
}
