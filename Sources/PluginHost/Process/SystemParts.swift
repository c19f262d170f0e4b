import Dispatch
package import KeyHooks
import LightFoundation
import Synchronization

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

/// Threads of the system's own, for what waits; one that the system refuses is an error and neither a trap nor a wait.
package enum SystemThread {
    private static let stackSize = 512 << 10

    fileprivate final class Body: Sendable {
        let name: String
        let run: @Sendable () -> Void

        init(_ name: String, _ run: @escaping @Sendable () -> Void) {
            self.name = name
            self.run = run
        }
    }

    /// Starts a thread that no signal reaches.
    package static func start(_ name: String, _ run: @escaping @Sendable () -> Void) throws(SystemFailure) {
        let retained = Unmanaged.passRetained(Body(name, run))
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        pthread_attr_setstacksize(&attributes, stackSize)
        // It takes the mask over, so that there is no instant in which it has another.
        var all = sigset_t()
        var before = sigset_t()
        sigfillset(&all)
        pthread_sigmask(SIG_SETMASK, &all, &before)
        #if canImport(Glibc) || canImport(Android)
        var thread = pthread_t()
        #else
        var thread: pthread_t?
        #endif
        let code = pthread_create(&thread, &attributes, runThread, retained.toOpaque())
        pthread_sigmask(SIG_SETMASK, &before, nil)
        pthread_attr_destroy(&attributes)
        guard code == 0 else {
            retained.release()
            throw SystemFailure(code)
        }
    }

    /// A value that one thread brings and another waits for, once.
    final class HandOver<Value: Sendable>: Sendable {
        private let value = Mutex<Value?>(nil)
        private let arrival = DispatchSemaphore(value: 0)

        func give(_ new: Value) {
            value.withLock { $0 = new }
            arrival.signal()
        }

        func take() -> Value {
            arrival.wait()
            // It was set before the signal.
            return value.withLock { value in
                defer { value = nil }
                return value!
            }
        }
    }
}

#if canImport(Darwin)
private typealias ThreadArgument = UnsafeMutableRawPointer
#else
private typealias ThreadArgument = UnsafeMutableRawPointer?
#endif

// A closure in the place of this function makes the compiler of Swift 6.3 crash.
private func runThread(_ argument: ThreadArgument) -> UnsafeMutableRawPointer? {
    pthread_detach(pthread_self())
    let argument: UnsafeMutableRawPointer? = argument
    guard let argument else { return nil }
    let body = Unmanaged<SystemThread.Body>.fromOpaque(argument).takeRetainedValue()
    #if os(Linux)
    keyhooks_name_thread(body.name)
    #elseif canImport(Darwin)
    pthread_setname_np(body.name)
    #endif
    body.run()
    return nil
}

/// How many processes may run at once; further ones wait in line.
final class AsyncSemaphore: Sendable {
    private struct State {
        var free: Int
        var waiting: [(id: UInt64, continuation: CheckedContinuation<Bool, Never>)] = []
    }

    private let state: Mutex<State>

    init(count: Int) {
        state = Mutex(State(free: count))
    }

    /// Waits for a slot.
    ///
    /// - Parameters:
    ///   - id: Who waits, for ``leave(_:)``.
    ///   - isWanted: Whether anybody still wants the slot; asked once.
    /// - Returns: Whether there is a slot, which is to be given back; not if its taker left the line.
    func take(_ id: UInt64, isWanted: @Sendable () -> Bool) async -> Bool {
        await withCheckedContinuation { continuation in
            let answer = state.withLock { state -> Bool? in
                guard isWanted() else { return false }
                if state.free > 0 {
                    state.free -= 1
                    return true
                }
                state.waiting.append((id, continuation))
                return nil
            }
            if let answer { continuation.resume(returning: answer) }
        }
    }

    /// Leaves the line, if in it.
    func leave(_ id: UInt64) {
        let waiter = state.withLock { state in
            state.waiting.firstIndex { $0.id == id }.map { state.waiting.remove(at: $0).continuation }
        }
        waiter?.resume(returning: false)
    }

    /// Gives a slot back.
    func give() {
        let next = state.withLock { state -> CheckedContinuation<Bool, Never>? in
            if state.waiting.isEmpty {
                state.free += 1
                return nil
            }
            return state.waiting.removeFirst().continuation
        }
        next?.resume(returning: true)
    }
}
