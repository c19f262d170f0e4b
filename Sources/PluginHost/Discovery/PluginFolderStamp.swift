import KeyHooks

/// What the folders of a search path look like from outside, to see whether anything changed since.
///
/// Only folders with a manifest are looked into, as by ``PluginSearch``, and no file is read.
struct PluginFolderStamp: Hashable, Sendable {
    private var files: [FilePath: FileStatus] = [:]
    private var room = FolderTree.Limits().entries

    /// Looks at the folders of a search path, and at a file besides.
    init(_ path: PluginSearchPath, _ store: TrustStore?) {
        if let store { files[FilePath(store.path)] = try? FileStatus(of: store.path) }
        for folder in path.folders {
            // The search folder may be a link.
            files[FilePath(folder.path)] = try? FileStatus(of: folder.path, followsLinks: true)
            for place in places(in: FilePath(folder.path)) {
                let isPlugin = (try? FileStatus(of: place.appending(PluginManifest.fileName).text)) != nil
                // In the user's own folder one without a manifest is missed.
                if isPlugin || folder.origin == .user { look(at: place, depth: isPlugin ? 0 : .max) }
            }
        }
    }

    private mutating func look(at place: FilePath, depth: Int) {
        // What is beyond the limits is in no plugin that runs.
        guard room > 0, let status = try? FileStatus(of: place.text) else { return }
        room -= 1
        files[place] = status
        guard status.kind == .folder, depth <= FolderTree.Limits().depth else { return }
        for place in places(in: place) { look(at: place, depth: depth + 1) }
    }

    private func places(in folder: FilePath) -> [FilePath] {
        ((try? FileSystem.names(in: folder.text)) ?? []).compactMap(\.self).map { folder.appending($0) }.sorted()
    }
}
