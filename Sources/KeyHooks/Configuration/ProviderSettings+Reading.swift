import ExtensionHooks
import JSON5Syntax

extension JSONValueReader {
    /// The settings of services by their ids, those of a profile if one is named.
    mutating func providers(of profile: String?, plugins: Set<PluginID>) -> [Service: ProviderSettings]? {
        var seen: Set<Service> = []
        let described = map { name, value in
            value.provider(named: name, of: profile, plugins: plugins, seen: &seen)
        }
        return described.map { described in
            Dictionary(described.map { (Service($0.name), $0.value) }) { first, _ in first }
        }
    }

    private mutating func provider(
        named name: String,
        of profile: String?,
        plugins: Set<PluginID>,
        seen: inout Set<Service>
    ) -> ProviderSettings? {
        let service = Service(name)
        guard service.isValid else {
            rejectName("isn't a valid service id: use letters, digits, '-', '.' and '_'")
            return nil
        }
        guard ServiceCatalogue.standard.canonical(service) == service else {
            rejectName("is an alias: write its settings under '\(ServiceCatalogue.standard.canonical(service))'")
            return nil
        }
        guard seen.insert(service).inserted else {
            rejectName("is the same service as an earlier name: '\(service)'")
            return nil
        }
        return object { reader in
            var settings = ProviderSettings()
            // Beside 'only' these are mistakes, whatever they say.
            let isAlone = reader.value("only") != nil
            if !isAlone { settings.env = reader.array("env", orSingle: true) { $0.variableName() } }
            if profile == nil {
                settings.aliases = reader.array("aliases", orSingle: true) { $0.alias(of: service) } ?? []
            } else if reader.value("aliases") != nil {
                reader.reject("aliases", "a profile cannot change what a service is called: write it under 'providers'")
            }
            if !isAlone { settings.constant = reader.read("constant") { $0.constant() } }
            settings.isKeyRequired = reader.isKeyRequired()
            settings.plugins = reader.array("plugins", orSingle: true) { $0.pluginID() }
            let source = reader.source()
            settings.timeToLive = reader.duration("ttl")
            if !isAlone { settings.fallback = reader.oneOf("fallback", KeyFallback.self) }
            reader.readOnly(into: &settings)
            let own = Set(settings.plugins ?? [])
            settings.sections = reader.sections(of: service, plugins, own)
            if let source {
                settings.plugins = [source.id]
                // The same in other words: nothing is lost if both are said.
                settings.sections[source.id] =
                    settings.sections[source.id].map { $0.overlaid(with: source.settings) }
                    ?? source.settings
            }
            return settings
        }
    }

    fileprivate mutating func pluginID() -> PluginID? {
        string(orSay: "isn't a valid plugin id: use letters, digits, '.', '_' and '-'") { PluginID($0).isWellFormed }
            .map { PluginID($0) }
    }

    /// The name of a variable; stricter than the system, so that a key pasted in place of a name is refused.
    package mutating func variableName() -> String? {
        guard let name = string() else { return nil }
        guard !VariableName.isName(name) else { return name }
        reject(
            VariableName.inReference(name).map { "expected the name of the variable alone: write \"\($0)\"" }
                ?? VariableName.expectation
        )
        return nil
    }

    /// A key that isn't secret.
    private mutating func constant() -> APIKey? {
        string(orSay: "expected a key that is no secret, such as 'lm-studio' for a server that takes any") { text in
            (1...64).contains(text.utf8.count) && text.utf8.allSatisfy { $0.isWordByte || "._-".utf8.contains($0) }
        }
        .map { APIKey($0) }
    }

    private mutating func alias(of service: Service) -> Service? {
        let isService = { (name: String) in Service(name).isValid }
        guard let name = string(orSay: "isn't a valid service id: use letters, digits, '-', '.' and '_'", if: isService)
        else { return nil }
        let alias = Service(name)
        let owner = ServiceCatalogue.standard.canonical(alias)
        if owner != service, ServiceCatalogue.standard.definition(of: alias).isListed {
            reject("'\(alias)' already means '\(owner)'; choose another alias")
            return nil
        }
        return alias
    }
}

extension JSONObjectReader {
    /// Reads `only`: who alone may answer, with nothing weaker behind.
    fileprivate mutating func readOnly(into settings: inout ProviderSettings) {
        guard let node = value("only") else { return }
        for other in ["plugins", "env", "constant", "fallback"] where value(other) != nil {
            reject(other, "'only' says who answers, and that nothing else does: take one of them out")
        }
        let names = node.string.map { [$0] } ?? node.elements?.compactMap(\.string) ?? []
        if names.contains(where: { ["env", ".env", "environment", "dotenv", "variables"].contains($0) }) {
            reject("only", "names plugins; for the environment alone, write \"plugins\": []")
        } else if node.elements?.isEmpty == true {
            reject("only", "expected a plugin; for the environment alone, write \"plugins\": []")
        } else if let only = array("only", orSingle: true, { $0.pluginID() }) {
            settings.only = only
        }
    }

    /// Reads `source`, which says who alone is asked for the key, and what stands beside it of the place.
    fileprivate mutating func source() -> (id: PluginID, settings: JSONNode)? {
        let said = names.filter(SecretServiceSettings.words.contains)
        _ = SecretServiceSettings(from: &self)
        guard let node = value("source") else {
            for word in said { reject(word, "'source' is missing: say in which secret manager it is") }
            return nil
        }
        for other in ["plugins", "only"] where value(other) != nil {
            reject("source", "says who is asked for the key: take '\(other)' out")
        }
        guard let id = read("source", { $0.pluginID() }) else { return nil }
        let members = said.compactMap { name in value(name).map { JSONMember(name, $0, at: $0.position) } }
        return (id, JSONNode(.object(members), at: node.position))
    }

    fileprivate mutating func isKeyRequired() -> Bool? {
        let (required, notRequired) = (bool("required"), bool("notRequired"))
        if let required, let notRequired, required == notRequired {
            reject("notRequired", "contradicts 'required': take one of them out")
        }
        return required ?? notRequired.map { !$0 }
    }

    /// The members that are plugins' sections: those named after a plugin that the configuration knows.
    ///
    /// Says of others what they lack, or how what they seem to be meant for is written; what resembles a known name is
    /// left to be reported as unknown, with that name.
    fileprivate mutating func sections(
        of service: Service,
        _ plugins: Set<PluginID>,
        _ own: Set<PluginID>
    ) -> [PluginID: JSONNode] {
        var sections: [PluginID: JSONNode] = [:]
        // There may be many plugins, and a service has few sections.
        for name in names where !Self.settings.contains(name) && !SecretServiceSettings.words.contains(name) {
            guard let node = value(asIsOf: name) else { continue }
            let id = PluginID(name)
            if id.isWellFormed, plugins.contains(id) || own.contains(id) {
                sections[id] = object(name)
                continue
            }
            // The likeliest of them will be suggested.
            let likely = (plugins.count > 100 ? [] : plugins.map(\.rawValue)) + own.map(\.rawValue)
            ignore(likely)
            if let text = node.string {
                rejectKey(text, named: name, of: service)
            } else if node.members != nil, id.isWellFormed {
                rejectSection(name, known: Self.settings + likely)
            }
        }
        return sections
    }

    private mutating func object(_ name: String) -> JSONNode? {
        let node = value(name)
        if node?.members != nil { return node }
        reject(name, "expected an object: the plugin's settings for the service")
        return nil
    }

    private static let settings = [
        "env", "aliases", "constant", "required", "notRequired", "plugins", "only", "source", "ttl", "fallback",
    ]

    /// Says of a text that is meant to be the key, or to name its variable, how that is written here.
    private mutating func rejectKey(_ text: String, named name: String, of service: Service) {
        let isNamed = PeerWords.isKey(name)
        let variable = VariableName.inReference(text) ?? (isNamed && PastedKey.isVariable(text) ? text : nil)
        if let variable {
            rejectName(name, "unknown key: write \"env\": [\"\(variable)\"], which names the variable of the key")
        } else if isNamed, PastedKey.isIn(text) {
            // What is to be said of a key is said of it.
            ignore(name)
        } else if isNamed {
            let usual = ServiceCatalogue.standard.definition(of: service).variables.first?.name ?? "NAME"
            let isReference = UnresolvedReference.form(of: text) != nil
            let words = isReference ? "references of this form aren't followed" : "a configuration never holds a key"
            rejectName(name, "unknown key: \(words); put it in a variable, and name that: \"env\": [\"\(usual)\"]")
        }
    }

    /// Says of an object that is nobody's what it lacks if it is meant for a plugin.
    private mutating func rejectSection(_ name: String, known: [String]) {
        guard PeerWords.advice(on: name, known: known) == nil, closestMatch(to: name, among: known) == nil else {
            return
        }
        rejectName(name, "unknown key; if a plugin is meant, give it a section of its own under 'plugins'")
    }
}
