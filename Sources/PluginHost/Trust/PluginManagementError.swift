public import ExtensionHooks
import JSON5Syntax
import KeyHooks

/// A plugin could not be trusted, switched or used, and why.
public struct PluginManagementError: ValueFreeError, Hashable {
    /// The kinds of failure; more may come.
    public enum Kind: String, Hashable, Sendable {
        /// There is no plugin with the id.
        case unknownPlugin
        /// The plugin is there, but something is wrong with it.
        case unusablePlugin
        /// The plugin is not what it was when it was found or trusted.
        case changedPlugin
        /// The file of decisions cannot be read or written.
        case storeUnusable
        /// A check was ended before it was over.
        case interrupted
    }

    /// The kind of failure.
    public let kind: Kind

    /// What went wrong, in one line.
    public let message: String

    /// One line that says how to fix it.
    public let remedy: String

    package init(_ kind: Kind, _ message: String, remedy: String) {
        self.kind = kind
        self.message = displayLines(message)
        self.remedy = displayLines(remedy)
    }

    static func store(_ fault: FileFault) -> PluginManagementError {
        PluginManagementError(.storeUnusable, fault.reason, remedy: fault.remedy)
    }

    static func broken(_ id: HookID, _ problem: PluginListing.Problem) -> PluginManagementError {
        PluginManagementError(
            .unusablePlugin,
            "plugin '\(id)' is broken: \(problem.reason)",
            remedy: problem.remedy
        )
    }

    static func unknown(_ id: HookID, among known: some Sequence<HookID>) -> PluginManagementError {
        let suggestion = closestMatch(to: id.rawValue, among: known.map(\.rawValue).filter { $0 != id.rawValue })
        return PluginManagementError(
            .unknownPlugin,
            "there is no plugin '\(displayText(id.rawValue))'",
            remedy: suggestion.map { "did you mean '\($0)'?" } ?? "see the plugins there are: keyhooks plugins list"
        )
    }
}

extension PluginManagementError: CustomStringConvertible {
    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public var description: String { errorText(message, remedy: remedy) }
}
