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

    /// Waits for the lock.
    package init(_ path: String, waitingFor patience: Duration = .seconds(10)) throws(Failure) {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw .system(SystemFailure()) }
        let deadline = ContinuousClock.now + patience
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            let failure = SystemFailure()
            let isTaken = failure.code == EWOULDBLOCK || failure.code == EINTR
            guard isTaken, ContinuousClock.now < deadline else {
                close(descriptor)
                throw isTaken ? .busy : .system(failure)
            }
            usleep(2000)
        }
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }
}
