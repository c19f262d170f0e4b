import LightFoundation
import Synchronization

extension ChildProcess {
    /// What a process that somebody else keeps writing for may still bring after its end.
    private static let drainLimit = 4 << 20

    /// Waits for the end of the process, ends what is left of its group, and collects it.
    func collect() {
        var information = siginfo_t()
        var isOurs = waitid(P_PID, id_t(pid), &information, WEXITED | WNOWAIT) == 0
        while !isOurs, errno == EINTR {
            isOurs = waitid(P_PID, id_t(pid), &information, WEXITED | WNOWAIT) == 0
        }
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
    func serve() {
        var streams = streams
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while !state.withLock({ $0.exit != nil }) {
            let (output, errors) = wait(for: streams, &buffer)
            if output {
                read(&streams.output, &buffer, limit: buffer.count, handlers.output, ended: handlers.outputEnded)
            }
            if errors { read(&streams.errors, &buffer, limit: buffer.count, handlers.errors) }
        }
        // Its children may hold the pipes for ever, so what is there now is all that is waited for.
        read(&streams.output, &buffer, limit: Self.drainLimit, handlers.output)
        read(&streams.errors, &buffer, limit: Self.drainLimit, handlers.errors)
        finish(streams)
    }

    /// Waits until there is something to move or to do, and says which streams have something.
    private func wait(for streams: ChildStart.Streams, _ buffer: inout [UInt8]) -> (output: Bool, errors: Bool) {
        let (input, due) = state.withLock { state in (state.outgoing.isEmpty ? nil : state.input, state.step.due) }
        // A negative number is skipped.
        var polled = [streams.bell, streams.output ?? -1, streams.errors ?? -1, input ?? -1]
            .map {
                pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
            }
        polled[3].events = Int16(POLLOUT)
        let timeout = due.map { ContinuousClock.now.duration(to: $0).roundedUpMilliseconds } ?? -1
        _ = poll(&polled, nfds_t(polled.count), timeout)
        if polled[0].revents != 0 { _ = SystemCalls.take(from: streams.bell, into: &buffer) }
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

    private func finish(_ streams: ChildStart.Streams) {
        for descriptor in [streams.bell, streams.output, streams.errors].compactMap(\.self) { _ = close(descriptor) }
        let (exit, waiting) = state.withLock { state in
            state.closeInput()
            if let bell = state.bell { _ = close(bell) }
            state.bell = nil
            return (state.exit ?? .unknown, state.waiting)
        }
        handlers.exited(exit)
        let late = state.withLock { state in
            state.isFinished = true
            defer { state.waiting = [] }
            return state.waiting.dropFirst(waiting.count)
        }
        for continuation in waiting + late { continuation.resume(returning: exit) }
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
