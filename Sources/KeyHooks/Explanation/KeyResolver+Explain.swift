import DotenvSyntax
import ExtensionHooks
import JSON5Syntax

extension KeyResolver {
    /// Explains where the key of a service would come from.
    ///
    /// Asks no hook, and holds no value.
    ///
    /// - Parameters:
    ///   - service: The service; an alias will do.
    ///   - scope: For whom the key would be wanted.
    /// - Returns: The whole chain: hooks, what their caches keep, places, variables and which of them wins.
    /// - Throws: A ``KeyResolutionError`` with the code `invalidService`.
    public func explain(service: Service, scope: KeyScope = KeyScope()) throws(KeyResolutionError) -> KeyExplanation {
        let state = state
        let resolved = try state.resolved(service, under: scope.profile)
        let environment = state.environment
        let definition = state.catalogue.definition(resolved.definition, askedForAs: service)
        let lookup = VariableLookup(definition.readVariables, in: environment)
        let hint = state.catalogue.hint(for: service)
        let request = resolved.request(scope)
        var hooks = hooks(of: definition, in: resolved.sites.registry, of: state, request)
        let caches = caches(askedFor: request, in: resolved.sites.registry)
        let reports = Self.reports(of: caches, on: request, inOrderOf: hooks)
        for (index, hook) in hooks.enumerated() where hook.phases.contains("start") {
            // A source has a fallback of its own, over which the rule's stands.
            guard let report = reports.first(where: { $0.plugin == HookID(hook.id).plugin }) else { continue }
            hooks[index].allowsFallback = report.allowsFallback
        }
        let winner = lookup.winner.map { environment.location(of: $0.name, at: $0.binding.place) }
        return KeyExplanation(
            requested: service.id,
            service: definition.service.id,
            isKnown: definition.isListed,
            suggestion: hint?.meant,
            hint: hint?.text { environment.value(of: $0) != nil },
            isKeyRequired: definition.isKeyRequired,
            note: definition.note,
            configuration: state.configuration.path,
            precedence: environment.precedence,
            rules: request.rule?.origins ?? [],
            hooks: hooks,
            pluginsOff: state.hooks.switchedOff.sorted().map(\.rawValue),
            cached: reports,
            places: definition.isEnvironmentClosed ? [] : environment.places,
            variables: environment.lines(for: lookup),
            fields: definition.isEnvironmentClosed
                ? [:] : definition.fields.mapValues { environment.lines(for: VariableLookup($0, in: environment)) },
            outcome: KeyExplanation.Outcome(resolved),
            winner: winner,
            warnings: state.warnings(about: definition.service, under: scope.profile)
                + Self.skipped(
                    reports,
                    before: lookup.winner.map { environment.source(of: $0.binding.place, name: $0.name) },
                    of: definition.service
                )
                + (resolved.failure.map { [$0.message] } ?? [])
                + Self.remarks(on: resolved)
                + resolved.warnings.map(\.message)
                + KeyWarning.words(about: resolved, in: environment)
                + [lookup.winner.flatMap { environment.hiddenValue(of: $0.name, by: $0.binding.place) }]
                .compactMap(\.self).map { displayLines($0) }
                + environment.warnings(for: lookup.winner?.binding).map { displayLines($0) }
                + caches.flatMap(\.warnings).map { displayLines($0) }
        )
    }

    /// What the caches know, in the order in which their plugins are asked.
    private static func reports(
        of caches: [any KeyCache],
        on request: KeyRequest,
        inOrderOf hooks: [KeyExplanation.HookLine]
    ) -> [CachedKeyReport] {
        let reports = caches.compactMap { $0.report(on: request) }
        var asked: [PluginID] = []
        for plugin in hooks.map({ HookID($0.id).plugin }) where !asked.contains(plugin) { asked.append(plugin) }
        return asked.flatMap { plugin in reports.filter { $0.plugin == plugin } }
            + reports.filter { !asked.contains($0.plugin) }
    }

    /// That sources are known to have nothing for a service, where a variable has its key.
    private static func skipped(
        _ reports: [CachedKeyReport],
        before winner: KeyProvenance.Source?,
        of service: Service
    ) -> [String] {
        let absent = reports.filter { $0.state == .absent }
        guard let winner, !absent.isEmpty else { return [] }
        let places = absent.map { report in "\(report.source)\(report.detail.map { " (\($0))" } ?? "")" }
        return [KeyWarning.skipped(places, of: service, before: "\(winner)")]
    }

    /// What was seen that may have been meant, as the error of a caller who insists on a key has it.
    private static func remarks(on resolved: ResolvedService) -> [String] {
        guard resolved.failure == nil, case .absent(let absence) = resolved.answer else { return [] }
        return absence.remarks.map { displayLines($0) }
    }

    /// The caches behind the hooks that are asked for a main key.
    private func caches(askedFor request: KeyRequest, in registry: HookRegistry) -> [any KeyCache] {
        let asked = registry.order(of: .getAPIKey, for: request)
            .filter { !$0.isDisabled && $0.exclusion == nil && $0.phases.contains(.start) }
        return caches.filter { cache in asked.contains { cache.id.matches($0.id) } }
    }

    private func hooks(
        of definition: ServiceDefinition,
        in registry: HookRegistry,
        of state: ResolverState,
        _ request: KeyRequest
    ) -> [KeyExplanation.HookLine] {
        func lines(_ point: HookPoint<KeyRequest, KeyAnswer>) -> [KeyExplanation.HookLine] {
            let off = Set(state.hooks.registry.order(of: point).filter(\.isDisabled).map(\.id))
            let lines = registry.order(of: point, for: request)
                .map { placement in
                    let isByRule = request.isLimited && !off.contains(placement.id)
                    return KeyExplanation.HookLine(
                        id: placement.id.rawValue,
                        point: point.name,
                        phases: placement.phases.map(\.description),
                        priority: placement.priority,
                        isEnabled: !placement.isDisabled && placement.exclusion == nil,
                        reason: (isByRule ? placement.reasonByRule : nil) ?? placement.reason,
                        allowsFallback: request.rule?.fallback == .unavailable && placement.phases.contains(.start)
                    )
                }
            return lines.filter(\.isEnabled) + lines.filter { !$0.isEnabled }
        }
        return lines(.getAPIKey) + (definition.fields.isEmpty ? [] : lines(.getSecret))
    }

    /// Whether the environment has a key for a service, or the fields that do in its place, or the service requires
    /// none.
    ///
    /// Asks no hook: what a plugin would answer is not known without asking it. ``explain(service:scope:)`` lists the
    /// hooks.
    ///
    /// - Parameter service: The service; an alias will do.
    /// - Returns: False as well for a name that isn't a valid service id, and for a key in a file that can't be read.
    public func isConfigured(_ service: Service) -> Bool {
        guard let resolved = try? state.resolved(service, under: nil) else { return false }
        return KeyExplanation.Outcome(resolved).isAnswer
    }
}

extension HookPlacement {
    /// Why it stands where it does if a rule says which plugins may answer for the service; nil if that is not why.
    fileprivate var reasonByRule: String? {
        if isDisabled { return "not in this service's 'plugins'" }
        return isPinned && exclusion == nil ? "in the order of this service's 'plugins'" : nil
    }
}

extension KeyExplanation.Outcome {
    /// Whether nothing is missing.
    var isAnswer: Bool { self != .absent && self != .unreadable }

    init(_ resolved: ResolvedService) {
        self =
            switch resolved.answer {
            case _ where resolved.failure != nil: .unreadable
            case .found: .found
            case .notRequired: .notRequired
            case .absent: resolved.credentials == nil ? .absent : .fields
            }
    }
}

extension KeyEnvironment {
    /// What the process environment is called among the places.
    static let processName = "process environment"

    /// What a place is called where it is shown that a variable stands there.
    func name(of place: Place, holding variable: String) -> String {
        switch place {
        case .process: Self.processName
        case .keyFile: "\(variable)\(KeyFiles.suffix)\(keyFiles.path(for: variable).map { " (\($0))" } ?? "")"
        case .file(let index, _): files[index].path
        }
    }

    private func line(of place: Place) -> Int? {
        if case .file(_, let line) = place { line } else { nil }
    }

    var places: [KeyExplanation.PlaceLine] {
        let own = [KeyExplanation.PlaceLine(name: Self.processName, isPresent: true, remark: nil)]
        let declared = files.reversed()
            .map { KeyExplanation.PlaceLine(name: $0.path, isPresent: $0.contents != nil, remark: $0.remark) }
        return precedence == .process ? own + declared : declared + own
    }

    func location(of variable: String, at place: Place) -> KeyExplanation.Location {
        KeyExplanation.Location(variable: variable, place: name(of: place, holding: variable), line: line(of: place))
    }

    func lines(for lookup: VariableLookup) -> [KeyExplanation.VariableLine] {
        let winner = lookup.winner
        return lookup.variables.map { variable in
            let bindings = bindings(of: variable.name)
            return KeyExplanation.VariableLine(
                name: variable.name,
                tier: variable.tier,
                isShared: variable.isShared,
                state: bindings.isEmpty ? .unset : bindings.allSatisfy(\.isBlank) ? .empty : .set,
                occurrences: bindings.map { binding in
                    KeyExplanation.Occurrence(
                        place: name(of: binding.place, holding: variable.name),
                        line: line(of: binding.place),
                        state: binding.isBlank ? .empty : .set,
                        wins: variable.name == winner?.name && binding.place == winner?.binding.place
                    )
                }
            )
        }
    }

    /// What is odd about the files themselves: mistakes that do no harm yet, and a key that others can read.
    func warnings(for winner: Binding?) -> [String] {
        var warnings: [String] = []
        for (index, file) in files.enumerated() {
            warnings += file.diagnostics.lines(in: file.path, hiding: PastedKey.isIn)
            if case .file(index, _) = winner?.place, file.isReadableByOthers {
                warnings.append("\(file.path) can be read by other users of this machine; run: chmod 600 \(file.path)")
            }
        }
        return warnings
    }
}
