import Foundation
import Synchronization

/// A running executable: what it writes is handed on, what is sent to it is written without waiting, and it is
/// collected when it ends, whatever else happens.
///
/// Two threads serve it, one for its streams and one that waits for its end; both end with it. No call here waits.
final class ChildProcess: Sendable {
    /// Who is told; all are called on one thread, in order, and ``exited`` once and last.
    struct Handlers: Sendable {
        var output: @Sendable (ArraySlice<UInt8>) -> Void
        var outputEnded: @Sendable () -> Void = {}
        var errors: @Sendable (ArraySlice<UInt8>) -> Void
        var exited: @Sendable (ChildExit) -> Void
    }

    /// How long each step of an orderly end may take.
    struct Graces: Sendable {
        /// From closing its input to `SIGTERM`.
        var closing = Duration.seconds(1)
        /// From `SIGTERM` to `SIGKILL`.
        var terminating = Duration.seconds(2)
    }

    /// How a process is brought to its end.
    enum Ending: Sendable {
        /// Its input is closed; signals follow when it goes on.
        case gracefully
        /// `SIGKILL` to its group.
        case atOnce
    }

    struct State {
        /// Our end of its standard input; nil when closed.
        var input: CInt?
        var outgoing = OutgoingBytes()
        var closesInputWhenSent = false
        /// The writing end of the pipe that wakes the thread of the streams; nil when that has ended.
        var bell: CInt?
        var step = EndingStep.running
        var exit: ChildExit?
        /// Whether the thread of the streams is done, so that nothing will be handed on any more.
        var isFinished = false
        var waiting: [CheckedContinuation<ChildExit, Never>] = []
    }

    /// The process, and its group too.
    let pid: pid_t
    let handlers: Handlers
    let graces: Graces
    let state: Mutex<State>
    private let streams: ChildStreams

    /// The most that may wait for a process that does not read.
    static let outgoingLimit = 16 << 20
    private static let stackSize = 512 << 10

    /// Starts an executable; ``begin()`` is to follow.
    init(_ launch: PluginLaunch, graces: Graces = Graces(), handlers: Handlers) throws(SpawnFailure) {
        let bell = try SystemCalls.makePipe()
        let spawned: SpawnedChild
        do throws(SpawnFailure) {
            spawned = try SpawnedChild(launch)
        } catch {
            _ = close(bell.reading)
            _ = close(bell.writing)
            throw error
        }
        SystemCalls.setNonBlocking(bell.reading)
        SystemCalls.setNonBlocking(bell.writing)
        pid = spawned.pid
        self.graces = graces
        self.handlers = handlers
        state = Mutex(State(input: spawned.input, bell: bell.writing))
        streams = ChildStreams(bell: bell.reading, output: spawned.output, errors: spawned.errors)
    }

    /// Begins to serve the process; to be called once, when its maker is ready for what it says.
    func begin() {
        Self.startThread("keyhooks-io") { [self] in serve(streams) }
        Self.startThread("keyhooks-wait") { [self] in collect() }
    }

    private static func startThread(_ name: String, _ body: @escaping @Sendable () -> Void) {
        let thread = Thread {
            // Set before the start it would not reach the system on Linux.
            Thread.current.name = name
            BrokenPipeSignal.blockEverySignal()
            body()
        }
        thread.stackSize = stackSize
        thread.start()
    }

    /// Sends bytes; what does not fit into the pipe is written when the process reads.
    ///
    /// - Returns: False when too much is waiting already; bytes for a process that has gone are dropped and it is true.
    @discardableResult
    func send(_ bytes: [UInt8], thenClose closes: Bool = false) -> Bool {
        state.withLock { state in
            guard state.input != nil else { return true }
            guard state.outgoing.count + bytes.count <= Self.outgoingLimit else { return false }
            state.outgoing.add(bytes)
            state.closesInputWhenSent = state.closesInputWhenSent || closes
            state.write()
            if state.input != nil, !state.outgoing.isEmpty { state.ring() }
            return true
        }
    }

    /// Brings the process to its end; a milder way after a harsher one changes nothing.
    func end(_ ending: Ending) {
        state.withLock { state in
            guard state.exit == nil else { return }
            switch ending {
            case .gracefully:
                guard state.step == .running else { return }
                state.step = .closing(until: .now + graces.closing)
                state.closeInput()
                state.ring()
            case .atOnce:
                state.step = .killed
                state.closeInput()
                _ = kill(-pid, SIGKILL)
            }
        }
    }

    /// Waits until the process has ended, was collected, and all it wrote was handed on.
    func ended() async -> ChildExit {
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
