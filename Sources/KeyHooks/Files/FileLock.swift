import LightFoundation

/// A lock that one holder at a time has, in this process and in others.
///
/// The lock goes with its holder, however that ends; the file stays, since removing it would let two in at once.
package struct FileLock: ~Copyable {
    /// Why there is no lock.
    package enum Failure: Error {
        case system(SystemFailure)
        /// Somebody else kept it all the time.
        case busy
    }

    private let descriptor: CInt

    /// Waits for the lock, and blocks the thread meanwhile.
    package init(_ path: String, waitingFor patience: Duration = .seconds(10)) throws(Failure) {
        let lock = try FileLock(opening: path)
        let deadline = ContinuousClock.now + patience
        while try !lock.take() {
            guard ContinuousClock.now < deadline else { throw .busy }
            usleep(2000)
        }
        self = lock
    }

    /// Waits for the lock, and leaves the thread to others meanwhile.
    package static func waiting(for path: String, patience: Duration = .seconds(10)) async throws -> FileLock {
        let lock = try FileLock(opening: path)
        let deadline = ContinuousClock.now + patience
        while try !lock.take() {
            guard ContinuousClock.now < deadline else { throw Failure.busy }
            try await Task.sleep(for: .milliseconds(2))
        }
        return lock
    }

    private init(opening path: String) throws(Failure) {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw .system(SystemFailure()) }
        self.descriptor = descriptor
    }

    /// Takes the lock if nobody else has it; false if somebody has.
    private func take() throws(Failure) -> Bool {
        if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return true }
        let failure = SystemFailure()
        guard failure.code == EWOULDBLOCK || failure.code == EINTR else { throw .system(failure) }
        return false
    }

    deinit { close(descriptor) }
}
