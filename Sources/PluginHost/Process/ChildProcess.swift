import KeyHooks
import LightFoundation
import Synchronization

/// A running executable: what it writes is handed on, what is sent to it is written without waiting, and it is
/// collected when it ends, whatever else happens.
///
/// Two threads serve it, one for its streams and one that starts it and waits for its end; both end with it. Linux
/// kills a child when the thread that started it ends, so that thread has nothing else to do. No call here waits, but
/// for the start itself.
package final class ChildProcess: Sendable {
    /// How long each step of an orderly end may take.
    package struct Graces: Sendable {
        /// From closing its input to `SIGTERM`.
        package var closing = Duration.seconds(1)
        /// From `SIGTERM` to `SIGKILL`.
        package var terminating = Duration.seconds(2)
    }

    /// How a process is brought to its end.
    package enum Ending: Sendable {
        /// Its input is closed; signals follow when it goes on.
        case gracefully
        /// `SIGKILL` to its group.
        case atOnce
    }

    struct State {
        /// Our end of its standard input; nil when closed.
        var input: CInt?
        /// What waits for the process to read.
        var outgoing: ArraySlice<UInt8> = []
        var closesInputWhenSent = false
        /// The writing end of the pipe that wakes the thread of the streams; nil when that has ended.
        var bell: CInt?
        var step = EndingStep.running
        /// When the next step is due.
        var due: ContinuousClock.Instant?
        /// Who knows of its group until it is collected.
        var watchdog: Watchdog?
        var exit: ChildExit?
        /// Whether the thread of the streams is done, so that nothing will be handed on any more.
        var isFinished = false
        var waiting: [CheckedContinuation<ChildExit, Never>] = []
    }

    /// The process, and its group too.
    let pid: pid_t
    let graces: Graces
    let state: Mutex<State>
    /// Our reading ends belong to the thread of the streams.
    let pipes: ChildStart.Pipes
    let onEnd: @Sendable (ChildProcess) -> Void
    /// Where the thread of the streams waits.
    private let reader: SystemThread.HandOver<(@Sendable () -> Void)?>

    /// The most that may wait for a process that does not read.
    static let outgoingLimit = 16 << 20

    /// Starts an executable; ``begin(output:outputEnded:errors:exited:)`` is to follow.
    ///
    /// - Parameters:
    ///   - launch: How it is started.
    ///   - graces: How long its end may take.
    ///   - onEnd: Called at the very end, before those who wait for it go on.
    /// - Throws: What the system says.
    init(
        _ launch: PluginLaunch,
        graces: Graces = Graces(),
        onEnd: @escaping @Sendable (ChildProcess) -> Void = { _ in }
    ) throws(SystemFailure) {
        let watchdog = Watchdog.shared()
        let pipes = try ChildStart.Pipes()
        let started = SystemThread.HandOver<Result<pid_t, SystemFailure>>()
        let reader = SystemThread.HandOver<(@Sendable () -> Void)?>()
        let waiter = SystemThread.HandOver<ChildProcess>()
        do throws(SystemFailure) {
            // Both before the process: one that nobody could serve must not be started.
            try SystemThread.start("keyhooks-io") {
                reader.take()?()
            }
            try SystemThread.start("keyhooks-wait") {
                do throws(SystemFailure) {
                    started.give(.success(try watchdog.start(ChildStart(launch, pipes))))
                    waiter.take().collect()
                } catch {
                    started.give(.failure(error))
                }
            }
            pid = try started.take().get()
        } catch {
            reader.give(nil)
            pipes.closeAll()
            throw error
        }
        pipes.closeTheirs()
        (self.graces, self.onEnd, self.pipes, self.reader) = (graces, onEnd, pipes, reader)
        state = Mutex(State(input: pipes.input.writing, bell: pipes.bell.writing, watchdog: watchdog))
        waiter.give(self)
    }

    /// Begins to hand on what the process writes; to be called once, when its owner is ready for that.
    ///
    /// All are called on one thread, in order, and `exited` once and last.
    package func begin(
        output: @escaping @Sendable (ArraySlice<UInt8>) -> Void = { _ in },
        outputEnded: @escaping @Sendable () -> Void = {},
        errors: @escaping @Sendable (ArraySlice<UInt8>) -> Void = { _ in },
        exited: @escaping @Sendable (ChildExit) -> Void = { _ in }
    ) {
        reader.give {
            self.serve(output, outputEnded, errors)
            self.finish(exited)
        }
    }

    /// Sends bytes; what does not fit into the pipe is written when the process reads.
    ///
    /// - Returns: False when too much is waiting already; bytes for a process that has gone are dropped and it is true.
    @discardableResult
    package func send(_ bytes: [UInt8], thenClose closes: Bool = false) -> Bool {
        state.withLock { state in
            guard state.input != nil else { return true }
            guard state.outgoing.count + bytes.count <= Self.outgoingLimit else { return false }
            if state.outgoing.isEmpty { state.outgoing = bytes[...] } else { state.outgoing += bytes }
            state.closesInputWhenSent = state.closesInputWhenSent || closes
            state.write()
            if state.input != nil, !state.outgoing.isEmpty { state.ring() }
            return true
        }
    }

    /// Brings the process to its end; a milder way after a harsher one changes nothing.
    package func end(_ ending: Ending) {
        state.withLock { state in
            guard state.exit == nil else { return }
            switch ending {
            case .gracefully:
                guard state.step == .running else { return }
                (state.step, state.due) = (.closing, .now + graces.closing)
                state.closeInput()
                state.ring()
            case .atOnce:
                (state.step, state.due) = (.killed, nil)
                state.closeInput()
                _ = kill(-pid, SIGKILL)
            }
        }
    }

    /// Waits until the process has ended, was collected, and all it wrote was handed on.
    package func ended() async -> ChildExit {
        await withCheckedContinuation { continuation in
            let exit = state.withLock { state -> ChildExit? in
                if state.isFinished { return state.exit }
                state.waiting.append(continuation)
                return nil
            }
            if let exit { continuation.resume(returning: exit) }
        }
    }
}

extension ChildProcess {
    /// Where an orderly end has got to.
    enum EndingStep {
        case running
        /// Its input is closed.
        case closing
        /// It was sent `SIGTERM`.
        case terminating
        /// It was sent `SIGKILL`.
        case killed
    }
}

extension ChildProcess.State {
    /// Writes as much as the process takes now.
    mutating func write() {
        while let input, !outgoing.isEmpty {
            switch SystemCalls.put(outgoing, into: input) {
            case .bytes(let count): outgoing.removeFirst(count)
            case .later: return
            // It may have answered without reading all; its end says what became of it.
            case .ended: closeInput()
            }
        }
        // Lets go of what was sent.
        outgoing = []
        if closesInputWhenSent { closeInput() }
    }

    mutating func closeInput() {
        outgoing = []
        guard let input else { return }
        _ = close(input)
        self.input = nil
    }

    /// Wakes the thread of the streams.
    func ring() {
        guard let bell else { return }
        // A bell that is full has been rung already.
        _ = SystemCalls.put([0], into: bell)
    }

    /// Takes the next step of an orderly end if it is due.
    mutating func advance(_ pid: pid_t, _ graces: ChildProcess.Graces) {
        guard exit == nil, let due, due <= .now else { return }
        let isFirst = step == .closing
        (step, self.due) = isFirst ? (.terminating, .now + graces.terminating) : (.killed, nil)
        _ = kill(-pid, isFirst ? SIGTERM : SIGKILL)
    }
}

extension ChildProcess {
    /// What a process that somebody else keeps writing for may still bring after its end.
    private static let drainLimit = 4 << 20

    /// Waits for the end of the process, ends what is left of its group, and collects it.
    func collect() {
        var information = siginfo_t()
        var isOurs = false
        repeat {
            isOurs = waitid(P_PID, id_t(pid), &information, WEXITED | WNOWAIT) == 0
        } while !isOurs && errno == EINTR
        state.withLock { state in
            // Its number is not free for others before the call after this one: these can only be its own children. A
            // host that collects all children on its own may have freed it already.
            if isOurs { _ = kill(-pid, SIGKILL) }
            state.watchdog?.remove(pid)
            state.watchdog = nil
            state.exit = ChildExit(collecting: pid)
            state.ring()
        }
    }

    /// Moves bytes until the process has ended.
    private func serve(
        _ take: (ArraySlice<UInt8>) -> Void,
        _ outputEnded: () -> Void,
        _ takeErrors: (ArraySlice<UInt8>) -> Void
    ) {
        var (output, errors) = (Optional(pipes.output.reading), Optional(pipes.errors.reading))
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while !state.withLock({ $0.exit != nil }) {
            let (hasOutput, hasErrors) = wait(output, errors, &buffer)
            if hasOutput { read(&output, &buffer, limit: buffer.count, take, ended: outputEnded) }
            if hasErrors { read(&errors, &buffer, limit: buffer.count, takeErrors) }
        }
        // Its children may hold the pipes forever, so what is there now is all that is waited for.
        read(&output, &buffer, limit: Self.drainLimit, take)
        read(&errors, &buffer, limit: Self.drainLimit, takeErrors)
        for descriptor in [pipes.bell.reading, output, errors] { if let descriptor { _ = close(descriptor) } }
    }

    /// Waits until there is something to move or to do, and says which streams have something.
    private func wait(_ output: CInt?, _ errors: CInt?, _ buffer: inout [UInt8]) -> (output: Bool, errors: Bool) {
        let (input, due) = state.withLock { state in (state.outgoing.isEmpty ? nil : state.input, state.due) }
        // A negative number is skipped.
        var polled = [pipes.bell.reading, output ?? -1, errors ?? -1, input ?? -1]
            .map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        polled[3].events = Int16(POLLOUT)
        let timeout = due.map { ContinuousClock.now.duration(to: $0).roundedUpMilliseconds } ?? -1
        _ = poll(&polled, nfds_t(polled.count), timeout)
        if polled[0].revents != 0 { _ = SystemCalls.take(from: pipes.bell.reading, into: &buffer) }
        if due != nil || polled[3].revents != 0 {
            state.withLock { state in
                state.write()
                state.advance(pid, graces)
            }
        }
        return (polled[1].revents != 0, polled[2].revents != 0)
    }

    /// Hands on what is there, up to about the limit.
    private func read(
        _ stream: inout CInt?,
        _ buffer: inout [UInt8],
        limit: Int,
        _ take: (ArraySlice<UInt8>) -> Void,
        ended: () -> Void = {}
    ) {
        var total = 0
        while let descriptor = stream, total < limit {
            switch SystemCalls.take(from: descriptor, into: &buffer) {
            case .bytes(let count):
                total += count
                take(buffer[..<count])
                // Less than there was room for is all there was.
                if count < buffer.count { return }
            case .later: return
            case .ended:
                _ = close(descriptor)
                stream = nil
                ended()
            }
        }
    }

    private func finish(_ exited: (ChildExit) -> Void) {
        let exit = state.withLock { state in
            state.closeInput()
            if let bell = state.bell { _ = close(bell) }
            state.bell = nil
            return state.exit ?? .unknown
        }
        exited(exit)
        onEnd(self)
        let waiting = state.withLock { state in
            state.isFinished = true
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.resume(returning: exit) }
    }
}

extension Duration {
    /// At least the duration, for calls that count in milliseconds; none of them waits longer than a day here.
    var roundedUpMilliseconds: CInt {
        let (seconds, attoseconds) = components
        guard seconds >= 0, attoseconds >= 0 else { return 0 }
        return CInt(min(seconds, 86_400) * 1000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
    }
}
