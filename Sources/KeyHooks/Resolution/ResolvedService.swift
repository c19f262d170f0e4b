import ExtensionHooks
import Foundation
import Synchronization

/// What the environment, the files and the rules have for one service, worked out once.
final class ResolvedService: Sendable {
    let definition: ServiceDefinition
    private let answerFound: KeyAnswer
    private let suggestion: Suggestion?
    let warnings: [KeyWarning]

    /// Where the service is asked for.
    let sites: KeySites

    private let hasWarned: Flag

    /// What the environment and the files answer.
    var answer: KeyAnswer {
        guard let suggestion, case .absent(var absence) = answerFound else { return answerFound }
        absence.suggestion = suggestion.text
        return .absent(absence)
    }

    /// What was probably meant by a service that nobody knows, looked for when somebody wants to read it.
    ///
    /// That compares the name with those of all services, which takes a hundred times as long as a look-up. Where a
    /// plugin answers nobody reads it.
    private final class Suggestion: Sendable {
        private let found = Mutex<String??>(nil)
        private let find: @Sendable () -> String?

        init(_ find: @escaping @Sendable () -> String?) {
            self.find = find
        }

        var text: String? {
            found.withLock { found in
                if let found { return found }
                let text = find()
                found = .some(text)
                return text
            }
        }
    }

    /// Shared by copies, so that a warning is told once.
    private final class Flag: Sendable {
        let value = Atomic(false)
    }

    init(
        _ definition: ServiceDefinition,
        in environment: KeyEnvironment,
        placesTried: [String],
        suggestion: (@Sendable () -> String?)? = nil,
        siblings: [ServiceDefinition],
        sites: KeySites
    ) {
        self.definition = definition
        let lookup = VariableLookup(definition.variables, in: environment)
        if let constant = definition.constant {
            answerFound = .found(APIKey(constant.key.value, provenance: KeyProvenance(source: .constant)))
        } else {
            answerFound = lookup.answer(isRequired: definition.isKeyRequired, placesTried: placesTried)
        }
        self.suggestion = suggestion.map(Suggestion.init)
        warnings = lookup.warnings(for: definition.service, siblings: siblings)
        self.sites = sites
        hasWarned = Flag()
    }

    private init(copying other: ResolvedService, _ sites: KeySites) {
        definition = other.definition
        answerFound = if case .found(let key) = other.answerFound { .found(key.unshared) } else { other.answerFound }
        suggestion = other.suggestion
        warnings = other.warnings
        self.sites = sites
        hasWarned = other.hasWarned
    }

    /// The same as another object, for threads that are not to share reference counts.
    func copy(_ sites: KeySites) -> ResolvedService { ResolvedService(copying: self, sites) }

    /// The warnings, the first time they are asked for.
    func takeWarnings() -> [KeyWarning] {
        guard !warnings.isEmpty, !hasWarned.value.exchange(true, ordering: .relaxed) else { return [] }
        return warnings
    }
}

/// The call sites that keys and named fields are asked for at.
///
/// An object, since taking it out of another one is then one reference and not eight.
final class KeySites: Sendable {
    let registry: HookRegistry
    /// Whether only the plugins are asked that the user named.
    let isLimited: Bool
    let keys: HookSite<KeyRequest, KeyAnswer>
    let secrets: HookSite<SecretRequest, KeyAnswer>

    init(in registry: HookRegistry, isLimited: Bool) {
        self.registry = registry
        self.isLimited = isLimited
        keys = HookSite(.getAPIKey, in: registry)
        secrets = HookSite(.getSecret, in: registry)
    }

    /// Whether anybody would be asked.
    var hasKeyHooks: Bool { keys.isUsed }

    /// Asks for a key; a method, so that nothing is taken out of the object for the time of the call.
    func key(
        _ request: KeyRequest,
        body: (KeyRequest) async throws -> KeyAnswer
    ) async throws -> HookOutcome<KeyRequest, KeyAnswer> {
        try await keys.callReportingSource(request, body: body)
    }

    private init(copying other: KeySites) {
        registry = other.registry
        isLimited = other.isLimited
        keys = other.keys
        secrets = other.secrets
    }

    /// The same as another object, for threads that are not to share reference counts.
    func copy() -> KeySites { KeySites(copying: self) }
}
