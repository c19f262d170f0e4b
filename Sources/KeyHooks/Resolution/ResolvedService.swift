import ExtensionHooks
import Foundation
import Synchronization

/// What the environment, the files and the rules have for one service, worked out once.
final class ResolvedService: Sendable {
    let definition: ServiceDefinition
    let answer: KeyAnswer
    let warnings: [KeyWarning]

    /// Where the service is asked for if it has plugins of its own; nil for where all are.
    let sites: KeySites?

    private let hasWarned: Flag

    /// Shared by copies, so that a warning is told once.
    private final class Flag: Sendable {
        let value = Atomic(false)
    }

    init(
        _ definition: ServiceDefinition,
        in environment: KeyEnvironment,
        catalogue: ServiceCatalogue,
        sites: KeySites? = nil
    ) {
        self.definition = definition
        let lookup = VariableLookup(definition.variables, in: environment)
        answer = lookup.answer(
            for: definition.service,
            isRequired: definition.isKeyRequired,
            catalogue: catalogue
        )
        warnings = lookup.warnings(for: definition, catalogue: catalogue)
        self.sites = sites
        hasWarned = Flag()
    }

    private init(copying other: ResolvedService) {
        definition = other.definition
        answer = if case .found(let key) = other.answer { .found(key.unshared) } else { other.answer }
        warnings = other.warnings
        sites = other.sites
        hasWarned = other.hasWarned
    }

    /// The same as another object, for threads that are not to share reference counts.
    func copy() -> ResolvedService { ResolvedService(copying: self) }

    /// The warnings, the first time they are asked for.
    func takeWarnings() -> [KeyWarning] {
        guard !warnings.isEmpty, !hasWarned.value.exchange(true, ordering: .relaxed) else { return [] }
        return warnings
    }
}

/// The call sites that keys and named fields are asked for at.
struct KeySites: Sendable {
    let registry: HookRegistry
    let keys: HookSite<KeyRequest, KeyAnswer>
    let secrets: HookSite<SecretRequest, KeyAnswer>

    init(in registry: HookRegistry) {
        self.registry = registry
        keys = HookSite(.getAPIKey, in: registry)
        secrets = HookSite(.getSecret, in: registry)
    }
}
