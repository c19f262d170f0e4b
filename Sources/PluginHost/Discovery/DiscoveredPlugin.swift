import KeyHooks
import LightFoundation

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
