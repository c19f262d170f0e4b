import LightFoundation

/// What the system says of a file, without following a symbolic link at its end.
package struct FileStatus: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        case file
        case folder
        case link
        case special
    }

    package let kind: Kind
    /// The permissions, with the bits that change the user or group.
    package let permissions: UInt32
    package let owner: UInt32
    package let group: UInt32
    package let size: Int64
    /// When its contents were last changed, in seconds since 1970.
    package let modified: Int64
    private let nanoseconds: Int64
    /// When anything about it was last changed, the owner or the permissions included, in nanoseconds since 1970.
    private let changed: Int64
    private let device: UInt64
    private let number: UInt64

    /// Asks for the status of a path, or of what a link there leads to.
    package init(of path: String, followsLinks: Bool = false) throws(SystemFailure) {
        var status = stat()
        guard (followsLinks ? stat(path, &status) : lstat(path, &status)) == 0 else { throw SystemFailure() }
        self.init(status)
    }

    /// Asks for the status of an open file.
    package init(of descriptor: CInt) throws(SystemFailure) {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw SystemFailure() }
        self.init(status)
    }

    init(_ status: stat) {
        kind =
            switch status.st_mode & S_IFMT {
            case S_IFREG: .file
            case S_IFDIR: .folder
            case S_IFLNK: .link
            default: .special
            }
        permissions = UInt32(status.st_mode) & 0o7777
        owner = status.st_uid
        group = status.st_gid
        size = Int64(status.st_size)
        #if canImport(Darwin)
        let (time, change) = (status.st_mtimespec, status.st_ctimespec)
        #else
        let (time, change) = (status.st_mtim, status.st_ctim)
        #endif
        modified = Int64(time.tv_sec)
        nanoseconds = Int64(time.tv_nsec)
        changed = Int64(change.tv_sec) &* 1_000_000_000 &+ Int64(change.tv_nsec)
        device = UInt64(truncatingIfNeeded: status.st_dev)
        number = UInt64(truncatingIfNeeded: status.st_ino)
    }

    /// When its contents or anything about it was last changed, in seconds since 1970.
    var lastChange: Double { max(Double(modified) + Double(nanoseconds) / 1e9, Double(changed) / 1e9) }

    /// Whether both are the same file, whatever has become of it.
    package func isSameFile(as other: FileStatus) -> Bool { (device, number) == (other.device, other.number) }

    /// Whether somebody other than the owner may change the file.
    ///
    /// A group that is the owner's alone doesn't count: where every user has one, files are made writable for it.
    package var isWritableByOthers: Bool {
        guard kind != .link else { return false }
        if permissions & 0o002 != 0 { return true }
        return permissions & 0o020 != 0 && !UserAccount.isPrivate(group, of: owner)
    }

    /// Whether only the owner of a file may remove or rename it in this folder, whoever else may write there.
    package var isSticky: Bool { permissions & 0o1000 != 0 }

    /// Whether root or the user of this process owns the file.
    package var isOwnedByUserOrRoot: Bool { owner == 0 || owner == geteuid() }

    /// Whether the user of this process owns the file.
    package var isOwnedByUser: Bool { owner == geteuid() }

    /// The name of the file's owner; the number where the system knows no name.
    package var ownerName: String { UserAccount.name(of: owner) ?? String(owner) }

    /// Whether the user of this process may run the file, by its permissions alone: to root everything is allowed.
    package var isExecutable: Bool { permissions & (owner == geteuid() ? 0o100 : 0o011) != 0 }
}
