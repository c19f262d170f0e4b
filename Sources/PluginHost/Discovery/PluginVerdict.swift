import ExtensionHooks
import KeyHooks

/// Whether a plugin runs, why, and what to do about it.
struct PluginVerdict {
    let status: PluginListing.Status
    let reason: String
    let remedy: String?

    init(_ status: PluginListing.Status, _ reason: String, _ remedy: String?) {
        self.status = status
        self.reason = reason
        self.remedy = remedy
    }

    static let own = PluginVerdict(.ready, "in the user's own plugins folder", nil)
    static let trusted = PluginVerdict(.ready, "trusted, and unchanged since", nil)

    static let sound = PluginVerdict(.ready, "its manifest and its files are in order", nil)

    static let switchedOff = PluginVerdict(
        .disabled,
        "all plugins are switched off, by KEYHOOKS_NO_PLUGINS or by the caller",
        "unset KEYHOOKS_NO_PLUGINS, or leave out --no-plugins"
    )

    static let insideOfPlugin = PluginVerdict(
        .disabled,
        "this runs inside of a plugin: KEYHOOKS_PLUGIN is set, so no plugin is asked",
        "unset KEYHOOKS_PLUGIN where no plugin has started this"
    )

    static let untrustable = PluginVerdict(
        .untrusted,
        "there is no folder in which trust could be recorded",
        "set HOME or XDG_CONFIG_HOME"
    )

    static func shadowed(by folder: FilePath) -> PluginVerdict {
        PluginVerdict(
            .shadowed,
            "\(folder) has the same id and comes first",
            "remove one of the two, or change the order of the search folders"
        )
    }

    static let shadowedByProgram = PluginVerdict(
        .shadowed,
        "a plugin that is part of the program has the same id",
        "give it another id in its manifest"
    )

    static func disabled(_ id: HookID) -> PluginVerdict {
        PluginVerdict(.disabled, "switched off by the user", "run: keyhooks plugins enable \(id)")
    }

    static func neverTrusted(_ id: HookID) -> PluginVerdict {
        PluginVerdict(.untrusted, "never trusted", "look at its folder, then: keyhooks plugins trust \(id)")
    }

    static func changed(_ id: HookID) -> PluginVerdict {
        PluginVerdict(
            .untrusted,
            "changed since it was trusted",
            "look at what changed in its folder, then: keyhooks plugins trust \(id)"
        )
    }

    static func broken(_ problems: [PluginListing.Problem]) -> PluginVerdict {
        let more = problems.count > 1 ? " (and \(problems.count - 1) more)" : ""
        return PluginVerdict(.broken, problems[0].reason + more, problems[0].remedy)
    }
}

extension PluginListing {
    init(_ candidate: PluginCandidate, _ verdict: PluginVerdict, shadowedBy: String?, seesValues: Bool) {
        id = candidate.id?.rawValue
        version = candidate.manifest?.version
        description = candidate.manifest?.description
        folder = candidate.folder.text
        origin = candidate.origin
        kind = candidate.manifest?.kind
        mode = candidate.manifest?.mode
        entry = candidate.manifest?.entry
        arguments = candidate.manifest?.arguments ?? []
        environment = candidate.manifest?.environment ?? []
        hooks = candidate.manifest?.hooks.map(Hook.init) ?? []
        status = verdict.status
        reason = verdict.reason
        remedy = verdict.remedy
        self.shadowedBy = shadowedBy
        self.seesValues = seesValues
        problems = candidate.problems
    }
}
