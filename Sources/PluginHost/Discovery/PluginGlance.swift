/// What the folders of a search path look like from outside, to see whether anything changed since.
///
/// Only folders with a manifest are looked into, as by ``PluginSearch``, and no file is read.
struct PluginGlance: Hashable, Sendable {
    private var files: [String: FileGlance] = [:]
    private var room = FolderTree.Limits().entries

    /// Looks at the folders of a search path, and at a file besides.
    init(_ path: PluginSearchPath, _ store: TrustStore?) {
        if let store { files[store.path] = FileGlance(of: store.path) }
        for folder in path.folders {
            // The search folder may be a link.
            files[folder.path] = FileGlance(of: folder.path, followsLinks: true)
            for name in names(in: folder.path) {
                let place = "\(folder.path)/\(name)"
                guard FileGlance(of: "\(place)/\(PluginManifest.fileName)") != nil else { continue }
                look(at: place, depth: 0)
            }
        }
    }

    private mutating func look(at place: String, depth: Int) {
        // What is beyond the limits is in no plugin that runs.
        guard room > 0, depth <= FolderTree.Limits().depth, let glance = FileGlance(of: place) else { return }
        room -= 1
        files[place] = glance
        guard glance.isFolder else { return }
        for name in names(in: place) { look(at: "\(place)/\(name)", depth: depth + 1) }
    }

    private func names(in folder: String) -> [String] {
        ((try? FileSystem.names(in: folder)) ?? []).compactMap(\.self).sorted()
    }
}
