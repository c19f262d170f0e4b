import ExtensionHooks

/// What the user decided about plugins, as the file of decisions holds it.
struct PluginState: Codable, Hashable, Sendable {
    /// One plugin that may run as it was when the user looked at it.
    struct Trusted: Codable, Hashable, Sendable {
        let id: String
        /// The plugin's folder, without links.
        let folder: String
        /// The fingerprint of the folder.
        let sha256: String
        /// Whether its end hooks see the values of keys; nil for no.
        var values: Bool?
    }

    /// The version of the file's form.
    static let version = 1

    var version = PluginState.version
    var trusted: [Trusted] = []
    /// The ids of plugins that are switched off, in alphabetical order.
    var disabled: [String] = []

    /// The plugin that was trusted in a folder and is not switched off.
    func trustedID(in folder: String) -> HookID? {
        trusted.first { $0.folder == folder && !disabled.contains($0.id) }.map { HookID($0.id) }
    }

    /// What was decided about a plugin when it was looked at, if it was.
    func trusted(_ id: String, in folder: String) -> Trusted? {
        trusted.first { $0.id == id && $0.folder == folder }
    }
}
