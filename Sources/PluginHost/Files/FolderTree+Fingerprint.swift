package import KeyHooks

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
