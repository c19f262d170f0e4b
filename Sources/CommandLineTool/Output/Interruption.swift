#if CLI
import LightFoundation
import KeyHooks
import PluginHost
import Synchronization

/// Does something, and ends what it has started before the command ends, be it by a signal.
///
/// Plugins have process groups of their own, so that a terminal's Ctrl-C does not reach them: the tool ends them before
/// it ends itself. A second signal gives them no time, a third one ends the tool at once.
///
/// - Parameters:
///   - end: Ends what was started, at once if asked to; it may be called several times, and waits each time.
///   - body: What is done.
/// - Throws: What `body` throws.
func withShutdown(of end: @escaping @Sendable (_ atOnce: Bool) async -> Void, _ body: () async throws -> Void)
    async throws
{
    Interruption.end(by: end)
    var failure: (any Error)?
    do { try await body() } catch { failure = error }
    await end(false)
    await Interruption.finish()
    if let failure { throw failure }
}

/// What signals do to the tool.
///
/// One thread waits for them, which is there from the start: a system that has no room for threads, and with it a tool
/// that hangs, can be ended all the same. Their handler only rings, since the main thread of a program with tasks waits
/// with no signal blocked.
enum Interruption {
    private struct State {
        var end: (@Sendable (_ atOnce: Bool) async -> Void)?
        var signals = 0
    }

    private static let signals = [SIGINT, SIGTERM, SIGHUP]
    /// More than plugins are given to end by themselves.
    private static let patience = Duration.seconds(5)
    private static let state = Mutex(State())
    /// Where the handler writes the number of a signal.
    fileprivate static let bell = Atomic<CInt>(-1)

    /// Begins to wait for signals; to be called once.
    static func watch() throws(SystemFailure) {
        let pipe = try SystemCalls.makePipe()
        SystemCalls.setNonBlocking(pipe.writing)
        bell.store(pipe.writing, ordering: .sequentiallyConsistent)
        try SystemThread.start("keyhooks-signal") { serve(pipe.reading) }
        for number in signals {
            let before = signal(number, ring)
            // `nohup` and shells have some ignored, and so they stay.
            if unsafeBitCast(before, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self) { signal(number, SIG_IGN) }
        }
    }

    /// Says what is to end before the tool does.
    static func end(by end: @escaping @Sendable (_ atOnce: Bool) async -> Void) {
        state.withLock { $0.end = end }
    }

    /// Nothing is to end any more; a signal that came takes effect first.
    static func finish() async {
        let isOver = state.withLock { state in
            if state.signals == 0 { state.end = nil }
            return state.signals == 0
        }
        guard !isOver else { return }
        while true { try? await Task.sleep(for: .seconds(1)) }
    }

    private static func serve(_ bell: CInt) {
        var latest: UInt8 = 0
        // No signal interrupts this thread.
        guard read(bell, &latest, 1) == 1 else { return }
        repeat {
            react(to: Int32(latest))
            var polled = pollfd(fd: bell, events: Int16(POLLIN), revents: 0)
            guard poll(&polled, 1, CInt(patience.components.seconds * 1000)) == 1 else { break }
        } while read(bell, &latest, 1) == 1
        die(of: Int32(latest))
    }

    private static func react(to number: Int32) {
        let (end, count) = state.withLock { state in
            state.signals += 1
            return (state.end, state.signals)
        }
        guard let end, count < 3 else { die(of: number) }
        do throws(SystemFailure) {
            // A task may wait for a thread of the pool that the system refuses, and this thread must not.
            try SystemThread.start("keyhooks-end") {
                Task {
                    await end(count > 1)
                    die(of: number)
                }
            }
        } catch {
            die(of: number)
        }
    }

    /// Ends the tool as the signal would have; what it leaves is ended by the system and the watchdog.
    private static func die(of number: Int32) -> Never {
        signal(number, SIG_DFL)
        var own = sigset_t()
        sigemptyset(&own)
        sigaddset(&own, number)
        pthread_sigmask(SIG_UNBLOCK, &own, nil)
        raise(number)
        _exit(128 + number)
    }
}

/// The handler: whatever it interrupted goes on as if nothing had been.
private func ring(_ number: Int32) {
    let error = errno
    var byte = UInt8(truncatingIfNeeded: number)
    _ = write(Interruption.bell.load(ordering: .sequentiallyConsistent), &byte, 1)
    errno = error
}
#endif
