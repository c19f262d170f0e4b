/// Looks variables up in the order in which they are to be tried.
struct VariableLookup {
    let variables: [ServiceDefinition.VariableName]
    let environment: KeyEnvironment

    init(_ variables: [ServiceDefinition.VariableName], in environment: KeyEnvironment) {
        self.variables = variables
        self.environment = environment
    }

    var winner: (name: String, binding: KeyEnvironment.Binding)? {
        for variable in variables {
            if let binding = environment.value(of: variable.name) { return (variable.name, binding) }
        }
        return nil
    }

    func answer(isRequired: Bool, placesTried: [String]) -> KeyAnswer {
        if let (name, binding) = winner {
            let source = environment.source(of: binding.place, name: name)
            return .found(APIKey(binding.value, provenance: KeyProvenance(source: source)))
        }
        guard isRequired else { return .notRequired }
        return .absent(KeyAbsence(namesTried: variables.map(\.name), placesTried: placesTried))
    }
}
