import ExtensionHooks
import JSON5Syntax
import Synchronization

/// Where one setting of a rule was written.
package struct SettingOrigin: Hashable, Sendable, Codable {
    /// The setting, such as `ttl` or `openbao.path`.
    package let setting: String

    /// What it says, if that can be no secret.
    package let value: String?

    /// Where, such as `keyhooks.json:7, providers.openai`.
    package let place: String

    /// Whether a stronger one stands over it.
    package let isOverridden: Bool

    /// Where all settings of a rule were written, the strongest first.
    static func all(of layers: [RuleStatement]) -> [SettingOrigin] {
        var taken: Set<String> = []
        return layers.reversed()
            .flatMap { layer in
                layer.settings.described.map { setting, value in
                    // One word for three settings stands as long as one of them does.
                    let parts = setting == "only" ? ["plugins", "fallback", "env"] : [setting]
                    let isOverridden = parts.allSatisfy(taken.contains)
                    taken.formUnion(parts)
                    return SettingOrigin(
                        setting: setting,
                        value: value,
                        place: layer.place(of: setting),
                        // Aliases of all layers hold.
                        isOverridden: isOverridden && setting != "aliases"
                    )
                }
            }
    }
}

/// What one layer says of one service, and where.
struct RuleStatement: Sendable {
    let settings: ProviderSettings
    let path: String

    /// The file; nil if it was not written in one.
    let file: String?

    /// The object in the file; nil for the program.
    let node: JSONNode?

    fileprivate func place(of setting: String) -> String {
        guard let node, let file else { return "the program, \(path)" }
        let names = setting.split(separator: ".", maxSplits: 1).map(String.init)
        let members = node.members ?? []
        let member =
            members.first { $0.name.hasSameBytes(as: names[0]) }
            // Other words for the same.
            ?? members.first { $0.name == ["required": "notRequired", "plugins": "source"][names[0]] ?? names.last }
        let inner =
            names.count > 1 ? member?.value.members?.first { $0.name.hasSameBytes(as: names[1]) } : nil
        let position = (inner ?? member)?.position ?? node.position
        return "\(file):\(position.line), \(path)"
    }
}

extension ProviderSettings {
    /// The settings that say something, by the names they have in a file, with what can be shown of them.
    fileprivate var described: [(setting: String, value: String?)] {
        var described: [(String, String?)] = []
        if let env { described.append(("env", env.joined(separator: ", "))) }
        if fixed != nil { described.append(("constant", nil)) }
        if !aliases.isEmpty { described.append(("aliases", aliases.map(\.id).joined(separator: ", "))) }
        if let isKeyRequired { described.append(("required", isKeyRequired ? "true" : "false")) }
        if let only { described.append(("only", only.map(\.rawValue).joined(separator: ", "))) }
        if let plugins, only == nil {
            described.append(("plugins", plugins.isEmpty ? "none" : plugins.map(\.rawValue).joined(separator: ", ")))
        }
        if let timeToLive { described.append(("ttl", "\(timeToLive)")) }
        if let fallback, only == nil { described.append(("fallback", fallback.rawValue)) }
        for (plugin, section) in sections.sorted(by: { $0.key < $1.key }) {
            described += (section.members ?? []).map { ("\(plugin).\($0.name)", nil) }
        }
        return described
    }
}

/// The settings that plugins have for all services under the same profile, so that it is known what services share.
final class SharedSections: Sendable {
    private struct Question: Hashable {
        let plugin: PluginID
        let members: [String]

        func compared(_ section: JSONNode) -> [JSONNode?] { members.map { section[$0] } }
    }

    /// Of the services that a profile changes, or of all without one.
    private let own: [PluginID: [Service: JSONNode]]

    /// What holds without a profile, for the services that the profile does not change.
    private let common: SharedSections?

    /// How many sections have the same members, worked out once.
    ///
    /// Under a profile: by how many the number differs.
    private let counts = Mutex<[Question: [[JSONNode?]: Int]]>([:])

    init(_ own: [PluginID: [Service: JSONNode]], over common: SharedSections?) {
        self.own = own
        self.common = common
    }

    /// How many services have a section in which these members are as in the given one.
    func count(of section: JSONNode, in plugin: PluginID, comparing members: [String]) -> Int {
        let question = Question(plugin: plugin, members: members)
        return (common?.count(of: section, in: plugin, comparing: members) ?? 0)
            + counts.withLock { counts in
                if counts[question] == nil { counts[question] = worked(out: question) }
                return counts[question]?[question.compared(section)] ?? 0
            }
    }

    private func worked(out question: Question) -> [[JSONNode?]: Int] {
        var counts: [[JSONNode?]: Int] = [:]
        for (service, section) in own[question.plugin] ?? [:] {
            counts[question.compared(section), default: 0] += 1
            if let hidden = common?.own[question.plugin]?[service] {
                counts[question.compared(hidden), default: 0] -= 1
            }
        }
        return counts
    }
}
