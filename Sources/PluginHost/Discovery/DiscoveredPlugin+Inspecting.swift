import KeyHooks

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
            listing: PluginListing(
                candidate,
                isSound ? .sound : .broken(candidate.problems),
                shadowedBy: nil,
                seesValues: false
            ),
            manifest: candidate.manifest,
            searchFolder: nil,
            fingerprint: nil,
            copy: nil
        )
    }
}
