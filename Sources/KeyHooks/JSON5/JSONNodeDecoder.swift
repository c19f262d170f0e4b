import ExtensionHooks

/// Decodes a `Decodable` type from a value, and reports keys that the type does not ask for.
///
/// A `Duration` is read from a text such as `30s`.
package enum JSONNodeDecoder {
    /// Decodes a value.
    ///
    /// - Parameters:
    ///   - type: What to make of it.
    ///   - node: The value.
    ///   - path: Where it is, when it is a section of a larger document.
    /// - Returns: What was made of it.
    /// - Throws: All that is wrong, as far as the type can be led past it; unknown keys that the type knows and did not get
    ///   to are not among them.
    package static func decode<Value: Decodable>(
        _ type: Value.Type,
        from node: JSONNode,
        path: ConfigurationPath = .root
    ) throws(ConfigurationMistakes) -> Value {
        var mistakes: [ConfigurationMistake] = []
        var log = NodeDecodingLog()
        // A type stops at its first mistake. It is decoded again with something that fits in that place, to find the next.
        while true {
            do {
                let value = try NodeDecoder(node: node, path: path, codingPath: [], log: log).decoded(type)
                log.close(node.members ?? [], at: path)
                mistakes += log.unknownKeys()
                if mistakes.isEmpty { return value }
                break
            } catch {
                // Whatever a type throws itself has been made a mismatch.
                let mistake = (error as? NodeMismatch)?.mistake
                let isFirst = log.standIns.isEmpty
                guard let mistake, isFirst || !log.isBelow(mistake.path), log.standIns.count < 100 else {
                    if isFirst { mistakes.append(mistake ?? NodeMismatch("cannot be read", at: path, node).mistake) }
                    mistakes += log.unknownKeys(sparingKnown: true)
                    break
                }
                mistakes.append(mistake)
                guard mistake.path != path.description else {
                    mistakes += log.unknownKeys(sparingKnown: true)
                    break
                }
                log = NodeDecodingLog(standIns: log.standIns.union([mistake.path]))
            }
        }
        throw ConfigurationMistakes(mistakes)
    }
}

/// A value that does not fit.
struct NodeMismatch: Error {
    let mistake: ConfigurationMistake

    init(_ message: String, at path: ConfigurationPath, _ node: JSONNode) {
        mistake = ConfigurationMistake(path: path.description, position: node.position, message: message)
    }
}

/// Which objects were decoded, and which of their keys were asked for.
final class NodeDecodingLog {
    private struct Object {
        let path: ConfigurationPath
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
    func standIn<Value: Decodable>(at path: ConfigurationPath, _ type: Value.Type) throws -> Value? {
        guard !standIns.isEmpty, standIns.contains(path.description) else { return nil }
        return try StandInDecoder.value(of: type)
    }

    /// Notes which of an object's keys a type has names for.
    func open<Key: CodingKey>(_ members: [JSONMember], as keys: Key.Type, at path: ConfigurationPath) {
        let names = members.map(\.name).filter { Key(stringValue: $0) != nil }
        known[path.description, default: []].formUnion(names.map(ExactText.init))
    }

    func ask(for key: String, of members: [JSONMember], at path: ConfigurationPath) {
        objects[path.description, default: Object(path: path, members: members)].asked.insert(ExactText(key))
    }

    /// Notes an object that a type without properties does not even look into.
    func close(_ members: [JSONMember], at path: ConfigurationPath) {
        guard known.isEmpty, objects.isEmpty else { return }
        objects[path.description] = Object(path: path, members: members)
    }

    /// The keys that were not asked for; those may be spared that the type has names for, if it was not read to the end.
    func unknownKeys(sparingKnown: Bool = false) -> [ConfigurationMistake] {
        objects.values.flatMap { object in
            let spared = sparingKnown ? known[object.path.description] ?? [] : []
            return object.members
                .filter { !object.asked.contains(ExactText($0.name)) && !spared.contains(ExactText($0.name)) }
                .map {
                    ConfigurationMistake(unknown: $0, at: object.path, known: object.asked.map(\.text), isOurs: false)
                }
        }
    }
}

/// Decodes one value.
struct NodeDecoder: Decoder {
    let node: JSONNode
    let path: ConfigurationPath
    let codingPath: [any CodingKey]
    let log: NodeDecodingLog
    let userInfo: [CodingUserInfoKey: Any] = [:]

    func decoded<Value: Decodable>(_ type: Value.Type) throws -> Value {
        if type == Duration.self, let duration = try value({ $0.duration() }) as? Value { return duration }
        do {
            return try Value(from: self)
        } catch let error as NodeMismatch {
            throw error
        } catch let error as StandInDecoder.Failure {
            throw error
        } catch {
            throw NodeMismatch(refusal(by: type, error))
        }
    }

    /// Reads the value by one of the configuration's own readers.
    func value<Value>(_ read: (inout JSONValueReader) -> Value?) throws -> Value {
        var reader = JSONValueReader(node, path: path)
        if let value = read(&reader) { return value }
        throw reader.mistakes.first.map(NodeMismatch.init) ?? NodeMismatch("has the wrong type", at: path, node)
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        guard let members = node.members else {
            throw NodeMismatch("expected an object, found \(node.kind.typeName)", at: path, node)
        }
        log.open(members, as: type, at: path)
        return KeyedDecodingContainer(NodeKeyedContainer<Key>(decoder: self, members: members))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        guard let elements = node.elements else {
            throw NodeMismatch("expected an array, found \(node.kind.typeName)", at: path, node)
        }
        return NodeUnkeyedContainer(decoder: self, elements: elements)
    }

    func singleValueContainer() -> any SingleValueDecodingContainer { self }

    func inner(_ node: JSONNode, _ path: ConfigurationPath, _ key: any CodingKey) -> NodeDecoder {
        NodeDecoder(node: node, path: path, codingPath: codingPath + [key], log: log)
    }
}

extension NodeMismatch {
    init(_ mistake: ConfigurationMistake) { self.mistake = mistake }
}

extension NodeDecoder: SingleValueDecodingContainer {
    func decodeNil() -> Bool { node.kind == .null }
    func decode(_ type: Bool.Type) throws -> Bool { try value { $0.bool() } }
    func decode(_ type: String.Type) throws -> String { try value { $0.string() } }
    func decode(_ type: Double.Type) throws -> Double { try value { $0.double() } }
    func decode(_ type: Float.Type) throws -> Float { Float(try value { $0.double() }) }
    func decode(_ type: Int.Type) throws -> Int { try value { $0.int() } }
    func decode(_ type: Int8.Type) throws -> Int8 { try integer() }
    func decode(_ type: Int16.Type) throws -> Int16 { try integer() }
    func decode(_ type: Int32.Type) throws -> Int32 { try integer() }
    func decode(_ type: Int64.Type) throws -> Int64 { try integer() }
    func decode(_ type: UInt.Type) throws -> UInt { try integer() }
    func decode(_ type: UInt8.Type) throws -> UInt8 { try integer() }
    func decode(_ type: UInt16.Type) throws -> UInt16 { try integer() }
    func decode(_ type: UInt32.Type) throws -> UInt32 { try integer() }
    func decode(_ type: UInt64.Type) throws -> UInt64 { try integer() }
    func decode<Value: Decodable>(_ type: Value.Type) throws -> Value { try decoded(type) }

    private func integer<Number: FixedWidthInteger>() throws -> Number {
        guard let number = Number(exactly: try value { $0.int() }) else {
            throw NodeMismatch("expected a whole number from \(Number.min) to \(Number.max)", at: path, node)
        }
        return number
    }
}
