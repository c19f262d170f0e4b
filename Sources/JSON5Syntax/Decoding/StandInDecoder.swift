/// Makes a value of a type out of nothing, so that what else is wrong is found behind a value that cannot be read.
///
/// The value is never used. Texts are not empty and numbers not zero, since types that check theirs tend to refuse those.
struct StandInDecoder: Decoder {
    /// There is no such value, or its type refuses it; says nothing of the configuration.
    struct Failure: Error {}

    let codingPath: [any CodingKey] = []
    let userInfo: [CodingUserInfoKey: Any] = [:]
    private let depth: Int

    private init(depth: Int) {
        self.depth = depth
    }

    /// A value of a type.
    ///
    /// - Throws: A ``Failure``.
    static func value<Value: Decodable>(of type: Value.Type, depth: Int = 0) throws(Failure) -> Value {
        // A type that holds itself would never end.
        guard depth < 32 else { throw Failure() }
        if let sample = WrittenType.of(type)?.sample as? Value { return sample }
        if let cases = type as? any CaseIterable.Type, let first = first(of: cases) as? Value { return first }
        do {
            return try Value(from: StandInDecoder(depth: depth + 1))
        } catch {
            throw Failure()
        }
    }

    private static func first<Cases: CaseIterable>(of type: Cases.Type) -> Any? { type.allCases.first }

    fileprivate func inner<Value: Decodable>(_ type: Value.Type) throws(Failure) -> Value {
        try Self.value(of: type, depth: depth)
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedDecodingContainer<Key> {
        KeyedDecodingContainer(Members<Key>(decoder: self))
    }

    func unkeyedContainer() -> any UnkeyedDecodingContainer { Elements(decoder: self) }
    func singleValueContainer() -> any SingleValueDecodingContainer { self }

    /// An object with every key that is asked for and must be there.
    private struct Members<Key: CodingKey>: KeyedDecodingContainerProtocol {
        let decoder: StandInDecoder
        let codingPath: [any CodingKey] = []
        let allKeys: [Key] = []

        func contains(_ key: Key) -> Bool { false }
        func decodeNil(forKey key: Key) -> Bool { true }
        func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value { try decoder.inner(type) }
        func nestedContainer<Nested: CodingKey>(
            keyedBy type: Nested.Type,
            forKey key: Key
        ) -> KeyedDecodingContainer<Nested> { decoder.container(keyedBy: type) }
        func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedDecodingContainer { decoder.unkeyedContainer() }
        func superDecoder() -> any Decoder { decoder }
        func superDecoder(forKey key: Key) -> any Decoder { decoder }
    }

    /// An empty array.
    private struct Elements: UnkeyedDecodingContainer {
        let decoder: StandInDecoder
        let codingPath: [any CodingKey] = []
        let count: Int? = 0
        let isAtEnd = true
        let currentIndex = 0

        func decodeNil() throws -> Bool { throw Failure() }
        func decode<Value: Decodable>(_ type: Value.Type) throws -> Value { throw Failure() }
        func nestedContainer<Nested: CodingKey>(
            keyedBy type: Nested.Type
        ) throws -> KeyedDecodingContainer<Nested> { throw Failure() }
        func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer { throw Failure() }
        func superDecoder() throws -> any Decoder { throw Failure() }
    }
}

extension StandInDecoder: SingleValueDecodingContainer {
    func decodeNil() -> Bool { true }
    func decode(_ type: Bool.Type) -> Bool { false }
    func decode(_ type: String.Type) -> String { "x" }
    func decode(_ type: Double.Type) -> Double { 1 }
    func decode(_ type: Float.Type) -> Float { 1 }
    func decode<Number: FixedWidthInteger & Decodable>(_ type: Number.Type) -> Number { 1 }
    func decode<Value: Decodable>(_ type: Value.Type) throws -> Value { try inner(type) }
}
