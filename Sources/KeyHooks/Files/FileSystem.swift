import LightFoundation

/// The calls of the system that looking at folders needs, as functions that throw.
package enum FileSystem {
    /// The names in a folder, unordered; nil stands for a name that is not UTF-8.
    package static func names(in folder: String) throws(SystemFailure) -> [String?] {
        guard let stream = opendir(folder) else { throw SystemFailure() }
        defer { closedir(stream) }
        var names: [String?] = []
        while true {
            errno = 0
            guard let entry = readdir(stream) else {
                if errno != 0 { throw SystemFailure() }
                return names
            }
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: pointer.pointee)) {
                    String(validatingCString: $0)
                }
            }
            if name != ".", name != ".." { names.append(name) }
        }
    }

    /// The path with all symbolic links followed; one that is not UTF-8 is refused, since others would look the same.
    package static func canonicalPath(of path: String) throws(SystemFailure) -> String {
        guard let resolved = realpath(path, nil) else { throw SystemFailure() }
        defer { free(resolved) }
        guard let text = String(validatingCString: resolved) else { throw SystemFailure(EILSEQ) }
        return text
    }

    /// Whether nothing at all stands under a name, and nothing keeps one from seeing it.
    ///
    /// A link that leads nowhere is something, also where it takes the place of a folder above: somebody counts on what
    /// it should lead to. So is a file in the place of a folder.
    package static func isAbsent(_ path: FilePath) -> Bool {
        var place = path
        guard isMissing(place) else { return false }
        while place.text != "/", place.text != "." {
            place = place.folder
            if isMissing(place) { continue }
            return (try? FileStatus(of: place.text, followsLinks: true))?.kind == .folder
        }
        return true
    }

    private static func isMissing(_ path: FilePath) -> Bool {
        do {
            _ = try FileStatus(of: path.text)
            return false
        } catch {
            return error.isMissing
        }
    }

    /// Where a file is or would be, with the links followed that are there.
    package static func likelyPath(of path: FilePath, links: Int = 0) -> FilePath {
        if let known = try? canonicalPath(of: path.text) { return FilePath(known) }
        guard path.text != "/", path.text != ".", links < 64 else { return path }
        let folder = likelyPath(of: path.folder, links: links + 1)
        let place = folder.appending(path.name)
        guard let target = try? target(ofLink: place.text) else { return place }
        return likelyPath(of: target.hasPrefix("/") ? FilePath(target) : folder.appending(target), links: links + 1)
    }

    /// What a symbolic link says.
    package static func target(ofLink path: String) throws(SystemFailure) -> String {
        var buffer = [UInt8](repeating: 0, count: Int(PATH_MAX))
        let count = buffer.withUnsafeMutableBytes { bytes in
            readlink(path, bytes.baseAddress!.assumingMemoryBound(to: CChar.self), bytes.count)
        }
        guard count >= 0 else { throw SystemFailure() }
        return String(decoding: buffer[..<count], as: UTF8.self)
    }

    /// The path of an open file, without links; nil if the system doesn't tell.
    static func path(of descriptor: CInt) -> String? {
        #if canImport(Darwin)
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        guard fcntl(descriptor, F_GETPATH, &buffer) == 0 else { return nil }
        return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        #else
        return try? target(ofLink: "/proc/self/fd/\(descriptor)")
        #endif
    }

    /// Hands a file's contents to a closure piece by piece, if it still is the file whose status is given.
    ///
    /// - Returns: Whether it is the same file, unchanged in kind, owner, permissions and size.
    package static func read(
        _ path: String,
        expecting status: FileStatus,
        _ take: ([UInt8]) -> Void
    ) throws(SystemFailure) -> Bool {
        let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { throw SystemFailure() }
        defer { close(descriptor) }
        guard try FileStatus(of: descriptor) == status else { return false }
        var total: Int64 = 0
        while true {
            let piece = try piece(of: descriptor)
            if piece.isEmpty { return total == status.size }
            total += Int64(piece.count)
            // A file that grows while it is read must not be read forever.
            guard total <= status.size else { return false }
            take(piece)
        }
    }

    /// The next bytes of an open file; none at its end.
    static func piece(of descriptor: CInt) throws(SystemFailure) -> [UInt8] {
        var failure: SystemFailure?
        let piece = [UInt8](unsafeUninitializedCapacity: 65_536) { buffer, count in
            repeat {
                let result = LightFoundation.read(descriptor, buffer.baseAddress!, buffer.count)
                failure = result < 0 ? SystemFailure() : nil
                count = max(result, 0)
            } while failure?.code == EINTR
        }
        if let failure { throw failure }
        return piece
    }
}

extension FileSystem {
    /// Puts a file in place whole or not at all, for its owner alone.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - bytes: What it is to hold.
    ///   - draft: What the new file is called until it takes the place of the old; what has this name goes. Nil for a
    ///     name that nobody has. Who holds a lock names one, so that a crash leaves one draft at most.
    ///   - old: Whose owner and permissions it gets; nil for this user's alone.
    /// - Throws: Why it can't be written.
    package static func replace(
        _ path: String,
        with bytes: [UInt8],
        draft: String? = nil,
        keeping old: FileStatus? = nil
    ) throws(SystemFailure) {
        if let draft { unlink(draft) }
        let draft = draft ?? "\(path).\(String(UInt64.random(in: 0 ... .max), radix: 36)).new"
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw SystemFailure() }
        do throws(SystemFailure) {
            try fill(descriptor, with: bytes, keeping: old)
            guard rename(draft, path) == 0 else { throw SystemFailure() }
        } catch {
            unlink(draft)
            throw error
        }
    }

    /// Makes a file that isn't there yet, for its owner alone.
    package static func create(_ path: String, with bytes: [UInt8]) throws(SystemFailure) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw SystemFailure() }
        do throws(SystemFailure) {
            try fill(descriptor, with: bytes)
        } catch {
            unlink(path)
            throw error
        }
    }

    /// Writes to a file, closes it, and returns when it is on the disk.
    ///
    /// - Parameters:
    ///   - descriptor: The file.
    ///   - bytes: What it is to hold.
    ///   - old: Whose owner and permissions it gets, before there is anything in it that others might read.
    /// - Throws: Why it can't be written.
    private static func fill(
        _ descriptor: CInt,
        with bytes: [UInt8],
        keeping old: FileStatus? = nil
    ) throws(SystemFailure) {
        defer { close(descriptor) }
        if let old {
            let own = try FileStatus(of: descriptor)
            let isSame = (own.owner, own.group) == (old.owner, old.group)
            guard isSame || fchown(descriptor, old.owner, old.group) == 0 else { throw SystemFailure() }
            guard fchmod(descriptor, mode_t(old.permissions & 0o777)) == 0 else { throw SystemFailure() }
        }
        try write(bytes, to: descriptor)
        // Without it a crash of the system may leave an empty file under the new name.
        guard fsync(descriptor) == 0 else { throw SystemFailure() }
    }

    /// Makes a folder for the user alone, with the folders above it.
    package static func makeFolder(_ path: String) throws(SystemFailure) {
        var place = path.hasPrefix("/") ? "" : "."
        for part in path.split(separator: "/") {
            place += "/\(part)"
            if mkdir(place, 0o700) != 0, errno != EEXIST { throw SystemFailure() }
        }
    }

    /// Removes a folder with all that is in it, as far as that is allowed; links are not followed.
    package static func removeTree(_ place: FilePath) {
        guard let status = try? FileStatus(of: place.text) else { return }
        guard status.kind == .folder else {
            unlink(place.text)
            return
        }
        // In one that nobody may write to nothing can be removed either.
        chmod(place.text, 0o700)
        for case let name? in (try? names(in: place.text)) ?? [] { removeTree(place.appending(name)) }
        rmdir(place.text)
    }

    /// Writes all of the bytes.
    package static func write(_ bytes: [UInt8], to descriptor: CInt) throws(SystemFailure) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { LightFoundation.write(descriptor, $0.baseAddress!, $0.count) }
            if count < 0 {
                let failure = SystemFailure()
                if failure.code != EINTR { throw failure }
            } else {
                rest = rest.dropFirst(count)
            }
        }
    }
}
