import ExtensionHooks

/// Why a plugin gave no answer.
///
/// The text holds nothing that looks like a key and none of the values that the plugin has returned.
package struct PluginError: ValueFreeError, Hashable {
    /// Who found the fault.
    enum Origin: String, Hashable, Sendable {
        case host
        case plugin
    }

    let kind: Kind
    let origin: Origin
    /// The plugin's id.
    let plugin: String
    /// What went wrong.
    let message: String
    /// One line that says how to mend it.
    var hint: String?
    /// How long the source asked to be left alone.
    var retryAfter: Duration?

    init(
        _ kind: Kind,
        origin: Origin = .host,
        plugin: String,
        _ message: String,
        hint: String? = nil,
        retryAfter: Duration? = nil
    ) {
        self.kind = kind
        self.origin = origin
        self.plugin = plugin
        self.message = message
        self.hint = hint
        self.retryAfter = retryAfter
    }

    package var description: String {
        let hint = hint.map { " (\($0))" } ?? ""
        return "plugin '\(plugin)': \(kind): \(message)\(hint)"
    }
}
