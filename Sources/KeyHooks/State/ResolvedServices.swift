import ExtensionHooks
import LightFoundation
import Synchronization

/// What the environment, the files and the rules have for one service, worked out once.
final class ResolvedService: Sendable {
    let definition: ServiceDefinition
    private let answerFound: KeyAnswer
    private let hinted: HintedAnswer?

    /// Why the environment's answer is not known; it is thrown in place of ``answer``.
    let failure: KeyResolutionError?

    /// What is odd about the variables; about a key that is found, ``KeyResolver/examined(_:of:)`` says it.
    let warnings: [KeyWarning]

    /// The fields that do in place of a key, if no key is there.
    let credentials: SetCredentials?

    /// Where the service is asked for.
    let sites: KeyCallSites

    /// What the environment and the files answer.
    var answer: KeyAnswer { hinted?.answer ?? answerFound }

    /// The answer for a service that nobody knows, with what was probably meant, looked for when somebody wants it.
    ///
    /// That compares the name with those of all services, which takes a hundred times as long as a look-up. Where a
    /// plugin answers nobody reads it.
    private final class HintedAnswer: Sendable {
        private let kept = Mutex<KeyAnswer?>(nil)
        private let find: @Sendable () -> KeyAnswer

        init(_ find: @escaping @Sendable () -> KeyAnswer) {
            self.find = find
        }

        var answer: KeyAnswer {
            kept.withLock { kept in
                let answer = kept ?? find()
                kept = answer
                return answer
            }
        }
    }

    init(
        _ definition: ServiceDefinition,
        in environment: KeyEnvironment,
        placesTried: [String],
        hint: (@Sendable () -> ServiceHint?)? = nil,
        siblings: [ServiceDefinition] = [],
        arePluginsOff: Bool = false,
        sites: KeyCallSites
    ) {
        self.definition = definition
        self.sites = sites
        let lookup = VariableLookup(definition.readVariables, in: environment)
        // Few services have any, and all are worked out at the start.
        credentials =
            definition.credentials.isEmpty || lookup.winner != nil
            ? nil : SetCredentials(of: definition, in: environment)
        warnings = lookup.warnings(for: definition, siblings: siblings)
        if let constant = definition.constant {
            let key = APIKey(constant.key.value, provenance: KeyProvenance(source: .constant))
            // Any word will do for a server that wants no key.
            _ = key.markExamined()
            (answerFound, failure, hinted) = (.found(key), nil, nil)
            return
        }
        failure = lookup.failure
        let found = lookup.answer(
            isRequired: definition.isKeyRequired,
            placesTried: definition.isEnvironmentClosed ? [] : placesTried,
            credentials: credentials
        )
        let answer = definition.isEnvironmentClosed && arePluginsOff ? found.withoutPlugins : found
        answerFound = answer
        hinted = hint.map { find in
            HintedAnswer {
                guard case .absent(var absence) = answer, let hint = find() else { return answer }
                absence.suggestion = hint.meant
                absence.hint = hint.text { environment.value(of: $0) != nil } ?? absence.hint
                absence.isOfVariable = hint.isVariable
                return .absent(absence)
            }
        }
    }

    /// The same as another object, for threads that are not to share reference counts.
    init(copying other: ResolvedService, _ sites: KeyCallSites) {
        definition = other.definition
        credentials = other.credentials
        answerFound = other.answerFound.unshared
        hinted = other.hinted
        failure = other.failure
        warnings = other.warnings
        self.sites = sites
    }

    /// What is asked of it; a plain question allocates nothing.
    func request(_ scope: KeyScope, field: String? = nil, _ maximumAge: Duration? = nil) -> KeyRequest {
        KeyRequest(service: definition.service, scope: scope, sites.context(field: field, maximumAge: maximumAge))
    }

    /// Whether the environment has nothing for the service, so that the names of an alias may come in.
    var isOpenToAliases: Bool { if case .found = answerFound { false } else { failure == nil } }
}

extension KeyAnswer {
    /// The answer for a service that only plugins may answer for, while none is asked.
    fileprivate var withoutPlugins: KeyAnswer {
        guard case .absent(var absence) = self else { return self }
        absence.remedy =
            "only plugins may answer for it ('only'), and all are switched off: leave out --no-plugins, or unset "
            + "KEYHOOKS_NO_PLUGINS"
        return .absent(absence)
    }
}

// A hook may change the service of a request to one whose plugins are limited by a rule. That rule holds all the same.

extension ResolvedService {
    /// Whether other plugins are to be asked than those that were asked before a hook changed the service.
    func mustBeAskedElsewhere(than first: ResolvedService) -> Bool {
        self !== first && sites !== first.sites && definition.service != first.definition.service
    }

    static func changedTwice(_ request: KeyRequest) -> KeyResolutionError {
        .invalidConfiguration(
            "plugins changed the service of one request twice, in the end to '\(request.service)'",
            remedy: "let one plugin change it"
        )
    }
}

/// Works out what the services have, with call sites of their own for those whose plugins are limited.
struct ResolvedServiceBuilder {
    let environment: KeyEnvironment
    let placesTried: [String]
    let hooks: LoadedPlugins
    let rules: ServiceRules
    let common: KeyCallSites

    /// Services with the same plugins share sites.
    var limited: [[PluginID]: KeyCallSites] = [:]

    /// The services by id and alias.
    mutating func services(
        _ definitions: [ServiceDefinition],
        under profile: String?
    ) throws(KeyResolutionError) -> [Service: ResolvedService] {
        var services: [Service: ResolvedService] = [:]
        let own = Dictionary(definitions.map { ($0.service, $0) }) { _, last in last }
        for definition in definitions {
            let plugins = rules.rule(of: definition.service, under: profile)?.plugins
            let resolved = ResolvedService(
                definition,
                in: environment,
                placesTried: placesTried,
                siblings: definition.separateAccounts.map { own[$0] ?? rules.catalogue.definition(of: $0) },
                arePluginsOff: hooks.areAllOff,
                sites: try plugins.map { named throws(KeyResolutionError) in try sites(asking: named) } ?? common
            )
            for id in [definition.service] + definition.aliases { services[id] = resolved }
        }
        return services
    }

    private mutating func sites(asking named: [PluginID]) throws(KeyResolutionError) -> KeyCallSites {
        var seen: Set<PluginID> = []
        let plugins = named.filter { seen.insert($0).inserted }
        if let known = limited[plugins] { return known }
        do {
            let registry = try hooks.registry.derived(asking: plugins) { added in
                refuseIfAllAreOff(plugins, &added)
            }
            try registry.pinOrder(plugins.map { HookID($0) })
            let made = KeyCallSites(in: registry, KeyRequest.Context(rules: rules, isLimited: true))
            limited[plugins] = made
            return made
        } catch {
            throw .invalidConfiguration(
                "the plugins \(plugins.map(\.rawValue).joined(separator: ", ")) cannot be put in this order",
                remedy: "change 'plugins' of the provider, or the before: and after: of the hooks"
            )
        }
    }

    /// Who named the plugins that may answer for a service does not want the environment to answer while they are off.
    private func refuseIfAllAreOff(_ plugins: [PluginID], _ added: inout HookBundle) {
        guard let first = plugins.first, plugins.allSatisfy(hooks.switchedOff.contains) else { return }
        let names = plugins.map(\.rawValue).joined(separator: ", ")
        @Sendable func error(_ service: Service) -> KeyResolutionError {
            KeyResolutionError(
                .invalidConfiguration,
                "the plugins that may answer for '\(service)' are switched off: \(names)",
                remedy: "change 'plugins' of the provider, or run: keyhooks plugins enable \(first)",
                service: service
            )
        }
        for point in [HookPoint.getAPIKey, .getSecret] {
            added.onStart(point, id: HookID("\(first)/switched-off")) { throw error($0.arguments.service) }
        }
    }
}
