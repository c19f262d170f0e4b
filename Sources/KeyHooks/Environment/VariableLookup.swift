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
        var absence = KeyAbsence(namesTried: variables.map(\.name), placesTried: placesTried)
        absence.hint = credentials?.hint
        if variables.isEmpty {
            absence.remedy = "the configuration lets no variable answer for it; ask one of its plugins"
        }
        absence.remarks = variables.compactMap { environment.misspelling(of: $0.name) }
        return absence
    }
}
