import KeyHooks

extension FolderTree {
    /// What in the folder somebody else could change, or leads out of it; one fault for each kind of thing to fix.
    func faults() -> [FileFault] {
        let foreign = entries.filter { !$0.status.isOwnedByUserOrRoot }
        let open = entries.filter(\.status.isWritableByOthers)
        return FileFault.ownership(foreign.map { place(of: $0) }, in: root)
            + FileFault.permissions(open.map { place(of: $0) }, in: root)
            + entries.compactMap { fault(in: $0) }.prefix(20)
    }

    private func place(of entry: Entry) -> FilePath { entry.path.isEmpty ? root : root.appending(entry.path) }

    private func fault(in entry: Entry) -> FileFault? {
        let place = place(of: entry)
        switch entry.status.kind {
        case .file, .folder:
            return nil
        case .special:
            return FileFault(
                "\(place) is a pipe, a socket or a device",
                remedy: "run: rm \(FileFault.quoted(place.text))"
            )
        case .link:
            guard let target = try? FileSystem.canonicalPath(of: place.text) else {
                return FileFault(
                    "\(place) is a symbolic link that leads nowhere",
                    remedy: "run: rm \(FileFault.quoted(place.text))"
                )
            }
            if FilePath(target).isInside(root) {
                guard entry.target?.hasPrefix("/") == true else { return nil }
                return FileFault(
                    "\(place) is a symbolic link by an absolute path, which leads out of a copy of the folder",
                    remedy: "make it a relative one"
                )
            }
            return FileFault(
                "\(place) is a symbolic link that leads out of the plugin's folder",
                remedy: "put what it points to into the folder instead"
            )
        }
    }
}
