import ExtensionHooks
import JSON5Syntax

/// A secret manager with all that its section says of it, as one under `managers` or of a plugin that manages secrets.
package struct ConfiguredManager: Sendable {
    package let secrets: ManagedSecrets
    let locator: SecretLocator
    package let source: SourceSettings

    /// Where its section is.
    private let path: String

    /// Describes a manager.
    ///
    /// - Parameters:
    ///   - manager: The manager.
    ///   - settings: What the section says that every manager has.
    ///   - section: The section.
    ///   - configuration: The whole configuration.
    package init(
        _ manager: any SecretManager,
        _ settings: SecretManagerSettings,
        _ section: PluginSection,
        in configuration: KeyConfiguration
    ) {
        var manager = manager
        if var file = manager as? FileSecretManager, !settings.access.isWritable {
            file.mustExist = true
            manager = file
        }
        var source = settings.source
        if section.settings["timeout"] == nil {
            let members = (manager as? SecretManagerChain)?.members.reduce(Duration.zero) { $0 + $1.timeout }
            source.timeout = (manager as? any SelectiveSecretManager)?.patience ?? members ?? source.timeout
        }
        secrets = ManagedSecrets(
            in: manager,
            named: section.id.rawValue,
            access: settings.access,
            prefix: settings.prefix,
            description: settings.description,
            tags: settings.tags,
            issuedKeys: settings.issuedKeys,
            timeout: source.timeout ?? SourceSettings().timeout ?? .seconds(10)
        )
        let catalogue = (try? configuration.catalogue()) ?? .standard
        locator = SecretLocator(
            template: settings.template,
            field: settings.field,
            hosted: settings.hosted.map { ServiceFilter($0, catalogue: catalogue) }
        )
        self.source = source
        path = section.managerPath.description
    }

    /// Its secrets as a source of keys.
    package var keys: ManagedKeySource { secrets.keys(at: locator) }

    /// Adds it as a plugin's source, and lets a resolver have its secrets by the plugin's name.
    package func register(in hooks: inout HookBundle, of plugin: PluginID) {
        hooks.answer(from: keys, id: plugin, settings: source)
        hooks.attach(self, for: HookID(plugin))
    }

    /// Why it can't have the key of a service, and what to do; nil if it can.
    fileprivate func reason(
        against service: Service,
        _ settings: ProviderSettings,
        _ manager: PluginID
    ) -> String? {
        if locator.hosted?.contains(service) == false {
            return
                "its 'hosted' leaves the service out: add '\(service)' to \(path).hosted, or name another "
                + "source"
        }
        if !secrets.access.isReadable {
            return "its access is \(secrets.access): change \(path).access, or name another source"
        }
        guard locator.template == nil, settings.sections[manager]?["secret"] == nil else { return nil }
        return "no 'secret' says where it is: write \"secret\" beside \"source\", or in \(path)"
    }
}

extension KeyConfiguration {
    /// The services that are to be asked of a manager that isn't for them, or can't have them: a weaker source would
    /// answer without a word.
    package func servicesInVain(_ managers: [PluginID: ConfiguredManager]) -> [KeyResolutionError] {
        let layers =
            [("", providers, document)]
            + profiles.sorted { $0.key < $1.key }
            .map { name, profile in
                ("profiles.\(displayText(name)).", profile.providers, document?["profiles"]?[name])
            }
        return layers.flatMap { path, providers, node in
            providers.sorted { $0.key < $1.key }
                .flatMap { service, settings in
                    (settings.plugins ?? [])
                        .compactMap { manager in
                            guard let reason = managers[manager]?.reason(against: service, settings, manager) else {
                                return nil
                            }
                            let own = node?["providers"]?[service.id]
                            let mistake = JSONMistake(
                                path: "\(path)providers.\(service)",
                                position: (own?["source"] ?? own)?.position ?? .inCode,
                                message: "the secret manager '\(manager)' is asked for the key, and \(reason)"
                            )
                            return invalid(JSONMistakes([mistake]))
                        }
                }
        }
    }
}
