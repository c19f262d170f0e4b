#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Android)
import Android
#endif

/// The few calls of the system that children need, with their errors as values.
enum SystemCalls {
    /// What reading or writing without waiting came to.
    enum Transfer: Hashable {
        case bytes(Int)
        /// The other end is closed.
        case ended
        /// Nothing can be moved now.
        case later
    }

    /// A pipe whose ends are closed on exec, with numbers above those of the standard streams.
    static func makePipe() throws(SpawnFailure) -> (reading: CInt, writing: CInt) {
        var ends: [CInt] = [-1, -1]
        guard openPipe(&ends) else { throw SpawnFailure(errno) }
        for index in ends.indices where ends[index] <= 2 {
            let moved = fcntl(ends[index], F_DUPFD_CLOEXEC, 3)
            let code = errno
            _ = close(ends[index])
            ends[index] = moved
            if moved < 0 {
                _ = close(ends[1 - index])
                throw SpawnFailure(code)
            }
        }
        return (ends[0], ends[1])
    }

    private static func openPipe(_ ends: inout [CInt]) -> Bool {
        #if canImport(Glibc)
        // In one step, so that a process that another thread starts meanwhile does not get them. Swift's module of
        // glibc hides the function, which only GNU programs see in the header.
        typealias Function = @convention(c) (UnsafeMutablePointer<CInt>, CInt) -> CInt
        if let symbol = dlsym(nil, "pipe2") { return unsafeBitCast(symbol, to: Function.self)(&ends, O_CLOEXEC) == 0 }
        #endif
        guard pipe(&ends) == 0 else { return false }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return true
    }

    /// Makes reading and writing return at once; of a pipe only this end is affected.
    static func setNonBlocking(_ descriptor: CInt) {
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
            BrokenPipeSignal.withheld {
                while true {
                    let count = write(descriptor, buffer.baseAddress, buffer.count)
                    if count >= 0 { return .bytes(count) }
                    if errno == EINTR { continue }
                    return errno == EAGAIN ? .later : .ended
                }
            }
        }
    }
}
