import LightFoundation

/// Reads a small regular file and nothing else.
///
/// The file is opened without blocking and looked at through the descriptor, so that a FIFO or a device put in its
/// place can neither hang the program nor feed it without end.
package enum FileReading {
    package struct Contents {
        package let bytes: [UInt8]

        /// Whether the group or everybody may read the file.
        package let isReadableByOthers: Bool
    }

    /// Reads a file.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - limit: The most bytes that it may have.
    ///   - isBelieved: Whether the file decides over keys, so that one that another user owns or can change is refused.
    ///   - isAnyOwner: Whether another user may own it all the same: somebody named it, and in a container the files of
    ///     the host belong to whoever.
    ///   - isFound: Whether nobody named the file, so that a link in its place leads to no device, no pipe and nothing
    ///     that this process has open: whoever made the folder could make the link.
    ///   - folder: Where the file must lie in the end, whatever links lead there: somebody may exchange them between a
    ///     look at the path and the opening; a path without links, nil for anywhere.
    ///   - patience: How long all that somebody writes to a pipe is waited for; nil refuses pipes.
    /// - Returns: What is in it.
    /// - Throws: Why it isn't read.
    package static func read(
        _ path: String,
        limit: Int,
        believing isBelieved: Bool = false,
        ofAnyOwner isAnyOwner: Bool = false,
        found isFound: Bool = false,
        inside folder: FilePath? = nil,
        waitingForPipes patience: Duration? = nil
    ) throws(Failure) -> Contents {
        // The customary way to say "no file".
        if path == "/dev/null" { return Contents(bytes: [], isReadableByOthers: false) }
        if isFound { try refuseIfLinkToDevice(path) }
        let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(path) }
        defer { close(descriptor) }
        if let folder, FileSystem.path(of: descriptor).map({ FilePath($0).isInside(folder) }) != true {
            throw .unsafe(
                FileFault(
                    "\(FileFault.shown(path)) leads out of its folder",
                    remedy: "see who exchanges links there: ls -l \(FileFault.quoted(path))"
                )
            )
        }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw failure(path) }
        var end: ContinuousClock.Instant?
        switch status.st_mode & S_IFMT {
        case S_IFREG: break
        case S_IFDIR: throw .notAFile("a directory")
        case S_IFIFO:
            guard patience != nil else { throw .notAFile("a pipe") }
            if isFound { try refuseUnlessOwn(FileStatus(status), path) }
            end = patience.map { ContinuousClock.now + $0 }
        default: throw .notAFile("a device or socket")
        }
        if isBelieved { try refuseIfUnsafe(FileStatus(status), path, isAnyOwner) }
        return Contents(
            bytes: try bytes(of: descriptor, limit: limit, by: end, patience),
            isReadableByOthers: status.st_mode & (S_IRGRP | S_IROTH) != 0
        )
    }

    /// Refuses a link to what only this process or this machine has in that place, such as `/dev/stdin`.
    private static func refuseIfLinkToDevice(_ path: String) throws(Failure) {
        var place = FilePath(path)
        // As many as the system follows; of more it says so itself.
        for _ in 0..<40 {
            guard let target = try? FileSystem.target(ofLink: place.text) else { return }
            place = target.hasPrefix("/") ? FilePath(target) : place.folder.appending(target)
            let known = (try? FileSystem.canonicalPath(of: place.folder.text))
                .map { FilePath($0).appending(place.name) }
            for place in [place, known ?? place] where isOfSystem(place) {
                throw .unsafe(
                    FileFault(
                        "\(FileFault.shown(path)) is a link to \(place), which is read only where somebody names it",
                        remedy: "remove the link: rm \(FileFault.quoted(path))"
                    )
                )
            }
        }
    }

    /// Whether a place is a device, or of a process; files in memory are under `/dev/shm`.
    private static func isOfSystem(_ place: FilePath) -> Bool {
        place.text.hasPrefix("/proc/") || place.text.hasPrefix("/dev/") && !place.text.hasPrefix("/dev/shm/")
    }

    /// Refuses a pipe that isn't there itself, or that another user made.
    private static func refuseUnlessOwn(_ pipe: FileStatus, _ path: String) throws(Failure) {
        guard pipe.isOwnedByUser, (try? FileStatus(of: path))?.isSameFile(as: pipe) == true else {
            throw .unsafe(
                FileFault(
                    "\(FileFault.shown(path)) is a pipe of another user or a link to a pipe, which is read only where "
                        + "somebody names it",
                    remedy: "remove it: rm \(FileFault.quoted(path))"
                )
            )
        }
    }

    private static func refuseIfUnsafe(_ status: FileStatus, _ path: String, _ isAnyOwner: Bool) throws(Failure) {
        let place = FilePath(path)
        let faults =
            isAnyOwner
            ? FileFault.permissions(status.isWritableByOthers ? [place] : [], in: place)
            : FileFault.faults(of: status, at: place, namingOwner: true)
        if let fault = faults.first { throw .unsafe(fault) }
        try refuseForeignLink(path)
    }

    /// Refuses a link that another user made: whoever made it chose the file.
    static func refuseForeignLink(_ path: String) throws(Failure) {
        guard let link = try? FileStatus(of: path), link.kind == .link, !link.isOwnedByUserOrRoot else { return }
        let target = (try? FileSystem.target(ofLink: path)).map { FileFault.shown($0) } ?? "another file"
        throw .unsafe(
            FileFault(
                "\(FilePath(path)) is a symbolic link of another user, to \(target)",
                remedy: "name the file itself, or run: rm \(FileFault.quoted(path))"
            )
        )
    }

    /// Reads all; of a pipe what comes until its last writer closes it.
    private static func bytes(
        of descriptor: CInt,
        limit: Int,
        by end: ContinuousClock.Instant?,
        _ patience: Duration?
    ) throws(Failure) -> [UInt8] {
        var bytes: [UInt8] = []
        while true {
            if let end, !waits(for: descriptor, until: end) { throw .silentPipe(patience ?? .zero) }
            do throws(SystemFailure) {
                let piece = try FileSystem.piece(of: descriptor)
                if piece.isEmpty { return bytes }
                bytes += piece
            } catch {
                if end == nil || error.code != EAGAIN { throw .system(error.text, remedy: error.remedy) }
            }
            guard bytes.count <= limit else { throw .tooLarge(limit: limit) }
        }
    }

    /// Waits until a pipe has something, or its last writer has closed it; false if the time is over.
    private static func waits(for descriptor: CInt, until end: ContinuousClock.Instant) -> Bool {
        while true {
            let left = (end - ContinuousClock.now) / .milliseconds(1)
            guard left > 0 else { return false }
            var waited = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            // In short turns: some systems do not report the first writer of a pipe that was opened before it.
            if poll(&waited, 1, CInt(min(left, 100))) > 0 { return true }
        }
    }

    /// Why the file could not be opened.
    private static func failure(_ path: String) -> Failure {
        let failure = SystemFailure()
        switch failure.code {
        case ENOENT, ENOTDIR:
            return FileSystem.isAbsent(FilePath(path)) ? .missing : .leadsNowhere(try? FileSystem.target(ofLink: path))
        case EACCES:
            return .forbidden(failure.text + (FileFault.owner(ofForbidden: FilePath(path)).map { ": \($0)" } ?? ""))
        case ELOOP: return .circle
        default: return .system(failure.text, remedy: failure.remedy)
        }
    }
}

extension FileReading {
    /// Why a file isn't read.
    package enum Failure: Error {
        case missing
        /// Somebody counts on what a link should lead to; with what the link says, if it is the file itself.
        case leadsNowhere(String?)
        /// It is a link that leads back to itself.
        case circle
        case notAFile(String)
        case tooLarge(limit: Int)
        /// Nobody wrote to a pipe.
        case silentPipe(Duration)
        /// Somebody else could have written it.
        case unsafe(FileFault)
        case system(String, remedy: String? = nil)
        /// The system denies it.
        case forbidden(String)

        /// What is wrong with a file, in one line.
        ///
        /// - Parameters:
        ///   - path: The file.
        ///   - isSure: Whether it is a path, and not a text in the place of one, which may be a key.
        /// - Returns: One line.
        package func reason(for path: String, isSure: Bool = true) -> String {
            if case .unsafe(let fault) = self { return fault.reason }
            let shown = isSure ? FileFault.shown(path) : PastedKey.shownPath(path)
            if case .missing = self, path.unicodeScalars.contains("\u{FFFD}") {
                // A program gets its arguments as text, so that the bytes are lost.
                return "\(shown) isn't found: its path isn't UTF-8"
            }
            return "\(shown) \(message)"
        }

        /// The failure for whoever asks for a secret: what the system denies isn't a wrong setting.
        func error(for path: String, remedy usual: String) -> KeyResolutionError {
            guard case .forbidden = self else {
                return .invalidConfiguration(reason(for: path), remedy: remedy(or: usual))
            }
            let remedy = "give this user the right to read it, or run as one who has it"
            return KeyResolutionError(.denied, reason(for: path), remedy: remedy)
        }

        /// What fixes it; `usual` if the fault has no remedy of its own.
        package func remedy(or usual: String) -> String {
            switch self {
            case .unsafe(let fault): fault.remedy
            case .system(_, let remedy?): remedy
            default: usual
            }
        }

        /// What is wrong and what to do, to follow the path in a message.
        package var message: String {
            switch self {
            case .missing: "does not exist"
            case .leadsNowhere(let target?):
                "leads nowhere: it is a link to \(FileFault.shown(target)), which isn't there"
            case .leadsNowhere(nil):
                "leads nowhere: a folder above it is a link to something that isn't there, or a file"
            case .circle: "leads nowhere: it is a link that leads back to itself"
            case .notAFile(let kind): "is \(kind), not a file; name a regular file"
            case .silentPipe(let time):
                "is a pipe that nobody wrote to within \(time.components.seconds) s; start what writes to it"
            case .tooLarge(let limit): "is larger than \(limit) bytes; is it the right file?"
            case .unsafe(let fault): fault.reason
            case .system(let text, _), .forbidden(let text): "cannot be read: \(text)"
            }
        }
    }
}
