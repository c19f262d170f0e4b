import KeyHooks

/// Whether a plugin runs, why, and what to do about it.
struct PluginStatus {
    let status: PluginListing.Status
    let reason: String
    let remedy: String?

    init(_ status: PluginListing.Status, _ reason: String, _ remedy: String?) {
        self.status = status
        self.reason = reason
        self.remedy = remedy
    }

    static let own = PluginStatus(.ready, "in the user's own plugins folder", nil)
    static let trusted = PluginStatus(.ready, "trusted, and unchanged since", nil)

    static let sound = PluginStatus(.ready, "its manifest and its files are in order", nil)

    static let switchedOff = PluginStatus(
        .disabled,
        "all plugins are switched off, by KEYHOOKS_NO_PLUGINS or by the caller",
        "unset KEYHOOKS_NO_PLUGINS, or leave out --no-plugins"
    )

    static let insideOfPlugin = PluginStatus(
        .disabled,
        "this runs inside of a plugin: KEYHOOKS_PLUGIN is set, so no plugin is asked",
        "unset KEYHOOKS_PLUGIN where no plugin has started this"
    )

    static let untrustable = PluginStatus(
        .untrusted,
        "there is no folder in which trust could be recorded",
        "set HOME or XDG_CONFIG_HOME"
    )

    static func shadowed(by folder: FilePath) -> PluginStatus {
        PluginStatus(
            .shadowed,
            "\(folder) has the same id and comes first",
            "remove one of the two, or change the order of the search folders"
        )
    }

    static let shadowedByProgram = PluginStatus(
        .shadowed,
        "a plugin that is part of the program has the same id",
        "give it another id in its manifest"
    )

    static func disabled(_ id: PluginID) -> PluginStatus {
        PluginStatus(.disabled, "switched off by the user", "run: keyhooks plugins enable \(id)")
    }

    static func neverTrusted(_ id: PluginID) -> PluginStatus {
        PluginStatus(.untrusted, "never trusted", "look at its folder, then: keyhooks plugins trust \(id)")
    }

    static func changed(_ id: PluginID) -> PluginStatus {
        PluginStatus(
            .untrusted,
            "changed since it was trusted",
            "look at what changed in its folder, then: keyhooks plugins trust \(id)"
        )
    }

    /// The plugin may be switched off or no longer trusted, and whether it is cannot be known.
    static func undecided(_ error: PluginManagementError) -> PluginStatus {
        PluginStatus(.disabled, error.message, error.remedy)
    }

    static func broken(_ problems: [FileFault]) -> PluginStatus {
        let more = problems.count > 1 ? " (and \(problems.count - 1) more)" : ""
        return PluginStatus(.broken, problems[0].reason + more, problems[0].remedy)
    }
}
