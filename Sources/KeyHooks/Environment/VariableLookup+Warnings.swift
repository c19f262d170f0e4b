extension VariableLookup {
    /// What is odd about what was found, for the one who set it.
    func warnings(for definition: ServiceDefinition, catalogue: ServiceCatalogue) -> [KeyWarning] {
        guard let (name, binding) = winner else { return [] }
        var warnings: [KeyWarning] = []
        if let other = conflict(with: name, binding, for: definition, catalogue: catalogue) {
            warnings.append(
                KeyWarning(
                    code: .conflictingVariables,
                    service: definition.service,
                    names: [name, other],
                    message: "\(name) and \(other) hold different values for '\(definition.service)'; "
                        + "\(name) is used. Unset one of them"
                )
            )
        }
        if Placeholder.matches(binding.value) {
            warnings.append(
                KeyWarning(
                    code: .placeholder,
                    service: definition.service,
                    names: [name],
                    message: "\(name) looks like a placeholder, not a key; it is used as it is"
                )
            )
        }
        return warnings
    }

    /// The first variable that holds another value than the winner although both are this account's alone.
    private func conflict(
        with winningName: String,
        _ winner: KeyEnvironment.Binding,
        for definition: ServiceDefinition,
        catalogue: ServiceCatalogue
    ) -> String? {
        let siblings = definition.separateAccounts.map { catalogue.definition(of: $0).variables.map(\.name) }
        let own = variables.enumerated()
            .filter { index, variable in
                // A name that a sibling account tries earlier than this one is the sibling's and may well differ.
                !variable.isShared && !siblings.contains { ($0.firstIndex(of: variable.name) ?? .max) < index }
            }
            .map(\.element.name)
        guard own.contains(winningName) else { return nil }
        return own.first { name in
            guard name != winningName, let other = environment.value(of: name) else { return false }
            return APIKey(other.value) != APIKey(winner.value)
        }
    }
}
