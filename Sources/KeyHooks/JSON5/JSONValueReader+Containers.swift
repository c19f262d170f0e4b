extension JSONValueReader {
    /// The elements of an array, each decoded by a closure; nil when one of them is wrong.
    package mutating func array<Element>(
        _ decode: (inout JSONValueReader) -> Element?
    ) -> [Element]? {
        guard case .array(let elements) = node.kind else { return expected("an array") }
        var result: [Element] = []
        for (index, element) in elements.enumerated() {
            var reader = JSONValueReader(element, path: path.appending(index))
            if let value = decode(&reader) { result.append(value) }
            adopt(reader.mistakes)
        }
        return result.count == elements.count ? result : nil
    }

    /// The value as an array of strings, or if so wished as one string that stands for an array of one.
    package mutating func stringArray(orSingle: Bool = false) -> [String]? {
        switch node.kind {
        case .string where orSingle: string().map { [$0] }
        case .array: array { $0.string() }
        default: expected(orSingle ? "a string or an array of strings" : "an array of strings")
        }
    }

    /// The value as an object with known keys, decoded by a closure; keys it did not ask for are mistakes.
    package mutating func object<Value>(_ decode: (inout JSONObjectReader) -> Value?) -> Value? {
        var reader = JSONObjectReader(node, path: path)
        let value = decode(&reader)
        adopt(reader.finish())
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
            adopt(reader.mistakes)
        }
        return result
    }
}
