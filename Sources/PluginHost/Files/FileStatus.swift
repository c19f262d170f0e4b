#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Android)
import Android
#endif

/// What the system says of a file, without following a symbolic link at its end.
struct FileStatus: Hashable, Sendable {
    enum Kind: Hashable, Sendable {
        case file
        case folder
        case link
        case special
    }

    let kind: Kind
    /// The permissions, with the bits that change the user or group.
    let permissions: UInt32
    let owner: UInt32
    let size: Int64
    private let device: UInt64
    private let number: UInt64

    /// Asks for the status of a path.
    init(of path: String) throws(SystemFailure) {
        var status = stat()
        guard lstat(path, &status) == 0 else { throw SystemFailure() }
        self.init(status)
    }

    /// Asks for the status of an open file.
    init(of descriptor: CInt) throws(SystemFailure) {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw SystemFailure() }
        self.init(status)
    }

    private init(_ status: stat) {
        kind =
            switch status.st_mode & S_IFMT {
            case S_IFREG: .file
            case S_IFDIR: .folder
            case S_IFLNK: .link
            default: .special
            }
        permissions = UInt32(status.st_mode) & 0o7777
        owner = status.st_uid
        size = Int64(status.st_size)
        device = UInt64(truncatingIfNeeded: status.st_dev)
        number = UInt64(truncatingIfNeeded: status.st_ino)
    }

    /// Whether both are the same file, whatever has become of it.
    func isSameFile(as other: FileStatus) -> Bool { (device, number) == (other.device, other.number) }

    /// Whether the group or everybody may change the file.
    var isWritableByOthers: Bool { kind != .link && permissions & 0o022 != 0 }

    /// Whether root or the user of this process owns the file.
    var isOwnedByUserOrRoot: Bool { owner == 0 || owner == geteuid() }

    /// Whether the user of this process may run the file, by its permissions alone: to root everything is allowed.
    var isExecutable: Bool { permissions & (owner == geteuid() ? 0o100 : 0o011) != 0 }
}

/// A call of the system that failed.
struct SystemFailure: Error {
    let code: CInt

    /// Takes the error of the call just made.
    init() { code = errno }

    var isMissing: Bool { code == ENOENT || code == ENOTDIR }

    /// The system's words for it.
    var text: String { String(cString: strerror(code)) }
}
