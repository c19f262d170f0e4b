import LightFoundation

extension FileSystem {
    /// Puts a file in place whole or not at all, for its owner alone.
    package static func replace(_ path: String, with bytes: [UInt8]) throws(SystemFailure) {
        let draft = "\(path).\(String(UInt64.random(in: 0 ... .max), radix: 36)).new"
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw SystemFailure() }
        do throws(SystemFailure) {
            try fill(descriptor, with: bytes)
            guard rename(draft, path) == 0 else { throw SystemFailure() }
        } catch {
            unlink(draft)
            throw error
        }
    }

    /// Writes to a file, closes it, and returns when it is on the disk.
    private static func fill(_ descriptor: CInt, with bytes: [UInt8]) throws(SystemFailure) {
        defer { close(descriptor) }
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
            let count = rest.withUnsafeBytes { systemWrite(descriptor, $0.baseAddress!, $0.count) }
            if count < 0 {
                let failure = SystemFailure()
                if failure.code != EINTR { throw failure }
            } else {
                rest = rest.dropFirst(count)
            }
        }
    }
}

/// `write` of the C library, whose name the function above hides.
private func systemWrite(_ descriptor: CInt, _ buffer: UnsafeRawPointer, _ count: Int) -> Int {
    write(descriptor, buffer, count)
}
