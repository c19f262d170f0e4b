import ExtensionHooks
import Foundation
import Synchronization

/// What the environment and the files have for one service, worked out once when the resolver is made.
final class ResolvedService: Sendable {
    let definition: ServiceDefinition
    let answer: KeyAnswer
    let warnings: [KeyWarning]
    private let hasWarned = Atomic(false)

    init(_ definition: ServiceDefinition, in environment: KeyEnvironment, catalogue: ServiceCatalogue) {
        self.definition = definition
        let lookup = VariableLookup(definition.variables, in: environment)
        answer = lookup.answer(
            for: definition.service,
            isRequired: definition.isKeyRequired,
            catalogue: catalogue
        )
        warnings = lookup.warnings(for: definition, catalogue: catalogue)
    }

    /// The warnings, the first time they are asked for.
    func takeWarnings() -> [KeyWarning] {
        guard !warnings.isEmpty, !hasWarned.exchange(true, ordering: .relaxed) else { return [] }
        return warnings
    }
}
