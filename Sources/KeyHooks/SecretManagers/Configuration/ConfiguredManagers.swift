import ExtensionHooks
import JSON5Syntax

/// The secret managers of a configuration.
struct ConfiguredManagers: Sendable {
    private var managed: [PluginID: ConfiguredManager] = [:]

    /// No managers.
    init() {}

    /// Makes all managers; nothing is asked of their stores yet.
    ///
    /// - Parameters:
    ///   - context: The configuration and the process environment.
    ///   - sources: Where kinds come from besides the package.
    ///   - faults: What is wrong is added.
    init(in context: PluginContext, _ sources: [any PluginSource], _ faults: inout ConfigurationFaults) {
        var maker = Maker(
            context: context,
            kinds: SecretManagerKind.standard + sources.flatMap { $0.managerKinds(in: context) }
        )
        for section in context.configuration.managers where managed[section.id] == nil {
            do {
                _ = try maker.make(section, [])
            } catch let error as KeyResolutionError {
                // What is wrong with a member was reported of the member.
                if maker.reported.insert(error.message).inserted { faults.add(error, about: [section.id]) }
            } catch {
                faults.add(maker.failure(of: section, error), about: [section.id])
            }
        }
        managed = maker.made
        for service in context.configuration.servicesInVain(managed) {
            faults.add(service)
        }
    }

    /// The secrets of a manager; nil if there is none of this name.
    subscript(name: String) -> ManagedSecrets? { managed[PluginID(name)]?.secrets }

    /// The managers' names.
    var names: [String] { managed.keys.map(\.rawValue).sorted() }

    /// Adds each manager as a source of keys.
    func register(in hooks: inout HookBundle) {
        for (id, manager) in managed.sorted(by: { $0.key < $1.key }) {
            hooks.answer(from: manager.keys, id: id, settings: manager.source)
        }
    }
}

/// A manager of a kind that only the program which reads the configuration for real has.
private struct UnknownManager: SecretManager {
    let kind: String

    func secret(_ name: SecretName, _ options: SecretOptions) async throws -> StoredSecret? {
        throw KeyResolutionError(
            .unsupported,
            "there is no kind '\(displayText(kind))' of secret managers here",
            remedy: "ask in the program that has it"
        )
    }
}

extension KeyConfiguration {
    /// The sections of secret managers of kinds that aren't the package's own, nor come from a source.
    package func managersOfUnknownKinds(besides sources: [any PluginSource]) -> [PluginSection] {
        let context = PluginContext(configuration: self, environment: reading.environment)
        let kinds = SecretManagerKind.standard + sources.flatMap { $0.managerKinds(in: context) }
        let names = Set(kinds.map(\.name) + ["chain"])
        return managers.filter { section in
            section.settings["kind"]?.string.map { !names.contains($0) } ?? false
        }
    }
}

extension ConfiguredManagers {
    /// Makes managers, members of chains before their chains.
    private struct Maker {
        let context: PluginContext
        let kinds: [SecretManagerKind]
        var made: [PluginID: ConfiguredManager] = [:]
        var reported: Set<String> = []

        private var configuration: KeyConfiguration { context.configuration }

        init(context: PluginContext, kinds: [SecretManagerKind]) {
            self.context = context
            self.kinds = kinds
        }

        mutating func make(_ section: PluginSection, _ chains: [PluginID]) throws -> ManagedSecrets {
            if let made = made[section.id] { return made.secrets }
            let settings = try SecretManagerSettings(section, in: configuration)
            let manager = try manager(section, settings.kind, chains, section.managerPath)
            let configured = ConfiguredManager(manager, settings, section, in: configuration)
            made[section.id] = configured
            return configured.secrets
        }

        private mutating func manager(
            _ section: PluginSection,
            _ kind: String,
            _ chains: [PluginID],
            _ path: NodePath
        ) throws -> any SecretManager {
            if kind == "chain" { return try chain(section, chains + [section.id], path) }
            guard let known = kinds.first(where: { $0.name == kind }) else {
                if configuration.unknownPlugins.contains(section.id) { return UnknownManager(kind: kind) }
                if let remedy = remedy(forAbsent: PluginID(kind)) {
                    throw mistake(
                        "managers of the kind '\(displayText(kind))' aren't part of this build: \(remedy)",
                        at: path.appending("kind"),
                        section.settings["kind"]
                    )
                }
                let names = kinds.map(\.name) + ["chain"]
                throw mistake(
                    "isn't a kind of secret manager here: there are \(names.joined(separator: ", ")), and those of plugins "
                        + "in your plugins folder or in 'pluginPath'",
                    at: path.appending("kind"),
                    section.settings["kind"],
                    suggestion: closestMatch(to: kind, among: names)
                )
            }
            do {
                return try known.make(section.ofKind, context)
            } catch let error as KeyResolutionError {
                throw error
            } catch {
                throw failure(of: section, error)
            }
        }

        private mutating func chain(
            _ section: PluginSection,
            _ chains: [PluginID],
            _ path: NodePath
        ) throws -> any SecretManager {
            let settings = try ChainSettings(section, in: configuration)
            let members = try settings.members.enumerated()
                .map { index, member in
                    let place = path.appending("of").appending(index)
                    let id = PluginID(member.name)
                    guard !chains.contains(id) else {
                        throw mistake("the chain would ask itself", at: place, member.node)
                    }
                    guard let inner = configuration.managers.first(where: { $0.id == id }) else {
                        let names = configuration.managers.map(\.id.rawValue)
                        let meant = closestMatch(to: member.name, among: names.filter { $0 != section.id.rawValue })
                        throw mistake(
                            "there is no secret manager of this name",
                            at: place,
                            member.node,
                            suggestion: meant
                        )
                    }
                    if inner.settings["hosted"] != nil {
                        let words =
                            "'\(id)' has 'hosted', which counts where it is asked by itself: write it at the chain"
                        throw mistake(words, at: place, member.node)
                    }
                    return try make(inner, chains)
                }
            return SecretManagerChain(of: members, skipping: settings.skipped)
        }

        private func mistake(
            _ message: String,
            at path: NodePath,
            _ node: JSONNode?,
            suggestion: String? = nil
        ) -> KeyResolutionError {
            configuration.invalid(
                JSONMistakes([
                    JSONMistake(
                        path: path.description,
                        position: node?.position ?? .inCode,
                        message: message,
                        suggestion: suggestion
                    )
                ])
            )
        }

        /// What is said of an error whose text may quote the section.
        func failure(of section: PluginSection, _ error: any Error) -> KeyResolutionError {
            let place = section.place(in: configuration)
            return .invalidConfiguration(
                "\(place)managers.\(section.id): the manager can't be made (\(valueFreeDescription(of: error)))",
                remedy: "fix the section, or what the manager needs"
            )
        }
    }
}

extension KeyResolver {
    /// The names of the secret managers in the configuration.
    public var secretManagers: [String] {
        let hooks = state.hooks
        return (hooks.managers.names + hooks.ofPlugins.compactMap(\.secrets.name)).sorted()
    }

    /// The secrets of a manager that the configuration has under `managers`, or of a plugin that manages secrets.
    ///
    /// What is written through them is seen by the next call for a key. After ``reload(_:)`` ask anew.
    ///
    /// - Parameter manager: The manager's name.
    /// - Returns: Its secrets, under the access that the configuration gives.
    /// - Throws: A ``KeyResolutionError`` with the code `invalidConfiguration` if there is none of this name.
    public func secrets(in manager: String) throws(KeyResolutionError) -> ManagedSecrets {
        let hooks = state.hooks
        if let secrets = hooks.managers[manager] { return secrets }
        if let own = hooks.ofPlugins.first(where: { $0.secrets.name == manager }) { return own.secrets }
        if hooks.areAllOff {
            throw .invalidConfiguration(
                "plugins are switched off, and secret managers with them",
                remedy: "leave out --no-plugins, and unset KEYHOOKS_NO_PLUGINS"
            )
        }
        let names = secretManagers
        let meant = closestMatch(to: manager, among: names).map { "did you mean '\($0)'? Otherwise " } ?? ""
        let list = names.isEmpty ? "it has none" : "it has \(names.joined(separator: ", "))"
        throw .invalidConfiguration(
            "the configuration has no secret manager '\(displayText(manager))'; \(list)",
            remedy: "\(meant)add it under 'managers'"
        )
    }
}

extension LoadedPlugins {
    /// The managers that are plugins, with sections under `plugins`.
    fileprivate var ofPlugins: [ConfiguredManager] { registry.attachments(of: ConfiguredManager.self) }
}
