package import ExtensionHooks
package import JSON5Syntax

/// The settings of a plugin that is told nothing of single providers: whatever a provider tells it is a mistake.
public struct NoSettings: Decodable, Hashable, Sendable {
    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public init() {}
}

extension KeyPlugin {
    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public static func checkServiceSettings(in configuration: KeyConfiguration) throws(KeyResolutionError) {
        try configuration.checkServiceSections(of: id) { section, path in
            guard ServiceSettings.self != NoSettings.self else {
                let message = "the plugin '\(id)' takes no settings for a single provider: leave them out"
                return [JSONMistake(path: path.description, position: section.position, message: message)]
            }
            do throws(JSONMistakes) {
                _ = try JSONNodeDecoder.decode(ServiceSettings.self, from: section, path: path)
                return []
            } catch {
                return error.all
            }
        }
    }
}

extension KeyRequest {
    /// What the user tells a plugin of the service, such as `"openai": { "acme": { … } }`.
    ///
    /// - Parameter plugin: The plugin's type; its ``KeyPlugin/ServiceSettings`` are decoded once.
    /// - Returns: The settings; nil if it is told nothing.
    /// - Throws: A ``KeyResolutionError`` with the code `invalidConfiguration` that names all that is wrong.
    public func settings<Plugin: KeyPlugin>(
        of plugin: Plugin.Type
    ) throws(KeyResolutionError) -> Plugin.ServiceSettings? {
        try rule?.settings(of: Plugin.id, as: Plugin.ServiceSettings.self)
    }
}

extension KeyConfiguration {
    /// Reports all that a plugin finds wrong with what it is told of single services.
    package func checkServiceSections(
        of plugin: PluginID,
        _ mistakes: (JSONNode, NodePath) -> [JSONMistake]
    ) throws(KeyResolutionError) {
        let found = serviceMistakes(of: plugin, mistakes)
        if !found.isEmpty { throw invalid(JSONMistakes(found)) }
    }

    /// All that a plugin finds wrong with what it is told of single services, each mistake once.
    package func serviceMistakes(
        of plugin: PluginID,
        _ mistakes: (JSONNode, NodePath) -> [JSONMistake]
    ) -> [JSONMistake] {
        struct Told: Hashable {
            let position: SourcePosition
            let message: String
        }
        var told: Set<Told> = []
        // What a profile took over from its provider was told there.
        return sections(ofServicesFor: plugin)
            .flatMap { mistakes($0.settings, $0.path) }
            .filter { told.insert(Told(position: $0.position, message: $0.message)).inserted }
    }
}
