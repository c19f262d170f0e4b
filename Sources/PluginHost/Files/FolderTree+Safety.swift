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
            if let target = entry.target, let fault = fault(ofLinkTo: target, entry, at: place) { return fault }
            guard let target = try? FileSystem.canonicalPath(of: place.text) else {
                return FileFault(
                    "\(place) is a symbolic link that leads nowhere",
                    remedy: "run: rm \(FileFault.quoted(place.text))"
                )
            }
            return FilePath(target).isInside(root) ? nil : Self.leadsOut(place)
        }
    }

    /// What is wrong with the words of a link: in a copy of the folder they must lead to the same place.
    ///
    /// From a folder that is no link, steps upwards that come first lead no higher than they say, and what follows without
    /// any leads no higher either.
    private func fault(ofLinkTo target: String, _ entry: Entry, at place: FilePath) -> FileFault? {
        guard !target.hasPrefix("/") else {
            return FileFault(
                "\(place) is a symbolic link by an absolute path, which leads out of a copy of the folder",
                remedy: "make it a relative one"
            )
        }
        let steps = target.split(separator: "/").filter { $0 != "." }
        let upwards = steps.prefix { $0 == ".." }.count
        let depth = entry.path.utf8.split(separator: UInt8(ascii: "/")).count - 1
        let isInside = upwards <= depth && !steps.dropFirst(upwards).contains("..")
        return isInside ? nil : Self.leadsOut(place)
    }

    private static func leadsOut(_ place: FilePath) -> FileFault {
        FileFault(
            "\(place) is a symbolic link that leads out of the plugin's folder",
            remedy: "put what it points to into the folder instead"
        )
    }
}
