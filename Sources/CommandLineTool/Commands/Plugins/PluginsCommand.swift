#if CLI
import ArgumentParser

/// What there is to do about plugins.
struct PluginsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plugins",
        abstract: "Show the plugins that are found, and decide which of them run.",
        discussion: """
            A plugin is a folder with a plugin.json. It is looked for in the folders of KEYHOOKS_PLUGIN_PATH, then in \
            those that the configuration names in pluginPath, then in 'plugins' in the user's configuration folder. One \
            that is not in the user's own folder runs only after it was trusted.

            Exit status: 0 done, 1 no such plugin, 2 it cannot be done, 64 wrong usage, 78 wrong configuration; 'try' has \
            those of 'get'.
            """,
        subcommands: [
            PluginsList.self, PluginsInfo.self, PluginsTrust.self, PluginsUntrust.self, PluginsEnable.self,
            PluginsDisable.self, PluginsCheck.self, PluginsTry.self, PluginsNew.self,
        ]
    )
}
#endif
