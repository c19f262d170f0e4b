public import ExtensionHooks
package import JSON5Syntax
public import LightFoundation

/// What a resolver goes by: the files to read, who wins, and what differs from the catalogue.
public struct KeyConfiguration: Sendable {
    /// The dotenv files to read.
    ///
    /// Among files that set the same variable the last one wins.
    public var envFiles: [EnvironmentFile]

    /// Who wins when the process environment and a file set the same variable.
    public var envPrecedence: EnvironmentPrecedence

    /// What differs from the catalogue, by service.
    public var providers: [Service: ProviderSettings]

    /// What differs under profiles, by name.
    public var profiles: [String: KeyProfile] = [:]

    /// Folders with plugins to drop in, in the order in which they are searched.
    ///
    /// Relative ones count from the working directory; those in a file were read as counting from the file's folder.
    public var pluginPath: [String] = []

    /// Hook or plugin ids in the order in which they are to run, over their own wishes.
    public var hookOrder: [HookID]

    /// The sections of plugins, one for each.
    ///
    /// Code writes a plugin's section as a file would:
    ///
    /// ```swift
    /// configuration.plugins["openbao"] = ["address": "https://bao.example:8200", "path": "ai/{service}"]
    /// ```
    public var plugins: [PluginSection]

    /// The sections of secret managers by their names, which are ids like those of plugins.
    ///
    /// ```swift
    /// configuration.managers["team"] = ["kind": "file", "path": "team.json", "access": "read-write"]
    /// ```
    ///
    /// <doc:Bring-your-own-secret-manager> has all words.
    public var managers: [PluginSection] = []

    /// Plugins that the program does not have, or that do not run, and that may be named all the same, since it only
    /// looks.
    package var unknownPlugins: Set<PluginID> = []

    /// What the file says, with the place of each setting.
    var document: JSONNode?

    /// The file this was read from, or what its text is called in messages; nil if it was made in code.
    public internal(set) var path: String?

    /// Whether it was read from a text of the program's, so that there is no file to read again.
    var isText = false

    /// How the file was read.
    var reading = ConfigurationReading(environment: [:])

    /// Files beside the place of a `keyhooks.json` that isn't there, which may be meant for it.
    var unread: [String] = []

    /// Whether the file was merely found, so that it is obeyed only as it was trusted.
    package internal(set) var isFound = false

    /// Where trust in it is recorded.
    var store: TrustStore?

    /// Makes a configuration.
    ///
    /// - Parameters:
    ///   - envFiles: The dotenv files to read; the last one wins.
    ///   - envPrecedence: Who wins between the process environment and the files.
    ///   - providers: What differs from the catalogue, by service.
    ///   - hookOrder: Hook or plugin ids in the order in which they are to run.
    public init(
        envFiles: [EnvironmentFile] = [],
        envPrecedence: EnvironmentPrecedence = .process,
        providers: [Service: ProviderSettings] = [:],
        hookOrder: [HookID] = []
    ) {
        self.envFiles = envFiles
        self.envPrecedence = envPrecedence
        self.providers = providers
        self.hookOrder = hookOrder
        plugins = []
    }

    /// The services that are known with this configuration.
    ///
    /// - Returns: The catalogue with what ``providers`` changes.
    /// - Throws: A ``KeyResolutionError`` with the code `invalidConfiguration` if an alias means two services.
    public func catalogue() throws(KeyResolutionError) -> ServiceCatalogue {
        try RuleLayers(self, overrides: [:]).catalogue()
    }

    /// The ids of the plugins that have a section.
    public var pluginIDs: [PluginID] { plugins.map(\.id) }

    /// The section of a plugin, for the plugin to decode.
    ///
    /// - Parameter id: The plugin.
    /// - Returns: The section as strict JSON; nil if there is none, or it holds a number that JSON has not.
    public func section(of id: PluginID) -> Data? {
        plugins.first { $0.id == id }.flatMap { try? $0.settings.jsonBytes() }.map { Data($0) }
    }
}

extension KeyConfiguration {
    /// The error for mistakes in the file.
    package func invalid(_ mistakes: JSONMistakes) -> KeyResolutionError {
        // What was written in code has no positions.
        guard document != nil else {
            return .invalidConfiguration(
                firstLines(of: mistakes.all) { $0.withoutPosition },
                remedy: "fix these settings"
            )
        }
        let file = path ?? "the configuration"
        return .invalidConfiguration(
            firstLines(of: mistakes.all, file) {
                $0.position == .inCode ? $0.withoutPosition : $0.description(in: file)
            },
            remedy: ConfigurationFaults.remedy(for: mistakes.all.count)
        )
    }
}

extension KeyConfiguration {
    /// What the configuration tells a plugin about a service.
    package struct ServiceSection: Sendable {
        /// Where that is said.
        package let path: NodePath

        package let service: Service

        /// The profile under which it counts; nil for all that say nothing else.
        package let profile: String?

        package let settings: JSONNode
    }

    /// What the configuration tells a plugin about single services, and about those of each profile taken together.
    package func sections(ofServicesFor plugin: PluginID) -> [ServiceSection] {
        let profiles = profiles.sorted { $0.key < $1.key }
            .map { name, profile in
                let own = profile.providers.filter { $0.value.sections[plugin] != nil }
                let merged = own.map { ($0, (self.providers[$0] ?? ProviderSettings()).overlaid(with: $1)) }
                let path = NodePath.root.appending("profiles").appending(name)
                return (path, Optional(name), Dictionary(uniqueKeysWithValues: merged))
            }
        return ([(NodePath.root, nil, providers)] + profiles)
            .flatMap { path, profile, providers in
                providers.sorted { $0.key < $1.key }
                    .compactMap { service, settings in
                        settings.sections[plugin]
                            .map { section in
                                let place = path.appending("providers").appending(service.id)
                                return ServiceSection(
                                    path: place.appending(plugin.rawValue),
                                    service: service,
                                    profile: profile,
                                    settings: section
                                )
                            }
                    }
            }
    }

    /// Refuses a profile that isn't there although there are others.
    package func checkProfile(_ profile: String?) throws(KeyResolutionError) {
        guard let profile, !profiles.isEmpty, profiles[profile] == nil else { return }
        let known = profiles.keys.sorted()
        let meant =
            closestMatch(to: profile, among: known).map { "did you mean '\(displayText($0))'? Otherwise " } ?? ""
        let shown = PastedKey.isIn(profile) ? "of this name, which looks like a key" : "'\(displayText(profile))'"
        let list = known.prefix(20).map { "'\(displayText($0))'" }.joined(separator: ", ")
        throw .invalidConfiguration(
            "the configuration has no profile \(shown)",
            remedy: "\(meant)use one of its profiles (\(list)), or add it under 'profiles', as {} if nothing differs"
        )
    }
}

/// Which plugins and secret managers a configuration lets answer for each service.
package struct AllowedSources: Sendable {
    private let base: [Service: [PluginID]]
    private let profiles: [String: [Service: [PluginID]]]

    package init(_ configuration: KeyConfiguration, _ catalogue: ServiceCatalogue) {
        func lists(_ providers: [Service: ProviderSettings]) -> [Service: [PluginID]] {
            let named = providers.compactMap { service, settings in
                settings.plugins.map { (catalogue.canonical(service), $0) }
            }
            return Dictionary(named) { first, _ in first }
        }
        base = lists(configuration.providers)
        profiles = configuration.profiles.mapValues { lists($0.providers) }
    }

    /// Whether a source may answer for a service, by its canonical id, under a profile.
    package func allow(_ source: PluginID, for service: Service, under profile: String?) -> Bool {
        ((profile.flatMap { profiles[$0]?[service] }) ?? base[service])?.contains(source) ?? true
    }

    /// Whether what is said of a service under a profile, or under none, counts for any request.
    package func everAllow(_ source: PluginID, for service: Service, saidUnder profile: String?) -> Bool {
        if profile != nil { return allow(source, for: service, under: profile) }
        return allow(source, for: service, under: nil)
            || profiles.keys.contains { allow(source, for: service, under: $0) }
    }
}

extension KeyConfiguration {
    /// The section of a plugin; nil if there is none.
    package func section(for plugin: PluginID) -> JSONNode? { plugins.first { $0.id == plugin }?.settings }

    /// A plugin's settings for one service, by its canonical id; nil for none.
    package func section(for plugin: PluginID, about service: Service, under profile: String?) -> JSONNode? {
        let stronger = profile.flatMap { profiles[$0]?.providers[service] } ?? ProviderSettings()
        return (providers[service] ?? ProviderSettings()).overlaid(with: stronger).sections[plugin]
    }

    /// The plugins that the configuration counts on: those with a section, and those that are to answer for a service
    /// and are no secret manager.
    package var wantedPlugins: [PluginID] {
        let providers = [providers] + profiles.values.map(\.providers)
        let named = providers.flatMap { $0.values.flatMap { $0.plugins ?? [] } }
        return Set(plugins.map(\.id) + named).subtracting(managers.map(\.id)).sorted()
    }
}

extension KeyConfiguration {
    /// The JSON Schema of `keyhooks.json`, for editors and other tools.
    ///
    /// A configuration names it under `$schema`; that key is for editors only and is not followed.
    public static var schema: Data { Data(PackageResources.keyhooks_schema_json) }
}

extension JSONVocabulary {
    /// What this package knows of the names in its documents.
    fileprivate static let ofConfigurations = JSONVocabulary(
        hides: PastedKey.isIn,
        advice: PeerWords.advice(on:isKnown:),
        refusal: { "is refused by the plugin (\(valueFreeDescription(of: $0)))" }
    )
}

extension NodePath {
    /// A document of this package: a configuration, a manifest, a schema, a message.
    package static let root = NodePath(vocabulary: .ofConfigurations)
}
