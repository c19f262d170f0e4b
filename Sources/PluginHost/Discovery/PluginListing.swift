package import KeyHooks

/// One plugin as it is listed: what it says of itself, and whether it runs.
package struct PluginListing: Hashable, Sendable, Codable {
    /// Whether a plugin runs.
    package enum Status: String, Hashable, Sendable, Codable, CaseIterable {
        /// It runs when it is needed.
        case ready
        /// It is switched off, alone or with all others.
        case disabled
        /// It was never trusted, or changed since.
        case untrusted
        /// A plugin with the same id comes earlier in the search order.
        case shadowed
        /// It cannot be run safely, or at all.
        case broken
    }

    /// The plugin's id; nil if its manifest has none that can be read.
    package let id: PluginID?

    /// The plugin's version; nil if its manifest is wrong.
    package let version: String?

    /// What the plugin does, if it says so.
    package let description: String?

    /// Its folder, without links; empty for a plugin that is part of the program.
    package let folder: String

    /// Who named the folder it was found in.
    package let origin: PluginSearchPath.Origin

    /// How it is run; nil if its manifest is wrong, or it is part of the program.
    package let kind: PluginManifest.Kind?

    /// How long one process lives; nil if its manifest is wrong.
    package let mode: PluginManifest.Mode?

    /// The executable, relative to the folder; nil if its manifest is wrong.
    package let entry: String?

    /// What the executable is started with.
    package let arguments: [String]

    /// The names of the variables it gets besides those that every plugin gets.
    package let environment: [String]

    /// Where it takes part; none if its manifest is wrong.
    package let hooks: [PluginManifest.Hook]

    /// Whether its end hooks see the values of keys: those that ask for them do once the user granted it.
    package let seesValues: Bool

    /// Whether it runs.
    package let status: Status

    /// Why, in one line.
    package let reason: String

    /// What to do about it, in one line; nil if there is nothing to do.
    package let remedy: String?

    /// The folder of the plugin that comes earlier, if there is one with the same id.
    package let shadowedBy: String?

    /// Everything that is wrong with the plugin, whatever its status.
    package let problems: [FileFault]
}

extension PluginListing {
    init(_ candidate: PluginCandidate, _ status: PluginStatus, shadowedBy: String? = nil, seesValues: Bool = false) {
        let manifest = candidate.manifest
        id = candidate.id
        version = manifest?.version
        description = manifest?.description
        folder = candidate.folder.text
        origin = candidate.origin
        kind = manifest?.kind
        mode = manifest?.mode
        entry = manifest?.entry
        arguments = manifest?.arguments ?? []
        environment = manifest?.environment ?? []
        hooks = manifest?.hooks ?? []
        self.seesValues = seesValues
        self.status = status.status
        reason = status.reason
        remedy = status.remedy
        self.shadowedBy = shadowedBy
        problems = candidate.problems
    }
}
