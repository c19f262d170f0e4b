import LightFoundation

/// What tells in one call of the system whether a file was changed; its contents are not looked at.
struct FileGlance: Hashable, Sendable {
    let isFolder: Bool
    private let number: UInt64
    private let mode: UInt32
    private let owner: UInt32
    private let size: Int64
    private let seconds: Int64
    private let nanoseconds: Int64

    /// Looks at a path, of a symbolic link at what it leads to if that is wanted; nil if there is nothing.
    init?(of path: String, followsLinks: Bool = false) {
        var status = stat()
        guard (followsLinks ? stat(path, &status) : lstat(path, &status)) == 0 else { return nil }
        #if canImport(Darwin)
        let modified = status.st_mtimespec
        #else
        let modified = status.st_mtim
        #endif
        isFolder = status.st_mode & S_IFMT == S_IFDIR
        number = UInt64(truncatingIfNeeded: status.st_ino)
        mode = UInt32(status.st_mode)
        owner = status.st_uid
        size = Int64(status.st_size)
        seconds = Int64(modified.tv_sec)
        nanoseconds = Int64(modified.tv_nsec)
    }
}
