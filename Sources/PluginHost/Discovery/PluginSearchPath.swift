import KeyHooks
import LightFoundation

/// The folders in which plugins are looked for, the first one first.
package struct PluginSearchPath: Hashable, Sendable {
    /// A folder, and who named it.
    package struct Folder: Hashable, Sendable, Codable {
        /// The folder; a relative path counts from the working directory.
        package let path: String

        /// Who named it.
        package let origin: PluginSearchPath.Origin
    }

    /// The folders in order.
    package var folders: [Folder]

    /// Whether all plugins are switched off; they are listed all the same.
    package var isSwitchedOff: Bool

    /// Whether that is so because a plugin started this program.
    private var isInsideOfPlugin = false

    /// Makes the usual search path.
    ///
    /// First `plugins` in the user's configuration folder (`$XDG_CONFIG_HOME/keyhooks`, or `~/.config/keyhooks`); then
    /// the folders in `KEYHOOKS_PLUGIN_PATH`, which are separated by colons; then those that the configuration
    /// declares. In both `~/` is the home folder.
    /// The user's own folder stays the user's own if it is named again. `KEYHOOKS_NO_PLUGINS=1` switches all plugins
    /// off, and so does any other value but an empty one, `0`, `false` and `no`; so does `KEYHOOKS_PLUGIN`, which every
    /// plugin's process has.
    ///
    /// - Parameters:
    ///   - declared: The folders that the configuration declares, as paths that count from the working directory.
    ///   - environment: Where the variables are taken from.
    package init(declared: [String] = [], environment: [String: String] = ProcessInfo.processInfo.environment) {
        let named = environment["KEYHOOKS_PLUGIN_PATH"]?.split(separator: ":").map(String.init) ?? []
        let own = KeyConfiguration.userFolder(environment).map { Folder(path: "\($0)/plugins", origin: .user) }
        folders =
            (own.map { [$0] } ?? [])
            + named.map { Folder(path: WrittenPath.expanded($0, environment), origin: .environment) }
            + declared.map { Folder(path: WrittenPath.expanded($0, environment), origin: .project) }
        isSwitchedOff = switchesPluginsOff(environment)
        isInsideOfPlugin = insideOfPlugin(environment) != nil
    }

    /// Why no plugin runs; nil if they are not switched off.
    var switchedOff: PluginStatus? {
        guard isSwitchedOff else { return nil }
        return isInsideOfPlugin ? .insideOfPlugin : .switchedOff
    }
}

extension PluginSearchPath {
    /// Who named the folder a plugin was found in.
    package enum Origin: String, Hashable, Sendable, Codable, CaseIterable {
        /// The variable `KEYHOOKS_PLUGIN_PATH`.
        case environment

        /// A configuration, by `pluginPath`.
        case project

        /// Nobody: it is the plugins folder of the user.
        case user

        /// Nobody: it is part of the program.
        case builtIn = "built-in"

        /// Whether a plugin found there runs only after the user trusted it.
        ///
        /// What is in the user's own folder was put there by the user. What a project or its environment names came
        /// with the project.
        package var needsTrust: Bool { self == .environment || self == .project }
    }
}
