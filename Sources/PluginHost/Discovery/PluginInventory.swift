package import ExtensionHooks
import KeyHooks

/// All plugins that were found, those that do not run among them.
package struct PluginInventory: Sendable {
    /// A folder that was searched.
    package struct Searched: Sendable {
        /// The folder as it was named.
        package let folder: PluginSearchPath.Folder

        /// Why it could not be searched; nil if it was, or is the user's own and does not exist.
        package let problem: String?

        /// Where the folder is or should be: without links, with its name's last part as it stands, which may be a link
        /// in the place of a folder, and as it was named.
        let places: Set<FilePath>

        /// One line that says what could not be searched and why; nil if it was.
        package var doubt: String? {
            problem.map { "the plugin folder \(FileFault.shown(folder.path)) can't be searched: \($0)" }
        }
    }

    /// The plugins in search order, and within a folder by the names of their folders.
    package let plugins: [DiscoveredPlugin]

    /// The folders that were searched.
    package let searched: [Searched]

    /// What the user decided; nothing if that can't be read, and then no plugin runs.
    let decisions: TrustDecisions

    /// The plugins as they are listed, in the same order.
    package var listings: [PluginListing] { plugins.map(\.listing) }

    /// The plugins that run.
    package var ready: [DiscoveredPlugin] { plugins.filter { $0.listing.status == .ready } }

    /// The plugin that an id means: the first one in search order.
    ///
    /// - Parameter id: The id.
    /// - Returns: The plugin, whatever its status; nil if there is none.
    package func plugin(_ id: HookID) -> DiscoveredPlugin? {
        plugins.first { $0.listing.id == id.rawValue && $0.listing.status != .shadowed }
            ?? plugins.first { $0.listing.id == id.rawValue }
    }
}

/// A plugin that was found.
package struct DiscoveredPlugin: Sendable {
    /// How it is listed.
    package let listing: PluginListing

    /// What it says of itself; nil if that is wrong.
    package let manifest: PluginManifest?

    /// The search folder as it was named, from the root on; nil if it was not searched for.
    let searchFolder: FilePath?

    /// What the user trusted; nil for a plugin that has no trust, which may need none.
    let fingerprint: String?

    /// The private copy that runs in place of what is in the folder; nil for one of the user's own.
    let copy: FilePath?

    /// The folder.
    var folder: FilePath { FilePath(listing.folder) }

    /// The folder that the plugin is run in.
    var runningFolder: String { copy?.text ?? listing.folder }

    /// The executable that is run, as an absolute path; nil if the manifest is wrong.
    package var executable: String? {
        manifest.map { $0.executable(in: runningFolder) }
    }
}

extension PluginManifest {
    /// The path of the executable of a plugin in a folder, without the steps that lead nowhere.
    func executable(in folder: String) -> String {
        let parts = entry.split(separator: "/").filter { $0 != "." }
        return "\(folder)/\(parts.joined(separator: "/"))"
    }
}
