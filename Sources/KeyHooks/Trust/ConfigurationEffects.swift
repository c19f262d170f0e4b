import ExtensionHooks
import JSON5Syntax

/// A plugin that can say in words what its section of a configuration would have it do.
package protocol EffectDescribing {
    /// Says where the section sends credentials, which programs it starts, and what else it decides.
    ///
    /// - Parameters:
    ///   - section: The section.
    ///   - configuration: The whole configuration.
    /// - Returns: A line for each effect without a value, beginning with a verb.
    static func effects(of section: PluginSection, in configuration: KeyConfiguration) -> [ConfigurationEffect]

    /// Checks a section, of whose effects nothing can be said while it has mistakes.
    ///
    /// - Parameters:
    ///   - section: The section.
    ///   - configuration: The whole configuration.
    /// - Throws: A `KeyResolutionError` that lists all mistakes.
    static func validate(_ section: PluginSection, in configuration: KeyConfiguration) throws(KeyResolutionError)
}

/// One thing that a configuration would do.
package struct ConfigurationEffect: Sendable {
    /// Whether it sends a credential or starts a program, which is listed first and never left out.
    package let isGrave: Bool

    /// What it does, beginning with a verb, safe to print.
    package let words: String

    package init(_ words: String, isGrave: Bool = false) {
        self.words = words
        self.isGrave = isGrave
    }
}

/// What a configuration would do, in words for somebody who decides whether to trust it.
///
/// Every setting is in there: what the words leave out could be what matters. Where a text is cut or hidden, a hash of
/// the whole of it stands behind, so that two that differ never look alike.
package struct ConfigurationEffects: Sendable {
    /// More lines than anybody reads; those about credentials and programs are listed however many there are.
    private static let limit = 1000

    /// A line for each effect, those about credentials and programs first.
    package let lines: [String]

    /// Describes a configuration.
    ///
    /// - Parameters:
    ///   - configuration: What the file says.
    ///   - plugins: The plugins of the program that can speak for themselves.
    package init(of configuration: KeyConfiguration, plugins: [any KeyPlugin.Type] = []) {
        let describing = plugins.compactMap { plugin in
            (plugin as? any EffectDescribing.Type).map { (plugin.id, $0) }
        }
        var effects: [ConfigurationEffect] = []
        for section in configuration.plugins {
            let own = describing.first { $0.0 == section.id }
            effects += own.map { $1.effects(of: section, in: configuration) } ?? Self.settings(of: section)
        }
        let kinds = plugins.flatMap { $0.managerKinds }
        for section in configuration.managers {
            let kind = kinds.first { $0.name == section.settings["kind"]?.string }
            effects += kind?.effects(section.ofKind, configuration) ?? []
            var settings = SettingEffects("sets up the secret manager \(section.id)", section.id, isOfManager: true)
            settings.add(section.settings)
            effects += settings.effects
        }
        effects += Self.sources(configuration)
        let managers = Set(configuration.managers.map(\.id))
        effects += Self.effects(of: configuration.providers, managers, under: nil)
        for (name, profile) in configuration.profiles.sorted(by: { $0.key < $1.key }) {
            effects += Self.effects(of: profile.providers, managers, under: name)
        }
        let grave = effects.filter(\.isGrave).map(\.words)
        let others = effects.filter { !$0.isGrave }.map(\.words)
        let rest = others.count - Self.limit
        let whole = (try? configuration.document?.jsonBytes()).map { Self.mark(String(decoding: $0, as: UTF8.self)) }
        let more = rest > 0 ? ["does \(rest) more things: read the file itself \(whole ?? "")"] : []
        lines = effects.isEmpty ? ["decides nothing"] : grave + others.prefix(Self.limit) + more
    }

    /// What is different from before, in words.
    ///
    /// - Parameter before: The lines of the configuration that was trusted.
    /// - Returns: The lines that are new, with a plus sign, and then those that went, with a minus sign.
    package func changes(since before: [String]) -> [String] {
        let (old, new) = (Set(before.map { ExactText($0) }), Set(lines.map { ExactText($0) }))
        return lines.filter { !old.contains(ExactText($0)) }.map { "+ \($0)" }
            + before.filter { !new.contains(ExactText($0)) }.map { "- \(displayText($0, limit: 10_000))" }
    }

    /// As many of the lines as the file of decisions is to keep.
    package var kept: [String] {
        var room = 64 << 10
        return Array(
            lines.prefix { line in
                room -= line.utf8.count
                return room >= 0
            }
        )
    }

    private static func sources(_ configuration: KeyConfiguration) -> [ConfigurationEffect] {
        let folders = configuration.pluginPath.map { "looks for plugins in \(shown($0, asPath: true))" }
        let files = configuration.envFiles.map { "reads variables from \(shown($0.path, asPath: true))" }
        let precedence =
            configuration.envPrecedence == .files ? ["lets .env files win over the process environment"] : []
        let order =
            configuration.hookOrder.isEmpty
            ? [] : ["pins the order of hooks: \(configuration.hookOrder.map(\.rawValue).joined(separator: ", "))"]
        return (folders + files + precedence + order).map { ConfigurationEffect($0) }
    }

    private static func effects(
        of providers: [Service: ProviderSettings],
        _ managers: Set<PluginID>,
        under profile: String?
    ) -> [ConfigurationEffect] {
        let suffix = profile.map { ", under profile \(shown($0, asPath: true))" } ?? ""
        return providers.sorted { $0.key < $1.key }
            .flatMap { service, settings in
                effects(of: settings, managers, on: "'\(service)'")
                    .map { ConfigurationEffect($0.words + suffix, isGrave: $0.isGrave) }
            }
    }

    private static func effects(
        of settings: ProviderSettings,
        _ managers: Set<PluginID>,
        on service: String
    ) -> [ConfigurationEffect] {
        var effects: [ConfigurationEffect] = []
        func add(_ words: String) { effects.append(ConfigurationEffect(words)) }
        if let names = settings.env {
            add("takes the key of \(service) from \(names.isEmpty ? "no variable" : names.joined(separator: ", "))")
        }
        if let key = settings.constant { add("gives \(service) a key that stands in the file \(mark(key.value))") }
        if settings.only != nil { add("takes the key of \(service) from no variable") }
        if let plugins = settings.plugins {
            let list = plugins.map(\.rawValue).joined(separator: ", ")
            add(plugins.isEmpty ? "asks no plugin for \(service)" : "asks only \(list) for \(service)")
        }
        for (plugin, section) in settings.sections.sorted(by: { $0.key < $1.key }) {
            let isManager = managers.contains(plugin)
            let words = "tells \(isManager ? "secret manager" : "plugin") \(plugin) about \(service)"
            var settings = SettingEffects(words, plugin, isOfManager: isManager)
            settings.add(section)
            effects += settings.effects
        }
        if let fallback = settings.fallback {
            add(
                fallback == .never
                    ? "lets no weaker source answer for \(service)"
                    : "lets a weaker source answer for \(service) while a plugin's can't be reached"
            )
        }
        if let timeToLive = settings.timeToLive { add("keeps the key of \(service) for \(timeToLive)") }
        if let isKeyRequired = settings.isKeyRequired {
            add("says that \(service) \(isKeyRequired ? "needs a key" : "needs no key")")
        }
        if !settings.aliases.isEmpty {
            add("calls \(service) \(settings.aliases.map { "'\($0)'" }.joined(separator: ", ")) as well")
        }
        if effects.isEmpty { add("says nothing new about \(service)") }
        return effects
    }

    /// The settings of a section, one a line, for a plugin that can't speak for itself.
    ///
    /// - Parameters:
    ///   - section: The section.
    ///   - shown: The names of its members that were shown already.
    ///   - isOfManager: Whether it is a secret manager, of which `secret` is the name of one and no value.
    /// - Returns: The effects.
    package static func settings(
        of section: PluginSection,
        but shown: Set<String> = [],
        isOfManager: Bool = false
    ) -> [ConfigurationEffect] {
        var effects = SettingEffects("tells plugin \(section.id)", section.id, isOfManager: isOfManager)
        let members = section.settings.members ?? []
        if members.isEmpty { effects.add(section.settings) }
        for member in members where !shown.contains(member.name) { effects.add(member) }
        return effects.effects
    }
}

extension ConfigurationEffects {
    /// Goes through settings that nobody can speak for, and says what each of them does.
    private struct SettingEffects {
        private let words: String
        private let plugin: PluginID
        private let isOfManager: Bool
        private var path: [String] = []
        private var others = 0
        private(set) var effects: [ConfigurationEffect] = []

        /// - Parameters:
        ///   - words: What a setting does, in front of its name and value.
        ///   - plugin: The plugin that the settings are for.
        ///   - isOfManager: Whether it is a secret manager, of which `secret` is the name of one and no value.
        init(_ words: String, _ plugin: PluginID, isOfManager: Bool = false) {
            self.words = words
            self.plugin = plugin
            self.isOfManager = isOfManager
        }

        /// Adds what a member and those below it do.
        mutating func add(_ member: JSONMember, isCommand: Bool = false) {
            // Cut: it is looked at for every setting below.
            let name = member.name.utf8.count > 100 ? "\(member.name.unicodeScalars.prefix(100))…" : member.name
            path.append(name)
            add(member.value, isCommand: isCommand || Self.isCommand(name))
            path.removeLast()
        }

        /// Adds what a value and those below it do; those that nobody will read are only counted.
        mutating func add(_ node: JSONNode, isCommand: Bool = false) {
            if case .object(let members) = node.kind, !members.isEmpty {
                for member in members { add(member, isCommand: isCommand) }
            } else if isCommand, let command = Self.command(node) {
                let text = "runs `\(command)` through plugin \(plugin), as \(name)"
                effects.append(ConfigurationEffect(text, isGrave: true))
            } else if others < limit {
                others += 1
                let value = (try? node.jsonBytes()).map { String(decoding: $0, as: UTF8.self) } ?? "a number"
                // Further down it is the store's own word, which may well be a value.
                let isName =
                    (isOfManager && [["secret"], ["issuedKeys"]].contains(path) || path.last == "tokenRole")
                    && !PastedKey.isIn(value)
                let isHidden =
                    !isName && PastedKey.isLabel(path.last ?? "") && !PastedKey.isReference(node.string ?? "env:")
                let text = isHidden ? "\(value.unicodeScalars.count - 2) characters \(mark(value))" : shown(value)
                effects.append(ConfigurationEffect("\(words): \(path.isEmpty ? "" : "\(name) = ")\(text)"))
            } else {
                effects.append(ConfigurationEffect(""))
            }
        }

        /// The name of the setting, whatever its length and depth short enough to be read.
        private var name: String {
            let parts = path.count > 12 ? path.prefix(6) + ["…"] + path.suffix(6) : path[...]
            return shown(parts.joined(separator: "."), asPath: true)
        }

        /// What is run, as it would be typed in a shell; nil for a setting that starts nothing.
        private static func command(_ node: JSONNode) -> String? {
            if let text = node.string { return shown(text) }
            guard let elements = node.elements, elements.allSatisfy({ $0.string != nil }) else { return nil }
            let words = node.texts.map { FileFault.shellWord($0, limit: .max) }
            return shown(words.joined(separator: " "))
        }

        /// Whether a setting is by its name one that programs are started by.
        private static func isCommand(_ name: String) -> Bool {
            ["command", "exec", "program", "run", "script", "shell"].contains(where: name.lowercased().hasPrefix)
        }
    }
}

extension ConfigurationEffects {
    private static let textLimit = 4000

    /// A text from the file, safe to print.
    ///
    /// Credentials in an address are left out, and so are blanks that push what follows out of sight and what is too
    /// long. If it isn't the whole text, a hash of that stands behind it.
    ///
    /// - Parameters:
    ///   - text: The text.
    ///   - isPath: Whether it is quoted where it could be taken for other words.
    /// - Returns: What to show.
    package static func shown(_ text: String, asPath isPath: Bool = false) -> String {
        var shown = ""
        var blanks = 0
        func endBlanks() {
            shown += blanks < 4 ? String(repeating: " ", count: blanks) : "[\(blanks) blanks]"
            blanks = 0
        }
        for scalar in text.unicodeScalars {
            if scalar == " " {
                blanks += 1
                continue
            }
            endBlanks()
            shown.unicodeScalars.append(scalar)
        }
        endBlanks()
        shown = withoutUser(shown)
        let more = shown.unicodeScalars.count - textLimit
        let isWhole = more <= 0 && shown.hasSameBytes(as: text)
        let cut = String(shown.unicodeScalars.prefix(textLimit))
        let words = isPath ? FileFault.shellWord(cut, limit: .max) : displayText(cut, limit: .max)
        if isWhole { return words }
        return words + (more > 0 ? "… and \(more) more characters: read the file" : "") + " \(mark(text))"
    }

    /// A text as its owner shows it, with the mark of the whole text if that is something else.
    package static func shown(_ text: String, as other: String?) -> String {
        guard let other, !other.hasSameBytes(as: text) else { return shown(text) }
        return "\(displayText(other, limit: textLimit)) \(mark(text))"
    }

    /// An address without the user and the password in it.
    private static func withoutUser(_ text: String) -> String {
        guard let scheme = text.ranges(of: "://").first else { return text }
        let rest = text[scheme.upperBound...]
        let host = rest.prefix { !"/?#\"' ".contains($0) }
        guard let end = host.lastIndex(of: "@") else { return text }
        return text[..<scheme.upperBound] + "…" + rest[end...]
    }

    /// What tells a text from others without showing it.
    private static func mark(_ text: String) -> String { "(sha256 \(SHA256.hexadecimal(of: text.utf8).prefix(12)))" }
}
