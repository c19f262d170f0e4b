/// The members of an object.
struct NodeKeyedContainer<Key: CodingKey>: KeyedDecodingContainerProtocol {
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
        if let member = member(key) { return member }
        throw NodeMismatch("a required key is missing", at: decoder.path.appending(key.stringValue), decoder.node)
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
struct NodeUnkeyedContainer: UnkeyedDecodingContainer {
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
        guard !isAtEnd else { throw NodeMismatch("has too few elements", at: decoder.path, decoder.node) }
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
