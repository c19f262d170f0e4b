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
