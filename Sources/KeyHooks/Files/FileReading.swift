#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Android)
import Android
#endif

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

    package enum Failure: Error {
        case missing
        /// Somebody counts on what a link should lead to.
        case leadsNowhere
        case notAFile(String)
        case tooLarge(limit: Int)
        /// Somebody else could have written it.
        case unsafe(FileFault)
        case system(String)

        /// What is wrong with a file, in one line.
        package func reason(for path: String) -> String {
            if case .unsafe(let fault) = self { return fault.reason }
            return "\(FileFault.shown(path)) \(message)"
        }

        /// What fixes it; `usual` if the fault has no remedy of its own.
        package func remedy(or usual: String) -> String {
            if case .unsafe(let fault) = self { return fault.remedy }
            return usual
        }

        /// What is wrong and what to do, to follow the path in a message.
        package var message: String {
            switch self {
            case .missing: "does not exist"
            case .leadsNowhere: "leads nowhere: it, or a folder above it, is a link to something that isn't there"
            case .notAFile(let kind): "is \(kind), not a file; name a regular file"
            case .tooLarge(let limit): "is larger than \(limit) bytes; is it the right file?"
            case .unsafe(let fault): fault.reason
            case .system(let text): "cannot be read: \(text)"
            }
        }
    }

    /// Reads a file.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - limit: The most bytes that it may have.
    ///   - isBelieved: Whether the file decides over keys, so that one that another user owns or can change is refused.
    /// - Returns: What is in it.
    /// - Throws: Why it isn't read.
    package static func read(_ path: String, limit: Int, believing isBelieved: Bool = false) throws(Failure) -> Contents
    {
        // The customary way to say "no file".
        if path == "/dev/null" { return Contents(bytes: [], isReadableByOthers: false) }
        let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(path) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw failure() }
        switch status.st_mode & S_IFMT {
        case S_IFREG: break
        case S_IFDIR: throw .notAFile("a directory")
        case S_IFIFO: throw .notAFile("a pipe")
        default: throw .notAFile("a device or socket")
        }
        if isBelieved { try refuseIfUnsafe(FileStatus(status), path) }
        let isReadableByOthers = status.st_mode & (S_IRGRP | S_IROTH) != 0
        return Contents(bytes: try bytes(of: descriptor, limit: limit), isReadableByOthers: isReadableByOthers)
    }

    private static func refuseIfUnsafe(_ status: FileStatus, _ path: String) throws(Failure) {
        let place = FilePath(path)
        var faults = FileFault.faults(of: status, at: place)
        // Whoever made the link chose the file.
        if let link = try? FileStatus(of: path), link.kind == .link, !link.isOwnedByUserOrRoot {
            let target = (try? FileSystem.target(ofLink: path)).map { FileFault.shown($0) } ?? "another file"
            faults.append(
                FileFault(
                    "\(place) is a symbolic link of another user, to \(target)",
                    remedy: "name the file itself, or run: rm \(FileFault.quoted(path))"
                )
            )
        }
        if let fault = faults.first { throw .unsafe(fault) }
    }

    private static func bytes(of descriptor: CInt, limit: Int) throws(Failure) -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            #if canImport(Darwin)
            let count = Darwin.read(descriptor, &buffer, buffer.count)
            #elseif canImport(Glibc)
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            #elseif canImport(Musl)
            let count = Musl.read(descriptor, &buffer, buffer.count)
            #else
            let count = Android.read(descriptor, &buffer, buffer.count)
            #endif
            if count == 0 { return bytes }
            if count < 0 {
                if errno == EINTR { continue }
                throw failure()
            }
            bytes += buffer[..<count]
            guard bytes.count <= limit else { throw .tooLarge(limit: limit) }
        }
    }

    private static func failure(_ path: String? = nil) -> Failure {
        switch errno {
        case ENOENT, ENOTDIR: path.map { FileSystem.isAbsent(FilePath($0)) } ?? true ? .missing : .leadsNowhere
        case let code: .system(String(cString: strerror(code)))
        }
    }
}
