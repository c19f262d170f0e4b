package import KeyHooks

/// All that is in a plugin's folder, as it was found.
package struct FolderTree: Sendable {
    /// One file, folder or link.
    struct Entry: Sendable {
        /// The path from the folder; empty for the folder itself.
        let path: String
        let status: FileStatus
        /// What a symbolic link says.
        let target: String?
    }

    /// What a folder may hold, so that looking at one ends.
    package struct Limits: Sendable {
        var entries = 10_000
        var depth = 32
        var bytes: Int64 = 256 << 20
    }

    /// The folder, as an absolute path without links.
    let root: FilePath

    /// The entries in the order of their paths' bytes, the folder itself first.
    let entries: [Entry]

    /// Looks at a folder and everything in it; links are not followed.
    package init(of root: FilePath, limits: Limits = Limits()) throws(FileFault) {
        self.root = root
        var found: [Entry] = []
        var pending = [(path: "", depth: 0)]
        var bytes: Int64 = 0
        while let (path, depth) = pending.popLast() {
            let place = (path.isEmpty ? root : root.appending(path)).text
            let (status, target, names): (FileStatus, String?, [String?])
            do throws(SystemFailure) {
                status = try FileStatus(of: place)
                target = status.kind == .link ? try FileSystem.target(ofLink: place) : nil
                names = status.kind == .folder && depth <= limits.depth ? try FileSystem.names(in: place) : []
            } catch {
                throw .unreadable(place, error)
            }
            guard status.kind != .folder || depth <= limits.depth else {
                throw .tooLarge(root.text, "more than \(limits.depth) levels")
            }
            found.append(Entry(path: path, status: status, target: target))
            if status.kind == .file { bytes += status.size }
            for name in names {
                guard let name else { throw .unreadableName(in: place) }
                pending.append((path.isEmpty ? name : "\(path)/\(name)", depth + 1))
            }
            guard found.count + pending.count <= limits.entries else {
                throw .tooLarge(root.text, "more than \(limits.entries) files")
            }
            guard bytes <= limits.bytes else {
                throw .tooLarge(root.text, "more than \(limits.bytes >> 20) MiB")
            }
        }
        entries = found.sorted { FilePath($0.path) < FilePath($1.path) }
    }

    /// The entry at a path as a manifest writes it, such as `./bin/run`; links on the way are not followed.
    func entry(at path: String) -> Entry? {
        let parts = path.split(separator: "/").filter { $0 != "." }
        let plain = FilePath(parts.joined(separator: "/"))
        return entries.first { FilePath($0.path) == plain }
    }
}

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
    /// From a folder that is no link, steps upwards that come first lead no higher than they say, and what follows
    /// without any leads no higher either.
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

extension FolderTree {
    /// The SHA-256 of everything in the folder: paths, kinds, permissions, contents and what links say.
    ///
    /// Owners and times do not count, so that a copy is the same.
    package func fingerprint() throws(FileFault) -> String {
        var hash = SHA256()
        hash.update("keyhooks plugin folder 1\n".utf8)
        for entry in entries {
            let permissions = String(entry.status.permissions, radix: 8)
            switch entry.status.kind {
            case .file: hash.update(part("file", permissions, entry.path, try contents(of: entry)))
            case .folder: hash.update(part("folder", permissions, entry.path, ""))
            case .link: hash.update(part("link", "", entry.path, entry.target ?? ""))
            case .special: hash.update(part("special", permissions, entry.path, ""))
            }
        }
        return hash.hexadecimal()
    }

    /// The fields with their lengths, so that no two folders are written alike.
    private func part(_ fields: String...) -> [UInt8] {
        fields.flatMap { Array("\($0.utf8.count):".utf8) + Array($0.utf8) }
    }

    private func contents(of entry: Entry) throws(FileFault) -> String {
        let path = root.appending(entry.path).text
        var hash = SHA256()
        let isWhole: Bool
        do {
            isWhole = try FileSystem.read(path, expecting: entry.status) { hash.update($0) }
        } catch {
            throw .unreadable(path, error)
        }
        guard isWhole else { throw .changed(path) }
        return hash.hexadecimal()
    }
}
