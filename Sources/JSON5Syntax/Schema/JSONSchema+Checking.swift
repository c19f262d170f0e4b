extension JSONSchema {
    /// Finds what is wrong with a value.
    ///
    /// - Parameters:
    ///   - node: The value.
    ///   - path: Where the value is, when it is a section of a larger document.
    ///   - isMatching: Whether patterns are matched. One that somebody wrote on purpose may take longer than anybody
    ///     can wait, so those of a plugin that is only looked at are not.
    /// - Returns: All mistakes as they come in the file, in words that hold none of the values; none if it is right.
    package func mistakes(
        in node: JSONNode,
        at path: NodePath,
        matchingPatterns isMatching: Bool = true
    ) -> [JSONMistake] {
        unsortedMistakes(in: node, at: path, isMatching).sorted()
    }

    fileprivate func unsortedMistakes(
        in node: JSONNode,
        at path: NodePath,
        _ isMatching: Bool
    ) -> [JSONMistake] {
        var found: [JSONMistake] = []
        for rule in rules {
            found += Subject(node: node, path: path, isMatching: isMatching).mistakes(against: rule)
            // Whatever else a value of the wrong type lacks is noise.
            if case .type = rule, !found.isEmpty { break }
        }
        return found
    }

    /// Whether the type of a value is not what is wrong with it.
    package func allowsType(of node: JSONNode) -> Bool {
        rules.allSatisfy { rule in
            switch rule {
            case .never: false
            case .type(let types): types.contains { $0.includes(node) }
            default: true
            }
        }
    }

    /// One value under test.
    fileprivate struct Subject {
        let node: JSONNode
        let path: NodePath
        let isMatching: Bool

        func mistakes(against rule: Rule) -> [JSONMistake] {
            switch (rule, node.kind) {
            case (.never, _):
                [mistake("is not allowed here")]
            case (.type(let types), _):
                types.contains { $0.includes(node) } ? [] : [wrongType(types)]
            case (.values(let values), _):
                values.contains { $0.isSameJSON(as: node) } ? [] : [wrongValue(values)]
            case (.members(let rules), .object(let members)):
                mistakes(in: members, against: rules)
            case (.items(let schema), .array(let elements)):
                elements.enumerated().flatMap { schema.unsortedMistakes(in: $1, at: path.appending($0), isMatching) }
            case (.itemCount(let minimum, let maximum), .array(let elements)):
                outside(elements.count, minimum, maximum).map { [mistake("expected \($0) elements")] } ?? []
            case (.length(let minimum, let maximum), .string(let text)):
                outside(text.unicodeScalars.count, minimum, maximum).map { [mistake("expected \($0) characters")] }
                    ?? []
            case (.pattern(let pattern), .string(let text)) where isMatching:
                Pattern(pattern)?.matches(text) ?? false
                    ? [] : [mistake("does not have the form '\(displayText(pattern, limit: 120))'")]
            case (.range(let minimum, let maximum), .number(let number)):
                outside(number.double, minimum, maximum).map { [mistake("expected a number of \($0)")] } ?? []
            case (.anyOf(let schemas), _):
                alternatives(schemas, isExclusive: false)
            case (.oneOf(let schemas), _):
                alternatives(schemas, isExclusive: true)
            default:
                []
            }
        }

        private func mistakes(in members: [JSONMember], against rules: Members) -> [JSONMistake] {
            let present = Set(members.map { ExactText($0.name) })
            let names = rules.properties.map(\.name)
            let absent = names.filter { !present.contains(ExactText($0)) }
            let missing = rules.required.filter { !present.contains(ExactText($0)) }
            var found = missing.map { mistake("a required key is missing", at: path.appending($0)) }
            for member in members {
                let inner = path.appending(member.name)
                let name = JSONNode(.string(member.name), at: member.position)
                found += rules.names?.unsortedMistakes(in: name, at: inner, isMatching) ?? []
                if let property = rules.properties.first(where: { $0.name.hasSameBytes(as: member.name) }) {
                    found += property.schema.unsortedMistakes(in: member.value, at: inner, isMatching)
                } else if let additional = rules.additional, additional == .nothing {
                    found.append(JSONMistake(unknown: member, at: path, known: absent, names, isOurs: false))
                } else if let additional = rules.additional {
                    found += additional.unsortedMistakes(in: member.value, at: inner, isMatching)
                }
            }
            return found
        }

        private func alternatives(_ schemas: [JSONSchema], isExclusive: Bool) -> [JSONMistake] {
            let results = schemas.map { $0.unsortedMistakes(in: node, at: path, isMatching) }
            let fitting = results.count(where: \.isEmpty)
            // Forms that exclude each other may do so by their patterns alone.
            if fitting == 1 || (fitting > 1 && !(isExclusive && isMatching)) { return [] }
            if fitting > 1 { return [mistake("fits \(fitting) of the forms that exclude each other")] }
            // Where one form only has the right type, that is the one that was meant.
            let meant = zip(schemas, results).filter { $0.0.allowsType(of: node) }
            if meant.count == 1 { return meant[0].1 }
            return [mistake("fits none of the \(schemas.count) forms it may have")]
        }

        private func wrongType(_ types: [ValueType]) -> JSONMistake {
            mistake("expected \(types.map(\.wording).joined(separator: " or ")), found \(node.kind.typeName)")
        }

        private func wrongValue(_ values: [JSONNode]) -> JSONMistake {
            // The words are the schema's own. Numbers and objects are not repeated, since nodes print no values.
            let words = values.compactMap(\.string)
            guard words.count == values.count, !words.isEmpty else {
                return mistake("is none of the values allowed here")
            }
            let list = words.prefix(20).map { "'\(displayText($0))'" }.joined(separator: ", ")
            let suggestion = node.string.flatMap { closestMatch(to: $0, among: words) }
            return mistake(
                "expected \(words.count == 1 ? "" : "one of ")\(list)",
                suggestion: suggestion.map { displayText($0) }
            )
        }

        private func mistake(
            _ message: String,
            at path: NodePath? = nil,
            suggestion: String? = nil
        ) -> JSONMistake {
            JSONMistake(
                path: (path ?? self.path).description,
                position: node.position,
                message: message,
                suggestion: suggestion
            )
        }
    }
}

/// The bounds in words if a number is outside of them.
private func outside<Bound: Comparable>(_ value: Bound, _ minimum: Bound?, _ maximum: Bound?) -> String? {
    if minimum.map({ value >= $0 }) ?? true, maximum.map({ value <= $0 }) ?? true { return nil }
    return switch (minimum, maximum) {
    case (let minimum?, let maximum?): minimum == maximum ? "\(minimum)" : "\(minimum) to \(maximum)"
    case (let minimum?, nil): "at least \(minimum)"
    case (nil, let maximum?): "at most \(maximum)"
    case (nil, nil): nil
    }
}
