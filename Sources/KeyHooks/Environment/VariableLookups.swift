/// Looks variables up in the order in which they are to be tried.
struct VariableLookup {
    let variables: [ServiceDefinition.VariableName]
    let environment: KeyEnvironment
    /// The first that is set.
    let winner: (name: String, binding: KeyEnvironment.Binding)?

    init(_ variables: [ServiceDefinition.VariableName], in environment: KeyEnvironment) {
        self.variables = variables
        self.environment = environment
        winner =
            variables.lazy
            .compactMap { variable in environment.value(of: variable.name).map { (variable.name, $0) } }
            .first
    }

    func answer(isRequired: Bool, placesTried: [String], credentials: SetCredentials? = nil) -> KeyAnswer {
        if let (name, binding) = winner {
            let source = environment.source(of: binding.place, name: name)
            if binding.isUnreadable { return .absent(absence(placesTried)) }
            return .found(APIKey(binding.value, provenance: KeyProvenance(source: source)))
        }
        guard isRequired else { return .notRequired }
        return .absent(absence(placesTried, credentials))
    }

    /// Why nobody knows what the variables hold, though one is set; then no weaker source may answer.
    var failure: KeyResolutionError? {
        guard let winner, winner.binding.isUnreadable else { return nil }
        return environment.keyFiles.failure(for: winner.name)
    }

    private func absence(_ placesTried: [String], _ credentials: SetCredentials? = nil) -> KeyAbsence {
        var absence = KeyAbsence(
            namesTried: variables.map(\.name),
            placesTried: variables.isEmpty ? [] : placesTried
        )
        absence.hint = credentials?.hint
        if variables.isEmpty {
            absence.remedy = "the configuration lets no variable answer for it; ask one of its plugins"
        }
        absence.remarks = variables.compactMap { environment.misspelling(of: $0.name) }
        return absence
    }
}

extension VariableLookup {
    /// What is odd about what was found, for the one who set it.
    ///
    /// Siblings are the accounts of the same vendor that are others.
    func warnings(for definition: ServiceDefinition, siblings: [ServiceDefinition]) -> [KeyWarning] {
        guard let (name, binding) = winner else { return [] }
        let service = definition.service
        var warnings: [KeyWarning] = []
        if let other = conflict(with: name, binding, of: definition, siblings: siblings) {
            warnings.append(
                KeyWarning(
                    code: .conflictingVariables,
                    service: service,
                    names: [name, other],
                    message: "\(name) and \(other) hold different values for '\(service)'; "
                        + "\(name) is used. Unset one of them"
                )
            )
        }
        if let broken = brokenLine(of: name, binding, for: service) { warnings.append(broken) }
        return warnings
    }

    private func brokenLine(of name: String, _ binding: KeyEnvironment.Binding, for service: Service) -> KeyWarning? {
        guard case .file(let index, let line) = binding.place,
            let rest = environment.files[index].restOfValue(of: name, line: line)
        else { return nil }
        return KeyWarning(
            code: .brokenLine,
            service: service,
            names: [name],
            message: "\(environment.source(of: binding.place, name: name)) may go on in line \(rest), which has a word "
                + "and no '='; the key is used without it. Write the whole key on one line"
        )
    }

    /// The first variable that holds another value than the winner although both are this account's alone.
    ///
    /// What goes into another header field is another kind of credential, as `ANTHROPIC_AUTH_TOKEN` is.
    private func conflict(
        with winningName: String,
        _ winner: KeyEnvironment.Binding,
        of definition: ServiceDefinition,
        siblings: [ServiceDefinition]
    ) -> String? {
        let siblings = siblings.map { $0.variables.map(\.name) }
        let own = variables.enumerated()
            .filter { index, variable in
                // A name that a sibling account tries earlier than this one is the sibling's and may well differ.
                !variable.isShared && !siblings.contains { ($0.firstIndex(of: variable.name) ?? .max) < index }
            }
            .map(\.element.name)
        guard own.contains(winningName) else { return nil }
        return own.first { name in
            guard name != winningName, let other = environment.value(of: name),
                APIKey(other.value) != APIKey(winner.value)
            else { return false }
            return definition.authentication(forVariable: name) == definition.authentication(forVariable: winningName)
        }
    }
}

/// The fields of a service that are set and together do in place of its main key.
struct SetCredentials: Sendable {
    /// The fields, as the catalogue names them together.
    let fields: [String]

    /// The variable that each is in, and where it is set.
    let found: [(name: String, binding: KeyEnvironment.Binding)]

    /// Nil if no list of fields is complete.
    init?(of definition: ServiceDefinition, in environment: KeyEnvironment) {
        for fields in definition.credentials {
            let found = fields.compactMap { field in
                VariableLookup(definition.readVariables(of: field), in: environment).winner
            }
            guard found.count == fields.count else { continue }
            self.fields = fields
            self.found = found
            return
        }
        return nil
    }

    /// What to do with them, without a full stop.
    var hint: String {
        "read its fields \(Self.list(fields)), which are set in \(Self.list(found.map(\.name))), one by one, by "
            + "getSecret(service:field:) or --field"
    }

    private static func list(_ words: [String]) -> String {
        words.count < 2 ? words.joined() : words.dropLast().joined(separator: ", ") + " and " + words[words.count - 1]
    }
}
