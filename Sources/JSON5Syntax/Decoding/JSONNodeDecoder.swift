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
            return try NodeDecoder.standIn(type, at: path)
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
