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
            do {
                let status = try FileStatus(of: place)
                let target = status.kind == .link ? try FileSystem.target(ofLink: place) : nil
                found.append(Entry(path: path, status: status, target: target))
                if status.kind == .file { bytes += status.size }
                if status.kind == .folder {
                    guard depth <= limits.depth else {
                        throw FileFault.tooLarge(root.text, "more than \(limits.depth) levels")
                    }
                    for name in try FileSystem.names(in: place) {
                        guard let name else { throw FileFault.unreadableName(in: place) }
                        pending.append((path.isEmpty ? name : "\(path)/\(name)", depth + 1))
                    }
                }
            } catch let fault as FileFault {
                throw fault
            } catch let failure as SystemFailure {
                throw FileFault.unreadable(place, failure)
            } catch {
                preconditionFailure("nothing else is thrown above")
            }
            guard found.count + pending.count <= limits.entries else {
                throw FileFault.tooLarge(root.text, "more than \(limits.entries) files")
            }
            guard bytes <= limits.bytes else {
                throw FileFault.tooLarge(root.text, "more than \(limits.bytes >> 20) MiB")
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
