import LightFoundation

/// A lock that one holder at a time has, in this process and in others.
///
/// The lock goes with its holder, however that ends; the file stays, since removing it would let two in at once.
package struct FileLock: ~Copyable, Sendable {
    /// Why there is no lock.
    package enum Failure: Error {
        case system(SystemFailure)
        /// Somebody else kept it all the time.
        case busy
    }

    /// The file, open for reading and writing.
    let descriptor: CInt
    private let path: String

    /// Waits for the lock, and blocks the thread meanwhile.
    package init(_ path: String, waitingFor patience: Duration = .seconds(10)) throws(Failure) {
        let deadline = ContinuousClock.now + patience
        while true {
            if let descriptor = try Self.take(path) {
                (self.descriptor, self.path) = (descriptor, path)
                return
            }
            guard ContinuousClock.now < deadline else { throw .busy }
            usleep(2000)
        }
    }

    /// Waits for the lock, and leaves the thread to others meanwhile.
    package static func waiting(for path: String, patience: Duration = .seconds(10)) async throws -> FileLock {
        let deadline = ContinuousClock.now + patience
        while true {
            if let descriptor = try take(path) { return FileLock(descriptor, path) }
            guard ContinuousClock.now < deadline else { throw Failure.busy }
            try await Task.sleep(for: .milliseconds(2))
        }
    }

    /// The lock if nobody has it now; nil if somebody does.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - isNew: Whether there must be no such file yet; otherwise there must be one.
    /// - Returns: The lock.
    /// - Throws: Why the file can't be made or locked.
    static func now(_ path: String, isNew: Bool) throws(Failure) -> FileLock? {
        guard let descriptor = try take(path, creating: isNew ? O_CREAT | O_EXCL : 0) else { return nil }
        return FileLock(descriptor, path)
    }

    private init(_ descriptor: CInt, _ path: String) { (self.descriptor, self.path) = (descriptor, path) }

    /// Takes the lock if nobody else has it; nil if somebody has, or if the file was replaced just now.
    private static func take(_ path: String, creating: CInt = O_CREAT) throws(Failure) -> CInt? {
        let descriptor = open(path, O_RDWR | creating | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0o600)
        guard descriptor >= 0 else { throw .system(SystemFailure()) }
        if flock(descriptor, LOCK_EX | LOCK_NB) == 0 {
            if isOpen(descriptor, at: path) { return descriptor }
            close(descriptor)
            return nil
        }
        let failure = SystemFailure()
        close(descriptor)
        guard failure.code == EWOULDBLOCK || failure.code == EINTR else { throw .system(failure) }
        return nil
    }

    private static func isOpen(_ descriptor: CInt, at path: String) -> Bool {
        var (own, there) = (stat(), stat())
        guard fstat(descriptor, &own) == 0, lstat(path, &there) == 0 else { return false }
        return own.st_dev == there.st_dev && own.st_ino == there.st_ino
    }

    /// Whether the file is still there: if somebody removed it, another one may have a lock too.
    package var isValid: Bool { Self.isOpen(descriptor, at: path) }

    deinit { close(descriptor) }
}
