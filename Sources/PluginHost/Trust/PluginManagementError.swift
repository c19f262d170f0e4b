import JSON5Syntax
import KeyHooks

/// A plugin could not be trusted, switched or used, and why.
package struct PluginManagementError: ValueFreeError, Hashable {
    /// The kinds of failure.
    package enum Code: String, Hashable, Sendable {
        /// There is no plugin with the id.
        case unknownPlugin
        /// The plugin is there, but something is wrong with it.
        case unusablePlugin
        /// The plugin is not what it was when it was found or trusted.
        case changedPlugin
        /// The file of decisions cannot be read or written.
        case storeUnusable
    }

    /// The kind of failure.
    package let code: Code

    /// What went wrong, in one line.
    package let message: String

    /// One line that says how to fix it.
    package let remedy: String

    package init(_ code: Code, _ message: String, remedy: String) {
        self.code = code
        self.message = displayLines(message)
        self.remedy = displayLines(remedy)
    }

    static func unusable(_ message: String, remedy: String) -> PluginManagementError {
        PluginManagementError(.unusablePlugin, message, remedy: remedy)
    }

    static func store(_ fault: FileFault) -> PluginManagementError {
        PluginManagementError(.storeUnusable, fault.reason, remedy: fault.remedy)
    }

    static func broken(_ id: PluginID, _ problem: FileFault) -> PluginManagementError {
        .unusable("plugin '\(id)' is broken: \(problem.reason)", remedy: problem.remedy)
    }

    static func unknown(_ id: PluginID, among known: some Sequence<PluginID>) -> PluginManagementError {
        let suggestion = closestMatch(to: id.rawValue, among: known.map(\.rawValue).filter { $0 != id.rawValue })
        return PluginManagementError(
            .unknownPlugin,
            "there is no plugin '\(displayText(id.rawValue))'",
            remedy: suggestion.map { "did you mean '\($0)'?" } ?? "see the plugins there are: keyhooks plugins list"
        )
    }
}

extension PluginManagementError: CustomStringConvertible {
    package var description: String { errorText(message, remedy: remedy) }
}
