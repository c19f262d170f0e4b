import ExtensionHooks

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
    public func explain(
        service: Service,
        scope: KeyScope = KeyScope()
    ) throws(KeyResolutionError) -> KeyExplanation {
        let resolved = try resolved(service)
        let definition = resolved.definition
        let lookup = VariableLookup(definition.variables, in: environment)
        let outcome: KeyExplanation.Outcome =
            switch resolved.answer {
            case .found: .found
            case .notRequired: .notRequired
            case .absent: .absent
            }
        return KeyExplanation(
            requested: service.id,
            service: definition.service.id,
            isKnown: definition.isListed,
            suggestion: catalogue.suggestion(for: service),
            isKeyRequired: definition.isKeyRequired,
            note: definition.note,
            configuration: configuration.path,
            precedence: environment.precedence,
            hooks: hooks(of: definition),
            cached: caches.compactMap { $0.report(on: KeyRequest(service: definition.service, scope: scope)) },
            places: environment.places,
            variables: environment.lines(for: lookup),
            fields: definition.fields.mapValues { environment.lines(for: VariableLookup($0, in: environment)) },
            outcome: outcome,
            winner: lookup.winner.map { environment.location(of: $0.name, at: $0.binding.place) },
            warnings: resolved.warnings.map(\.message) + environment.warnings(for: lookup.winner?.binding)
        )
    }

    private func hooks(of definition: ServiceDefinition) -> [KeyExplanation.HookLine] {
        let keys = registry.order(of: .getAPIKey).map { KeyExplanation.HookLine($0, point: "getAPIKey") }
        guard !definition.fields.isEmpty else { return keys }
        return keys + registry.order(of: .getSecret).map { KeyExplanation.HookLine($0, point: "getSecret") }
    }

    /// Whether the environment has a key for a service, or the service requires none.
    ///
    /// Asks no hook: what a plugin would answer is not known without asking it. ``explain(service:)`` lists the hooks.
    ///
    /// - Parameter service: The service; an alias will do.
    /// - Returns: False as well for a name that is no service id.
    public func isConfigured(_ service: Service) -> Bool {
        guard let answer = try? resolved(service).answer else { return false }
        if case .absent = answer { return false }
        return true
    }
}

extension KeyExplanation.HookLine {
    init(_ placement: HookPlacement, point: String) {
        self.init(
            id: placement.id.rawValue,
            point: point,
            phases: placement.phases.map(\.description),
            priority: placement.priority,
            isEnabled: !placement.isDisabled,
            reason: placement.reason
        )
    }
}
