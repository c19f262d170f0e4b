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
            adopt(reader.mistakes)
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
