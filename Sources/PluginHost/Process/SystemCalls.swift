package import KeyHooks
import LightFoundation

#if os(Linux)
import CProcess
#endif

/// The few calls of the system that children need, with their errors as values.
package enum SystemCalls {
    /// What reading or writing without waiting came to.
    enum Transfer: Hashable {
        case bytes(Int)
        /// The other end is closed.
        case ended
        /// Nothing can be moved now.
        case later
    }

    /// A pipe whose ends are closed on exec, with numbers above those of the standard streams.
    package static func makePipe() throws(SystemFailure) -> (reading: CInt, writing: CInt) {
        var ends: [CInt] = [-1, -1]
        let code = openPipe(&ends)
        guard code == 0 else { throw SystemFailure(code) }
        for index in ends.indices where ends[index] <= 2 {
            let moved = fcntl(ends[index], F_DUPFD_CLOEXEC, 3)
            let code = errno
            _ = close(ends[index])
            ends[index] = moved
            if moved < 0 {
                _ = close(ends[1 - index])
                throw SystemFailure(code)
            }
        }
        return (ends[0], ends[1])
    }

    private static func openPipe(_ ends: inout [CInt]) -> CInt {
        #if os(Linux)
        // In one step, so that a process that another thread starts meanwhile does not get them.
        return keyhooks_open_pipe(&ends)
        #else
        guard pipe(&ends) == 0 else { return errno }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return 0
        #endif
    }

    /// Makes reading and writing return at once; of a pipe only this end is affected.
    package static func setNonBlocking(_ descriptor: CInt) {
        _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
        #if canImport(Darwin)
        _ = fcntl(descriptor, F_SETNOSIGPIPE, 1)
        #endif
    }

    static func take(from descriptor: CInt, into buffer: inout [UInt8]) -> Transfer {
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            if count > 0 { return .bytes(count) }
            if count == 0 { return .ended }
            if errno == EINTR { continue }
            return errno == EAGAIN ? .later : .ended
        }
    }

    /// Writes what fits; a reader that is gone is an answer and no signal.
    static func put(_ bytes: ArraySlice<UInt8>, into descriptor: CInt) -> Transfer {
        bytes.withUnsafeBytes { buffer in
            withoutBrokenPipe {
                while true {
                    let count = write(descriptor, buffer.baseAddress, buffer.count)
                    if count >= 0 { return .bytes(count) }
                    if errno == EINTR { continue }
                    return errno == EAGAIN ? .later : .ended
                }
            }
        }
    }

    /// Writes a line to a watchdog in one step; false if it is gone or does not read.
    static func tell(_ descriptor: CInt, _ sign: Character, _ group: pid_t) -> Bool {
        let line = Array("\(sign) \(group)\n".utf8)
        return put(line[...], into: descriptor) == .bytes(line.count)
    }
}

/// Writing to a child that is gone must not end the host, and the host's own choice about `SIGPIPE` is not ours to
/// change: the signal is withheld from one thread for the time of one write.
extension SystemCalls {
    /// Runs a write with `SIGPIPE` blocked, and takes back one that the write raised.
    private static func withoutBrokenPipe<Result>(_ write: () -> Result) -> Result {
        #if canImport(Darwin)
        // The descriptor itself raises none here.
        return write()
        #else
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGPIPE)
        var pending = sigset_t()
        sigpending(&pending)
        let wasPending = sigismember(&pending, SIGPIPE) == 1
        var before = sigset_t()
        pthread_sigmask(SIG_BLOCK, &signals, &before)
        let result = write()
        if !wasPending {
            var atOnce = timespec()
            while sigtimedwait(&signals, nil, &atOnce) == -1, errno == EINTR {}
        }
        pthread_sigmask(SIG_SETMASK, &before, nil)
        return result
        #endif
    }
}
