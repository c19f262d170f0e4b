import KeyHooks
import LightFoundation

/// The private copies of trusted plugins, each in a folder named by its fingerprint.
///
/// They are what runs, so that nothing can come between the look at a plugin and its start, and a file that a plugin
/// opens an hour later is still the one that was trusted.
struct TrustedCopies: Sendable {
    /// The folder that holds them, for the user alone.
    let folder: FilePath

    /// Names the folder beside a file of decisions.
    init(of store: TrustStore) {
        folder = FileSystem.likelyPath(of: store.folder).appending("trusted")
    }

    /// Where the copy with a fingerprint is or will be.
    func place(of fingerprint: String) -> FilePath { folder.appending(fingerprint) }

    /// Makes sure that the copy is there and is what was trusted.
    ///
    /// - Parameters:
    ///   - fingerprint: What was trusted.
    ///   - original: The plugin's folder, for a copy that is missing or damaged.
    /// - Throws: What is wrong.
    func provide(_ fingerprint: String, from original: FilePath) throws(FileFault) {
        if (try? check(fingerprint)) != nil { return }
        do throws(SystemFailure) {
            try FileSystem.makeFolder(folder.text)
        } catch {
            throw .unreadable(folder.text, error)
        }
        try checkSafety()
        let lock: FileLock
        do throws(FileLock.Failure) {
            lock = try FileLock(folder.appending(".lock").text)
        } catch {
            throw FileFault("\(folder) cannot be locked", remedy: "try again, or see who may write to it")
        }
        // Somebody else may have made it while this one waited.
        if (try? check(fingerprint)) == nil { try make(fingerprint, from: original) }
        _ = consume lock
    }

    private func make(_ fingerprint: String, from original: FilePath) throws(FileFault) {
        let draft = folder.appending(".\(Self.word()).new")
        defer { FileSystem.removeTree(draft) }
        try FolderTree(of: original).copy(to: draft)
        guard try FolderTree(of: draft).fingerprint() == fingerprint else { throw .changed(original.text) }
        // The time of the original says nothing about the copy's age.
        utimes(draft.text, nil)
        let place = place(of: fingerprint)
        // A damaged one goes out of the way, and stays for a day: processes may still run in it.
        let aside = folder.appending(".\(Self.word()).old")
        if rename(place.text, aside.text) == 0 { utimes(aside.text, nil) }
        guard rename(draft.text, place.text) == 0 else { throw .unreadable(place.text, SystemFailure()) }
        try check(fingerprint)
        // Copies that were damaged, and drafts that nobody finished.
        remove(olderThan: 1) { $0.hasSuffix(".old") || $0.hasSuffix(".new") }
    }

    private static func word() -> String { String(UInt64.random(in: 0 ... .max), radix: 36) }

    /// Removes what is in the folder and older than some days, as far as its name is one of those that are meant.
    private func remove(olderThan days: Int64, where isMeant: (String) -> Bool) {
        let old = Int64(time(nil)) - days * 86_400
        for case let name? in (try? FileSystem.names(in: folder.text)) ?? [] where isMeant(name) {
            let place = folder.appending(name)
            guard let status = try? FileStatus(of: place.text), status.modified < old else { continue }
            FileSystem.removeTree(place)
        }
    }

    /// Makes sure that a copy is what was trusted, and that nobody else can change it.
    func check(_ fingerprint: String) throws(FileFault) {
        try checkSafety()
        let tree = try FolderTree(of: place(of: fingerprint))
        if let fault = tree.faults().first { throw fault }
        guard try tree.fingerprint() == fingerprint else { throw .changed(tree.root.text) }
    }

    private func checkSafety() throws(FileFault) {
        if let fault = (FileFault.faults(of: folder) + FileFault.faults(above: folder)).first { throw fault }
    }

    /// Removes the copies that no decision speaks of any more and that are older than a month.
    ///
    /// A program that runs may still use a younger one, and open files of it.
    func tidy(_ decisions: TrustDecisions) {
        let kept = Set(decisions.trusted.map(\.sha256))
        remove(olderThan: 30) { !kept.contains($0) && !$0.hasPrefix(".") }
    }

    /// Removes the copies of plugins whose trust was taken back, unless another decision speaks of the same.
    func remove(_ plugins: [TrustDecisions.Plugin], _ decisions: TrustDecisions) {
        for plugin in plugins where !decisions.trusted.contains(where: { $0.sha256 == plugin.sha256 }) {
            FileSystem.removeTree(place(of: plugin.sha256))
        }
    }
}

extension FolderTree {
    /// Writes all that is in the folder into another one, which must not exist, with the same permissions.
    fileprivate func copy(to target: FilePath) throws(FileFault) {
        do throws(SystemFailure) {
            for entry in entries {
                let place = entry.path.isEmpty ? target : target.appending(entry.path)
                switch entry.status.kind {
                case .folder:
                    guard mkdir(place.text, 0o700) == 0 else { throw SystemFailure() }
                case .link:
                    guard symlink(entry.target ?? "", place.text) == 0 else { throw SystemFailure() }
                case .file:
                    let descriptor = open(place.text, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
                    guard descriptor >= 0 else { throw SystemFailure() }
                    defer { close(descriptor) }
                    var failure: SystemFailure?
                    // What changed while it was read shows in the fingerprint of the copy.
                    _ = try FileSystem.read(root.appending(entry.path).text, expecting: entry.status) { bytes in
                        guard failure == nil else { return }
                        do throws(SystemFailure) {
                            try FileSystem.write(bytes, to: descriptor)
                        } catch {
                            failure = error
                        }
                    }
                    if let failure { throw failure }
                    guard fchmod(descriptor, mode_t(entry.status.permissions)) == 0 else { throw SystemFailure() }
                case .special: break
                }
            }
            // Last, and the innermost first: in some of them nothing may be made.
            for entry in entries.reversed() where entry.status.kind == .folder {
                let place = entry.path.isEmpty ? target : target.appending(entry.path)
                guard chmod(place.text, mode_t(entry.status.permissions)) == 0 else { throw SystemFailure() }
            }
        } catch {
            throw FileFault(
                "\(root) cannot be copied to \(target): \(error.text)",
                remedy: "make room there, and see who may write to it"
            )
        }
    }
}
