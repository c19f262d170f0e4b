/// Decodes a `Decodable` type from a value, and reports keys that the type does not ask for.
///
/// A `Duration` is read from a text such as `30s`, and Foundation's types as `JSONDecoder` reads them.
package enum JSONNodeDecoder {
    /// Decodes a value.
    ///
    /// - Parameters:
    ///   - type: What to make of it.
    ///   - node: The value.
    ///   - path: Where it is, when it is a section of a larger document.
    ///   - others: Keys that may stand there and are read elsewhere, which one may be a misspelling of.
    /// - Returns: What was made of it.
    /// - Throws: All that is wrong, as far as the type can be led past it; unknown keys that the type knows and did not
    ///   get to are not among them.
    package static func decode<Value: Decodable>(
        _ type: Value.Type,
        from node: JSONNode,
        path: NodePath,
        besides others: [String] = []
    ) throws(JSONMistakes) -> Value {
        var mistakes: [JSONMistake] = []
        var log = Log()
        // A type stops at its first mistake. It is decoded again with something that fits in that place, to find the
        // next.
        while true {
            do {
                let value = try NodeDecoder(node: node, path: path, codingPath: [], log: log).decoded(type)
                log.close(node.members ?? [], at: path)
                mistakes += log.unknownKeys(besides: others, at: path)
                if mistakes.isEmpty { return value }
                break
            } catch {
                // Whatever a type throws itself has been made a mismatch.
                let mistake = (error as? Mismatch)?.mistake
                let isFirst = log.standIns.isEmpty
                guard let mistake, isFirst || !log.isBelow(mistake.path), log.standIns.count < 100 else {
                    if isFirst { mistakes.append(mistake ?? Mismatch("cannot be read", at: path, node).mistake) }
                    mistakes += log.unknownKeys(sparingKnown: true, besides: others, at: path)
                    break
                }
                mistakes.append(mistake)
                guard mistake.path != path.description else {
                    mistakes += log.unknownKeys(sparingKnown: true, besides: others, at: path)
                    break
                }
                log = Log(standIns: log.standIns.union([mistake.path]))
            }
        }
        throw JSONMistakes(mistakes)
    }
}

extension JSONNodeDecoder {
    /// A value that does not fit.
    struct Mismatch: Error {
        let mistake: JSONMistake

        init(_ message: String, at path: NodePath, _ node: JSONNode) {
            mistake = JSONMistake(path: path.description, position: node.position, message: message)
        }

        init(_ mistake: JSONMistake) { self.mistake = mistake }
    }

    /// Which objects were decoded, and which of their keys were asked for.
    final class Log {
        private struct Object {
            let path: NodePath
            let members: [JSONMember]
            var asked: Set<ExactText> = []
        }

        /// The places of values that were found wrong, in which something that fits stands in.
        let standIns: Set<String>

        private var objects: [String: Object] = [:]
        /// The keys of each object that its type has names for.
        private var known: [String: Set<ExactText>] = [:]

        init(standIns: Set<String> = []) {
            self.standIns = standIns
        }

        /// Whether something stands in at a place, or below it: then what is wrong there may be no fault of the file.
        func isBelow(_ path: String) -> Bool {
            path.isEmpty || standIns.contains { $0 == path || $0.hasPrefix(path + ".") || $0.hasPrefix(path + "[") }
        }

        /// What stands in at a place; nil if the value there is to be read.
        func standIn<Value: Decodable>(at path: NodePath, _ type: Value.Type) throws -> Value? {
            guard !standIns.isEmpty, standIns.contains(path.description) else { return nil }
            return try StandInDecoder.value(of: type)
        }

        /// Notes which of an object's keys a type has names for.
        func open<Key: CodingKey>(_ members: [JSONMember], as keys: Key.Type, at path: NodePath) {
            let names = members.map(\.name).filter { Key(stringValue: $0) != nil }
            known[path.description, default: []].formUnion(names.map(ExactText.init))
        }

        func ask(for key: String, of members: [JSONMember], at path: NodePath) {
            objects[path.description, default: Object(path: path, members: members)].asked.insert(ExactText(key))
        }

        /// Notes an object that a type without properties does not even look into.
        func close(_ members: [JSONMember], at path: NodePath) {
            guard known.isEmpty, objects.isEmpty else { return }
            objects[path.description] = Object(path: path, members: members)
        }

        /// The keys that were not asked for; those may be spared that the type has names for, if it was not read to the
        /// end.
        ///
        /// At the root they may be misspellings of others too.
        func unknownKeys(sparingKnown: Bool = false, besides others: [String], at root: NodePath) -> [JSONMistake] {
            objects.values.flatMap { object in
                let spared = sparingKnown ? known[object.path.description] ?? [] : []
                let others = object.path.description == root.description ? others : []
                return object.members
                    .filter { !object.asked.contains(ExactText($0.name)) && !spared.contains(ExactText($0.name)) }
                    .map {
                        JSONMistake(
                            unknown: $0,
                            at: object.path,
                            known: object.asked.map(\.text),
                            others,
                            isOurs: false
                        )
                    }
            }
        }
    }
}

/// Makes a value of a type out of nothing, so that what else is wrong is found behind a value that cannot be read.
///
/// The value is never used. Texts are not empty and numbers not zero, since types that check theirs tend to refuse
/// those.
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
