/// Whether the environment switches all plugins off.
///
/// `KEYHOOKS_NO_PLUGINS` does by `1`, or any other value but an empty one, `0`, `false` and `no`. `KEYHOOKS_PLUGIN`
/// does by any value but an empty one: a plugin that asks for a key would be asked for it in turn, without an end.
package func switchesPluginsOff(_ environment: [String: String]) -> Bool {
    !["", "0", "false", "no"].contains(environment["KEYHOOKS_NO_PLUGINS"]?.lowercased() ?? "")
        || insideOfPlugin(environment) != nil
}

/// What to say where no plugin is asked because a plugin started this program; nil if none did.
package func insideOfPlugin(_ environment: [String: String]) -> String? {
    environment["KEYHOOKS_PLUGIN", default: ""].isEmpty
        ? nil : "this runs inside of a plugin: KEYHOOKS_PLUGIN is set, so no plugin is asked"
}
