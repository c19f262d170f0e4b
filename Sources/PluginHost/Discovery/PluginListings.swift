package import KeyHooks
import LightFoundation

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

    /// What it can do as a secret manager; nil if it is none.
    package let secrets: PluginSecrets?

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
        secrets = manifest?.secrets
        self.seesValues = seesValues
        self.status = status.status
        reason = status.reason
        remedy = status.remedy
        self.shadowedBy = shadowedBy
        problems = candidate.problems
    }
}

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

/// A plugin that was found.
package struct DiscoveredPlugin: Sendable {
    /// How it is listed.
    package let listing: PluginListing

    /// What it says of itself; nil if that is wrong.
    package let manifest: PluginManifest?

    /// The search folder as it was named, from the root on; nil if it was not searched for.
    var searchFolder: FilePath?

    /// What the user trusted; nil for a plugin that has no trust, which may need none.
    var fingerprint: String?

    /// The private copy that runs in place of what is in the folder; nil for one of the user's own.
    var copy: FilePath?

    /// The folder.
    var folder: FilePath { FilePath(listing.folder) }

    /// The folder that the plugin is run in.
    var runningFolder: String { copy?.text ?? listing.folder }

    /// The executable that is run, as an absolute path; nil if the manifest is wrong.
    package var executable: String? {
        manifest.map { $0.executable(in: runningFolder) }
    }
}

extension DiscoveredPlugin {
    /// Looks at one folder, as an author does before the plugin is installed anywhere.
    ///
    /// The plugin is judged as if it lay in the user's own folder: it is ready or broken, and trust, other plugins and
    /// switches do not count. Nothing is run.
    ///
    /// - Parameter folder: The folder.
    /// - Returns: The plugin, with everything that is wrong with it.
    /// - Throws: A ``PluginManagementError`` if there is no such folder.
    package static func inspect(_ folder: String) throws(PluginManagementError) -> DiscoveredPlugin {
        let place: FilePath
        do {
            place = FilePath(try FileSystem.canonicalPath(of: folder))
        } catch {
            throw PluginManagementError(
                .unknownPlugin,
                "\(FileFault.shown(folder)) cannot be looked at: \(error.text)",
                remedy: "name the folder that holds the plugin's \(PluginManifest.fileName)"
            )
        }
        let candidate = PluginCandidate(folder: place, origin: .user, problems: FileFault.faults(above: place))
        let isSound = candidate.problems.isEmpty
        return DiscoveredPlugin(
            listing: PluginListing(candidate, isSound ? .sound : .broken(candidate.problems)),
            manifest: candidate.manifest
        )
    }
}

extension DiscoveredPlugin {
    /// Whether the plugin lies in the user's own plugins folder, where everything was put by the user.
    package func isOwn(_ environment: [String: String] = ProcessInfo.processInfo.environment) -> Bool {
        guard let user = KeyConfiguration.userFolder(environment),
            let own = try? FileSystem.canonicalPath(of: "\(user)/plugins")
        else { return false }
        return folder.folder == FilePath(own)
    }

    /// The executable with what it is started with; nil for a plugin that is not in order.
    package var command: [String]? {
        executable.map { [$0] + (manifest?.arguments ?? []) }
    }

    /// Why its entry would not start on this system as it is now; nil if nothing is known against it.
    ///
    /// - Parameter environment: Where `PATH` is taken from.
    /// - Returns: The reason in one line.
    package func warningAboutEntry(_ environment: [String: String]) -> String? {
        guard listing.status == .ready, let manifest else { return nil }
        return EntryFirstLine(of: manifest.executable(in: listing.folder))?.warning(environment)
    }

    /// The variables that every plugin gets.
    package static var usualVariables: [String] { PluginLaunch.inherited }

    /// The variables that its manifest asks for, besides those that every plugin gets.
    package var askedVariables: [String] {
        (manifest?.environment ?? []).filter { !PluginLaunch.inherited.contains($0) }
    }
}
