import ExtensionHooks

/// A plugin that can say in words what its section of a configuration would have it do.
package protocol EffectDescribing {
    /// Says where the section sends credentials, which programs it starts, and what else it decides.
    ///
    /// - Parameters:
    ///   - section: The section.
    ///   - configuration: The whole configuration.
    /// - Returns: A line for each effect without a value, beginning with a verb.
    static func effects(of section: PluginSection, in configuration: KeyConfiguration) -> [String]
}

/// What a configuration would do, in words for somebody who decides whether to trust it.
///
/// Every setting is in there: what the words leave out could be what matters.
package struct ConfigurationEffects: Sendable {
    /// More lines than anybody reads.
    private static let limit = 1000
    private static let textLimit = 4000

    /// A line for each effect, those about credentials and programs first.
    package let lines: [String]

    /// Describes a configuration.
    ///
    /// - Parameters:
    ///   - configuration: What the file says.
    ///   - plugins: The plugins of the program that can speak for themselves.
    package init(
        of configuration: KeyConfiguration,
        plugins: [any KeyPlugin.Type] = []
    ) {
        let describing = plugins.compactMap { plugin in
            (plugin as? any EffectDescribing.Type).map { (plugin.id, $0) }
        }
        var lines: [String] = []
        for section in configuration.plugins {
            let own = describing.first { $0.0 == section.id }
            lines += own.map { $1.effects(of: section, in: configuration) } ?? Self.effects(of: section)
        }
        lines += Self.sources(configuration)
        lines += Self.effects(of: configuration.providers, under: nil)
        for (name, profile) in configuration.profiles.sorted(by: { $0.key < $1.key }) {
            lines += Self.effects(of: profile.providers, under: name)
        }
        if lines.isEmpty { lines = ["decides nothing"] }
        let more = lines.count - Self.limit
        self.lines = more > 0 ? lines.prefix(Self.limit) + ["does \(more) more things: read the file itself"] : lines
    }

    /// What is different from before, in words.
    ///
    /// - Parameter before: The lines of the configuration that was trusted.
    /// - Returns: The lines that are new, with a plus sign, and then those that went, with a minus sign.
    package func changes(since before: [String]) -> [String] {
        let (old, new) = (Set(before), Set(lines))
        return lines.filter { !old.contains($0) }.map { "+ \($0)" }
            + before.filter { !new.contains($0) }.map { "- \(displayText($0, limit: 2 * Self.textLimit))" }
    }

    private static func sources(_ configuration: KeyConfiguration) -> [String] {
        let folders = configuration.pluginPath.map { "looks for plugins in \(FileFault.shown($0))" }
        let files = configuration.envFiles.map { "reads variables from \(FileFault.shown($0.path))" }
        let precedence =
            configuration.envPrecedence == .files
            ? ["lets these files win over the process environment"] : []
        let order =
            configuration.hookOrder.isEmpty
            ? [] : ["pins the order of hooks: \(configuration.hookOrder.map(\.rawValue).joined(separator: ", "))"]
        return folders + files + precedence + order
    }

    private static func effects(of providers: [Service: ProviderSettings], under profile: String?) -> [String] {
        let suffix = profile.map { ", under profile '\(displayText($0))'" } ?? ""
        return providers.sorted { $0.key < $1.key }
            .flatMap { service, settings in effects(of: settings, on: "'\(service)'").map { $0 + suffix } }
    }

    private static func effects(of settings: ProviderSettings, on service: String) -> [String] {
        var lines: [String] = []
        if let names = settings.env {
            let list = names.isEmpty ? "no variable" : names.joined(separator: ", ")
            lines.append("takes the key of \(service) from \(list)")
        }
        if settings.constant != nil { lines.append("gives \(service) a key that stands in the file") }
        if let plugins = settings.plugins {
            let list = plugins.map(\.rawValue).joined(separator: ", ")
            lines.append(plugins.isEmpty ? "asks no plugin for \(service)" : "asks only \(list) for \(service)")
        }
        for (plugin, section) in settings.sections.sorted(by: { $0.key < $1.key }) {
            lines += effects(of: section, at: [], "tells plugin \(plugin) about \(service)", plugin)
        }
        if let fallback = settings.fallback {
            lines.append(
                fallback == .never
                    ? "lets no weaker source answer for \(service)"
                    : "lets a weaker source answer for \(service) while a plugin's can't be reached"
            )
        }
        if let timeToLive = settings.timeToLive { lines.append("keeps the key of \(service) for \(timeToLive)") }
        if let isKeyRequired = settings.isKeyRequired {
            lines.append("says that \(service) \(isKeyRequired ? "needs a key" : "needs no key")")
        }
        if !settings.aliases.isEmpty {
            lines.append("calls \(service) \(settings.aliases.map { "'\($0)'" }.joined(separator: ", ")) as well")
        }
        return lines.isEmpty ? ["says nothing new about \(service)"] : lines
    }

    /// What the section of a plugin does that can't speak for itself.
    private static func effects(of section: PluginSection) -> [String] {
        effects(of: section.settings, at: [], "tells plugin \(section.id)", section.id)
    }

    /// The settings of a section, one a line, without those that were told already.
    ///
    /// - Parameters:
    ///   - section: The section.
    ///   - told: The names of its members that are left out.
    /// - Returns: The lines.
    package static func settings(of section: PluginSection, but told: Set<String>) -> [String] {
        (section.settings.members ?? []).filter { !told.contains($0.name) }
            .flatMap { effects(of: $0.value, at: [$0.name], "tells plugin \(section.id)", section.id) }
    }

    private static func effects(
        of node: JSONNode,
        at path: [String],
        _ words: String,
        _ plugin: HookID
    ) -> [String] {
        let name = displayText(path.joined(separator: "."), limit: 200)
        switch node.kind {
        case .object(let members) where !members.isEmpty:
            return members.flatMap { effects(of: $0.value, at: path + [$0.name], words, plugin) }
        case .array(let elements) where isCommand(path) && elements.allSatisfy { $0.string != nil }:
            let command = elements.compactMap(\.string).map { FileFault.shellWord($0) }.joined(separator: " ")
            return ["runs `\(shown(command))` through plugin \(plugin), as \(name)"]
        case .string(let text) where isCommand(path):
            return ["runs `\(shown(text))` through plugin \(plugin), as \(name)"]
        default:
            let value = (try? node.jsonBytes()).map { String(decoding: $0, as: UTF8.self) } ?? "a number"
            return ["\(words): \(name.isEmpty ? "" : "\(name) = ")\(shown(value))"]
        }
    }

    /// A text from the file, safe to print; that it goes on does not go unsaid.
    private static func shown(_ text: String) -> String {
        let more = text.unicodeScalars.count - textLimit
        return displayText(text, limit: textLimit) + (more > 0 ? " and \(more) more characters: read the file" : "")
    }

    /// Whether a setting is by its name one that programs are started by.
    private static func isCommand(_ path: [String]) -> Bool {
        let words = ["command", "exec", "program", "run", "script", "shell"]
        return path.contains { part in words.contains { part.lowercased().hasPrefix($0) } }
    }
}
