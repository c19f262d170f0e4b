package import ExtensionHooks
package import JSON5Syntax
import Synchronization

/// What the configuration and the program say of one service, put together by precedence.
///
/// A plugin finds it in the request and obeys it: ``timeToLive`` and ``fallback`` stand over the plugin's own settings,
/// and ``KeyRequest/settings(of:)`` has the plugin's own settings for the service.
package final class ServiceRule: Sendable {
    /// The service.
    package let service: Service

    /// The plugins that may answer, in order; nil for all.
    ///
    /// The resolver sees to it.
    package let plugins: [PluginID]?

    /// How long what was read for the service is believed; nil to leave it to the plugin.
    package let timeToLive: Duration?

    /// Whether a weaker source may answer while the plugin's cannot; nil to leave it to the plugin.
    package let fallback: KeyFallback?

    /// Where each setting was written, the strongest first; worked out for those who ask.
    var origins: [SettingOrigin] { SettingOrigin.all(of: layers) }

    private let layers: [RuleStatement]
    private let sections: [PluginID: JSONNode]

    /// The settings that plugins have for all services under the same profile.
    private let shared: SharedSections
    private let decoded = Mutex<[PluginID: any Sendable]>([:])

    init(_ service: Service, _ settings: ProviderSettings, layers: [RuleStatement], shared: SharedSections) {
        self.service = service
        plugins = settings.plugins
        timeToLive = settings.timeToLive?.bounded
        fallback = settings.fallback
        sections = settings.sections
        self.shared = shared
        self.layers = layers
    }

    /// Whether ``plugins`` names a plugin.
    ///
    /// - Parameter plugin: The plugin's id.
    /// - Returns: Whether the user wants it asked; false if nothing is said of plugins.
    package func names(_ plugin: PluginID) -> Bool { plugins?.contains(plugin) ?? false }

    /// Whether it says that a plugin has the service's key, by ``plugins`` or by what it tells the plugin of the
    /// service.
    package func countsOn(_ plugin: PluginID) -> Bool { names(plugin) || sections[plugin] != nil }

    /// Whether a plugin has the same settings for another service, as far as some members go.
    package func isShared(_ members: [String], in plugin: PluginID) -> Bool {
        guard let section = sections[plugin] else { return false }
        return shared.count(of: section, in: plugin, comparing: members) > 1
    }

    /// A plugin's settings for the service, as they were written; nil for none.
    package func section(of plugin: PluginID) -> JSONNode? { sections[plugin] }

    /// A plugin's settings for the service, decoded once; nil for none.
    package func section<Settings: Sendable, Failure: Error>(
        of plugin: PluginID,
        _ decode: (JSONNode) throws(Failure) -> Settings
    ) throws(Failure) -> Settings? {
        guard let section = sections[plugin] else { return nil }
        // Opened first: to Swift nothing at all is an optional setting as well.
        if let stored = decoded.withLock({ $0[plugin] }), let known = stored as? Settings { return known }
        let settings = try decode(section)
        decoded.withLock { $0[plugin] = settings }
        return settings
    }
}

extension ServiceRule: CustomReflectable {
    /// Shows the service only.
    package var customMirror: Mirror { Mirror(self, children: ["service": service]) }
}

extension ServiceRule {
    /// A plugin's settings for the service.
    ///
    /// - Parameters:
    ///   - plugin: The plugin's id.
    ///   - type: What it is decoded as.
    /// - Returns: The settings; nil if the plugin has none.
    /// - Throws: A ``KeyResolutionError`` with the code `invalidConfiguration` that names all that is wrong.
    package func settings<Settings: Decodable & Sendable>(
        of plugin: PluginID,
        as type: Settings.Type
    ) throws(KeyResolutionError) -> Settings? {
        try section(of: plugin) { node throws(KeyResolutionError) in
            do throws(JSONMistakes) {
                return try JSONNodeDecoder.decode(type, from: node, path: .root.appending(plugin.rawValue))
            } catch {
                let lines = error.all.map { "\(place(of: $0, in: plugin)): \($0.withoutPosition)" }
                throw .invalidConfiguration(lines.joined(separator: "\n"), remedy: "fix these settings")
            }
        }
    }

    /// Where the setting with the mistake was written, which need not be where the rest of the section was.
    private func place(of mistake: JSONMistake, in plugin: PluginID) -> String {
        let own = origins.filter { $0.setting.hasPrefix("\(plugin).") && !$0.isOverridden }
        let origin = own.first { origin in
            mistake.path == origin.setting
                || [".", "["].contains { mistake.path.hasPrefix(origin.setting + $0) }
        }
        return (origin ?? own.first)?.place ?? "providers.\(service)"
    }
}
