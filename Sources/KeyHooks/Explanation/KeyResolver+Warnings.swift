import ExtensionHooks
import JSON5Syntax

extension KeyResolver {
    /// What is allowed in a configuration and yet is often a mistake, as ``explain(service:scope:)`` warns of it.
    ///
    /// - Parameters:
    ///   - service: The service; an alias will do.
    ///   - scope: For whom the key is wanted.
    /// - Returns: A line for each, without a value; none for what isn't a valid service id.
    package func warnings(about service: Service, scope: KeyScope) -> [String] {
        let state = state
        guard let resolved = try? state.resolved(service, under: scope.profile) else { return [] }
        return state.warnings(about: resolved.definition.service, under: scope.profile)
            + caches.flatMap(\.warnings).map { displayLines($0) }
    }
}

extension KeyResolver {
    /// The plugins that are asked for keys, in their order; ``list(profile:)`` asks none of them.
    package var askedPlugins: [String] {
        let registry = state.hooks.registry
        var seen: Set<String> = []
        return (registry.order(of: .getAPIKey) + registry.order(of: .getSecret))
            .filter { !$0.isDisabled && $0.phases.contains(.start) }
            .map { displayText($0.id.plugin.rawValue) }
            .filter { seen.insert($0).inserted }
    }
}

extension ResolverState {
    /// What is allowed in a configuration and yet is often a mistake, as far as it concerns a service.
    ///
    /// - Parameters:
    ///   - service: The canonical id.
    ///   - profile: The profile that the call's scope names.
    /// - Returns: A line for each.
    func warnings(about service: Service, under profile: String?) -> [String] {
        let wanted = rules.rule(of: service, under: profile)?.plugins ?? configuration.plugins.map(\.id)
        let off = wanted.filter(hooks.switchedOff.contains)
            .map { "plugin '\($0)', which the configuration counts on, is switched off: keyhooks plugins enable \($0)" }
        let isSet = (try? resolved(service, under: profile)).map { KeyExplanation.Outcome($0) == .found } ?? true
        return (unread + misnamedProviders(of: service, isSet) + off + misnamedHooks + hooks.warnings)
            .map { displayLines($0) }
    }

    /// A hook may come later, so an order that names nobody isn't a mistake yet.
    private var misnamedHooks: [String] {
        let ids = (hooks.registry.order(of: .getAPIKey) + hooks.registry.order(of: .getSecret)).map(\.id)
        let known = Set(ids + ids.map { HookID($0.plugin) })
        return configuration.hookOrder.filter { !known.contains($0) && !hooks.switchedOff.contains($0.plugin) }
            .map { id in
                let meant = closestMatch(to: id.rawValue, among: known.map(\.rawValue).sorted())
                return "hookOrder names '\(id)', and there is no such hook"
                    + (meant.map { ". Did you mean '\($0)'?" } ?? "")
            }
    }

    /// Files that somebody may have written for a `keyhooks.json`, and that nobody reads.
    private var unread: [String] {
        configuration.unread.map { path in
            let isJSON = [".json", ".jsonc", ".json5"].contains(where: path.hasSuffix)
            let remedy =
                isJSON ? "rename it, or name it by --config" : "write it as JSON or JSON5 in a file of that name"
            return "\(FileFault.shown(path)) isn't read, only keyhooks.json is: \(remedy)"
        }
    }

    /// Any name may be that of a service of one's own, but one without variables and so like a known one is none.
    ///
    /// One with variables is doubted where the known one has no key in the environment, unless the known name is part
    /// of it, as in `openai_eu`, or it is so short that many names are like it.
    private func misnamedProviders(of service: Service, _ isSet: Bool) -> [String] {
        let standard = ServiceCatalogue.standard
        let ids = standard.ids(of: service).map(\.id)
        return configuration.providers
            .compactMap { name, settings -> (name: Service, meant: String)? in
                // To compare a name with all services takes long, and most resemble this one not at all.
                guard settings.env == nil || !isSet && name != service,
                    name == service || closestMatch(to: name.id, among: ids) != nil,
                    let meant = standard.suggestion(for: name),
                    settings.env == nil || !name.id.contains(meant) && name.id.count > 4
                else { return nil }
                return name == service || standard.canonical(Service(meant)) == service ? (name, meant) : nil
            }
            .sorted { $0.name < $1.name }
            .map { "providers.\($0.name) is about no known service. Did you mean '\($0.meant)'?" }
    }
}
