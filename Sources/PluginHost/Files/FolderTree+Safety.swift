extension FolderTree {
    /// What in the folder somebody else could change, or leads out of it; one fault for each kind of thing to mend.
    func faults() -> [FolderFault] {
        let foreign = entries.filter { !$0.status.isOwnedByUserOrRoot }
        let open = entries.filter(\.status.isWritableByOthers)
        return Self.ownership(foreign.map { place(of: $0) }, in: root)
            + Self.permissions(open.map { place(of: $0) }, in: root)
            + entries.compactMap { fault(in: $0) }.prefix(20)
    }

    /// What somebody else could change about a folder that plugins lie in.
    static func faults(ofFolder path: String) -> [FolderFault] {
        do {
            let status = try FileStatus(of: path)
            return ownership(status.isOwnedByUserOrRoot ? [] : [path], in: path)
                + permissions(status.isWritableByOthers ? [path] : [], in: path)
        } catch {
            return [.unreadable(path, error)]
        }
    }

    private static func ownership(_ paths: [String], in folder: String) -> [FolderFault] {
        guard let first = paths.first else { return [] }
        let user = #""$(id -un)""#
        return [
            FolderFault(
                "\(FolderFault.shown(first))\(others(paths)) belongs to another user",
                remedy: paths.count == 1
                    ? "if you know what it does: sudo chown \(user) \(FolderFault.quoted(first))"
                    : "if you know what they do: sudo chown -R \(user) \(FolderFault.quoted(folder))"
            )
        ]
    }

    private static func permissions(_ paths: [String], in folder: String) -> [FolderFault] {
        guard let first = paths.first else { return [] }
        return [
            FolderFault(
                "\(FolderFault.shown(first))\(others(paths)) can be changed by other users",
                remedy: paths.count == 1
                    ? "run: chmod go-w \(FolderFault.quoted(first))"
                    : "run: chmod -R go-w \(FolderFault.quoted(folder))"
            )
        ]
    }

    private static func others(_ paths: [String]) -> String {
        paths.count == 1 ? "" : " (with \(paths.count - 1) more)"
    }

    private func place(of entry: Entry) -> String { entry.path.isEmpty ? root : "\(root)/\(entry.path)" }

    private func fault(in entry: Entry) -> FolderFault? {
        let place = place(of: entry)
        switch entry.status.kind {
        case .file, .folder:
            return nil
        case .special:
            return FolderFault(
                "\(FolderFault.shown(place)) is a pipe, a socket or a device",
                remedy: "run: rm \(FolderFault.quoted(place))"
            )
        case .link:
            guard let target = try? FileSystem.canonicalPath(of: place) else {
                return FolderFault(
                    "\(FolderFault.shown(place)) is a symbolic link that leads nowhere",
                    remedy: "run: rm \(FolderFault.quoted(place))"
                )
            }
            if target == root || target.hasPrefix(root + "/") { return nil }
            return FolderFault(
                "\(FolderFault.shown(place)) is a symbolic link that leads out of the plugin's folder",
                remedy: "put what it points to into the folder instead"
            )
        }
    }
}
