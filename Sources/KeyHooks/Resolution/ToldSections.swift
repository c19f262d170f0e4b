import ExtensionHooks
import JSON5Syntax
import Synchronization

/// What plugins are told of all services under the same profile, so that it is known what services share.
final class ToldSections: Sendable {
    private struct Question: Hashable {
        let plugin: PluginID
        let members: [String]

        func compared(_ section: JSONNode) -> [JSONNode?] { members.map { section[$0] } }
    }

    /// Of the services that a profile changes, or of all without one.
    private let own: [PluginID: [Service: JSONNode]]

    /// What holds without a profile, for the services that the profile does not change.
    private let common: ToldSections?

    /// How many sections have the same members, worked out once.
    ///
    /// Under a profile: by how many the number differs.
    private let counts = Mutex<[Question: [[JSONNode?]: Int]]>([:])

    init(_ own: [PluginID: [Service: JSONNode]], over common: ToldSections?) {
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
