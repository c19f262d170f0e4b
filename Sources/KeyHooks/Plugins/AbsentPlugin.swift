package import ExtensionHooks

/// Plugins of this package that a program is built without, unless it asks for them.
package enum AbsentPlugin {
    /// What to do where such a plugin is configured and isn't there; nil for any other.
    package static func remedy(for plugin: PluginID) -> String? {
        guard plugin == "aws" else { return nil }
        return
            "build the tool with the traits CLI and AWS (swift build -c release --product keyhooks --traits CLI,AWS), or "
            + "hand AWSPlugin.plugin of the product AWSSecretsManager to the resolver"
    }
}
