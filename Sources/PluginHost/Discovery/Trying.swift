import JSON5Syntax
package import KeyHooks
import LightFoundation

extension PluginDirectory {
    /// The plugin that an id means to somebody who runs it at once: their own, or one that is trusted as it is.
    ///
    /// What a project brings is named by its folder until somebody trusted it, also where its id is that of an own
    /// plugin.
    ///
    /// - Throws: A ``PluginManagementError`` if there is none.
    package func installed(_ id: PluginID) throws(PluginManagementError) -> DiscoveredPlugin {
        let found = inventory().plugins.filter { $0.listing.id == id }
        if let plugin = found.first(where: { !$0.listing.origin.needsTrust || $0.fingerprint != nil }) { return plugin }
        guard let other = found.first else { return try plugin(id) }
        let folder = FileFault.shown(other.listing.folder)
        throw .unusable(
            "plugin '\(id)' in \(folder) does not run: \(other.listing.reason)",
            remedy:
                "look at it, and name its folder to run it all the same: \(FileFault.quoted(other.listing.folder))"
        )
    }
}

extension PluginLaunch {
    /// How a plugin is started that is being tried, with its section of the configuration or the first example of its
    /// schema; nil if it is not in order.
    package init?(
        toTry plugin: DiscoveredPlugin,
        configuration: KeyConfiguration,
        environment: [String: String],
        isInteractive: Bool = false
    ) {
        guard let manifest = plugin.manifest, let executable = plugin.executable else { return nil }
        self.init(
            manifest,
            executable: executable,
            in: plugin.listing.folder,
            section: configuration.section(for: manifest.id) ?? manifest.exampleSection,
            environment: environment,
            isInteractive: isInteractive
        )
    }
}

extension PluginManifest.Hook {
    /// The request that the host would make of the hook.
    package func trialRequest(
        for service: Service,
        field: String?,
        scope: KeyScope,
        in configuration: KeyConfiguration
    ) -> PluginRequest {
        let question = PluginQuestion(
            point: point,
            service: service,
            field: field,
            scope: scope,
            settings: configuration.section(for: id.plugin, about: service, under: scope.profile)
        )
        return question.request(phase, outcome: phase == .end ? .object(["status": .string("absent")]) : nil)
    }
}

extension PluginAnswer {
    /// What the resolver would make of the answer of a plugin if there were no other source.
    package func keyAnswer(of id: PluginID) throws -> KeyAnswer {
        switch self {
        case .keep: return .absent(KeyAbsence())
        case .replace(let outcome): return try RunningPlugin.result(from: outcome, of: id).get()
        default: break
        }
        return try PluginKeySource.reading(of: self, from: id).content?.answer(from: id) ?? .absent(KeyAbsence())
    }
}
