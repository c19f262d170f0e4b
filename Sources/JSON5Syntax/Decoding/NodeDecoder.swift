/// Decodes one value.
struct NodeDecoder: Decoder {
    let node: JSONNode
    let path: NodePath
    let codingPath: [any CodingKey]
    let log: JSONNodeDecoder.Log
    let userInfo: [CodingUserInfoKey: Any] = [:]

    /// How deep in a made-up value this is; nil for what is written.
    var standInDepth: Int?

    func decoded<Value: Decodable>(_ type: Value.Type) throws -> Value {
        if let standInDepth { return try Self.standIn(type, at: path, depth: standInDepth) }
        if let written = WrittenType.of(type), let value = try value(written.read) as? Value { return value }
        do {
            return try Value(from: self)
        } catch let error as JSONNodeDecoder.Mismatch {
            throw error
        } catch let error as StandInFailure {
            throw error
        } catch {
            throw JSONNodeDecoder.Mismatch(refusal(by: type, error))
        }
    }

    /// Makes a value of a type out of nothing, to get past one that does not fit.
    ///
    /// A type gets what it asks for: no member, no element, and of the scalars one that most types accept.
    static func standIn<Value: Decodable>(
        _ type: Value.Type,
        at path: NodePath,
        depth: Int = 0
    ) throws(StandInFailure) -> Value {
        // A type that holds itself would never end.
        guard depth < 32 else { throw StandInFailure() }
        if let sample = WrittenType.of(type)?.sample as? Value { return sample }
        if let cases = type as? any CaseIterable.Type, let first = first(of: cases) as? Value { return first }
        let log = JSONNodeDecoder.Log()
        let decoder = NodeDecoder(node: .null, path: path, codingPath: [], log: log, standInDepth: depth + 1)
        do { return try Value(from: decoder) } catch { throw StandInFailure() }
    }

    private static func first<Cases: CaseIterable>(of type: Cases.Type) -> Any? { type.allCases.first }

    /// A type for which no value could be made up.
    struct StandInFailure: Error {}

    /// Reads the value by one of the configuration's own readers.
    func value<Value>(_ read: (inout JSONValueReader) -> Value?, standIn: JSONNode = .null) throws -> Value {
        var reader = JSONValueReader(standInDepth == nil ? node : standIn, path: path)
        if let value = read(&reader) { return value }
        throw reader.mistakes.first.map(JSONNodeDecoder.Mismatch.init)
            ?? JSONNodeDecoder.Mismatch("has the wrong type", at: path, node)
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        guard let members = standInDepth == nil ? node.members : [] else {
            throw JSONNodeDecoder.Mismatch("expected an object, found \(node.kind.typeName)", at: path, node)
        }
        log.open(members, as: type, at: path)
        return KeyedDecodingContainer(Members<Key>(decoder: self, members: members))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        guard let elements = standInDepth == nil ? node.elements : [] else {
            throw JSONNodeDecoder.Mismatch("expected an array, found \(node.kind.typeName)", at: path, node)
        }
        return Elements(decoder: self, elements: elements)
    }

    func singleValueContainer() -> any SingleValueDecodingContainer { self }

    func inner(_ node: JSONNode, _ path: NodePath, _ key: any CodingKey) -> NodeDecoder {
        NodeDecoder(node: node, path: path, codingPath: codingPath + [key], log: log)
    }
}

extension NodeDecoder: SingleValueDecodingContainer {
    func decodeNil() -> Bool { node.kind == .null }
    func decode(_ type: Bool.Type) throws -> Bool { try value({ $0.bool() }, standIn: .bool(false)) }
    func decode(_ type: String.Type) throws -> String { try value({ $0.string() }, standIn: .string("x")) }
    func decode(_ type: Double.Type) throws -> Double { try value({ $0.double() }, standIn: .integer(1)) }
    func decode(_ type: Float.Type) throws -> Float {
        let number = Float(try decode(Double.self))
        guard number.isFinite else { throw JSONNodeDecoder.Mismatch("expected a smaller number", at: path, node) }
        return number
    }
    func decode<Value: Decodable>(_ type: Value.Type) throws -> Value { try decoded(type) }

    func decode<Number: FixedWidthInteger & Decodable>(_ type: Number.Type) throws -> Number {
        guard let number = Number(exactly: try value({ $0.int() }, standIn: .integer(1))) else {
            throw JSONNodeDecoder.Mismatch(
                "expected a whole number from \(Number.min) to \(Number.max)",
                at: path,
                node
            )
        }
        return number
    }
}

extension NodeDecoder {
    /// The mistake for an error that a type threw itself; its text may quote the value.
    func refusal(by type: any Decodable.Type, _ error: any Error) -> JSONMistake {
        let words = (type as? any CaseIterable.Type).map { spellings(of: $0) } ?? []
        let message =
            if !words.isEmpty {
                "expected \(words.count == 1 ? "" : "one of ")\(words.map { "'\($0)'" }.joined(separator: ", "))"
            } else if error is DecodingError {
                "is none of the values that are allowed here"
            } else {
                path.vocabulary.refusal(error)
            }
        return JSONMistake(
            path: path.description,
            position: node.position,
            message: message,
            suggestion: node.string.flatMap { closestMatch(to: $0, among: words) }
        )
    }

    /// The texts that an enumeration is written as; none if it is written otherwise.
    private func spellings<Cases: CaseIterable>(of type: Cases.Type) -> [String] {
        let known = type.allCases.compactMap { ($0 as? any RawRepresentable)?.rawValue as? String }
        return known.count == type.allCases.count ? known : []
    }

    /// The members of an object.
    struct Members<Key: CodingKey>: KeyedDecodingContainerProtocol {
        let decoder: NodeDecoder
        private let members: [JSONMember]
        private let index: [ExactText: Int]

        init(decoder: NodeDecoder, members: [JSONMember]) {
            self.decoder = decoder
            self.members = members
            index = members.indexByName
        }

        var codingPath: [any CodingKey] { decoder.codingPath }
        var allKeys: [Key] {
            // A type that takes any key asks for all there are.
            for member in members { decoder.log.ask(for: member.name, of: members, at: decoder.path) }
            return members.compactMap { Key(stringValue: $0.name) }
        }

        private func member(_ key: Key) -> NodeDecoder? {
            decoder.log.ask(for: key.stringValue, of: members, at: decoder.path)
            guard let member = index[ExactText(key.stringValue)].map({ members[$0] }) else { return nil }
            return decoder.inner(member.value, decoder.path.appending(member.name), key)
        }

        private func required(_ key: Key) throws -> NodeDecoder {
            if decoder.standInDepth != nil { return decoder }
            if let member = member(key) { return member }
            throw JSONNodeDecoder.Mismatch(
                "a required key is missing",
                at: decoder.path.appending(key.stringValue),
                decoder.node
            )
        }

        func contains(_ key: Key) -> Bool { member(key) != nil }
        func decodeNil(forKey key: Key) throws -> Bool {
            if decoder.log.standIns.contains(decoder.path.appending(key.stringValue).description) { return true }
            return try required(key).decodeNil()
        }
        func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
            if let value = try decoder.log.standIn(at: decoder.path.appending(key.stringValue), type) {
                _ = member(key)
                return value
            }
            return try required(key).decoded(type)
        }

        func nestedContainer<Nested: CodingKey>(
            keyedBy type: Nested.Type,
            forKey key: Key
        ) throws -> KeyedDecodingContainer<Nested> {
            try required(key).container(keyedBy: type)
        }

        func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
            try required(key).unkeyedContainer()
        }

        func superDecoder() -> any Decoder { decoder }
        func superDecoder(forKey key: Key) throws -> any Decoder { try required(key) }
    }

    /// The elements of an array.
    struct Elements: UnkeyedDecodingContainer {
        private struct Index: CodingKey {
            let intValue: Int?
            var stringValue: String { "\(intValue ?? 0)" }

            init(intValue: Int) { self.intValue = intValue }
            init?(stringValue: String) { nil }
        }

        let decoder: NodeDecoder
        let elements: [JSONNode]
        private(set) var currentIndex = 0

        init(decoder: NodeDecoder, elements: [JSONNode]) {
            self.decoder = decoder
            self.elements = elements
        }

        var codingPath: [any CodingKey] { decoder.codingPath }
        var count: Int? { elements.count }
        var isAtEnd: Bool { currentIndex >= elements.count }

        private mutating func next() throws -> NodeDecoder {
            guard !isAtEnd else {
                throw JSONNodeDecoder.Mismatch("has too few elements", at: decoder.path, decoder.node)
            }
            defer { currentIndex += 1 }
            let path = decoder.path.appending(currentIndex)
            return decoder.inner(elements[currentIndex], path, Index(intValue: currentIndex))
        }

        mutating func decodeNil() throws -> Bool {
            guard !isAtEnd, elements[currentIndex].kind == .null else { return false }
            currentIndex += 1
            return true
        }

        mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
            let element = try next()
            return try decoder.log.standIn(at: element.path, type) ?? element.decoded(type)
        }

        mutating func nestedContainer<Nested: CodingKey>(
            keyedBy type: Nested.Type
        ) throws -> KeyedDecodingContainer<Nested> {
            try next().container(keyedBy: type)
        }

        mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer { try next().unkeyedContainer() }
        mutating func superDecoder() throws -> any Decoder { try next() }
    }
}
