package import ExtensionHooks
import JSON5Syntax

extension KeyRule {
    /// What a plugin is told of the service.
    ///
    /// - Parameters:
    ///   - plugin: The plugin's id.
    ///   - type: What it is decoded as.
    /// - Returns: The settings; nil if the plugin is told nothing.
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
                throw .invalidConfiguration(
                    lines.joined(separator: "\n"),
                    remedy: "fix these settings"
                )
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
