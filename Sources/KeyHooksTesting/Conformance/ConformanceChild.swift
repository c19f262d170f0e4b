import JSON5Syntax
import KeyHooks
import PluginHost
import Synchronization

/// A process of a plugin that is being checked: what it writes is kept with the time it came.
final class ConformanceChild: Sendable {
    struct Line: Sendable {
        let bytes: [UInt8]
        let time: ContinuousClock.Instant
    }

    private struct State {
        var framing = LineFraming(limit: SessionLimits().lineBytes)
        /// The lines that were not taken yet.
        var lines: ArraySlice<Line> = []
        var all: [UInt8] = []
        var exit: ChildExit?
        var isTooLong = false
    }

    private let state = Mutex(State())
    private let child: ChildProcess
    /// Says that there is something to look at, to the one check that waits.
    private let (changes, changed) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))

    /// Starts the plugin, and tries again for a while if its file is open for writing.
    init(_ run: ConformanceRun) async throws(ConformanceFault) {
        let transcript = run.transcript
        let isSession = run.launch.mode == .session
        do throws(PluginError) {
            child = try await run.launch.start(in: run.children, graces: run.timing.graces)
        } catch {
            throw .silent(error.message + (error.hint.map { "; \($0)" } ?? ""))
        }
        child.begin(
            output: { bytes in
                transcript.mirror?.take(bytes, from: .output)
                self.take(bytes, isSession ? transcript : nil)
            },
            errors: { bytes in
                transcript.mirror?.take(bytes, from: .errors)
                transcript.add(errors: bytes)
            },
            exited: { exit in
                transcript.mirror?.finish()
                self.finish(exit, isSession ? nil : transcript)
            }
        )
    }

    /// Its end, once all it wrote was taken.
    var exit: ChildExit? { state.withLock(\.exit) }

    /// All it wrote on standard output.
    var output: [UInt8] { state.withLock(\.all) }

    func send(_ nodes: [JSONNode], thenClose: Bool = false) {
        child.send(nodes.flatMap { (try? $0.wireLine()) ?? [] }, thenClose: thenClose)
    }

    /// The next line that was not taken yet; nil when there is none in time or it has ended.
    func next(until due: ContinuousClock.Instant) async -> Line? {
        let next: Line?? = await first(until: due) { state in
            if let line = state.lines.popFirst() { return line }
            return state.exit != nil || state.isTooLong ? .some(nil) : nil
        }
        // What came too late is not waited for, however much of it there is.
        return next.flatMap(\.self).flatMap { $0.time > due ? nil : $0 }
    }

    /// Waits for its end; nil when it goes on.
    func ended(until due: ContinuousClock.Instant) async -> ChildExit? {
        await first(until: due) { $0.exit }
    }

    /// What a look at the state finds, now or after a change of it; nil when it is time and there is nothing.
    private func first<Found: Sendable>(
        until due: ContinuousClock.Instant,
        _ look: (inout State) -> Found?
    ) async -> Found? {
        let alarm = Task {
            try await Task.sleep(until: due, clock: .continuous)
            changed.yield()
        }
        defer { alarm.cancel() }
        var iterator = changes.makeAsyncIterator()
        while true {
            if let found = state.withLock({ look(&$0) }) { return found }
            guard ContinuousClock.now < due, !Task.isCancelled else { return nil }
            await iterator.next()
        }
    }

    /// Closes its input, and the usual signals follow.
    func endGracefully() async -> ChildExit {
        child.end(.gracefully)
        return await child.ended()
    }

    func kill() async {
        child.end(.atOnce)
        _ = await child.ended()
    }

    private func take(_ bytes: ArraySlice<UInt8>, _ transcript: ConformanceTranscript?) {
        let now = ContinuousClock.now
        state.withLock { state in
            guard !state.isTooLong, state.all.count < 16 << 20, state.lines.count < 100_000 else { return }
            state.all += bytes
            do throws(LineFraming.TooLong) {
                try state.framing.take(bytes) { line in
                    state.lines.append(Line(bytes: Array(line), time: now))
                    transcript?.add(output: line)
                }
            } catch {
                state.isTooLong = true
                transcript?.addLongLine()
            }
        }
        changed.yield()
    }

    private func finish(_ exit: ChildExit, _ transcript: ConformanceTranscript?) {
        let all = state.withLock { state in
            state.exit = exit
            return state.all
        }
        if !all.isEmpty { transcript?.add(output: all[...]) }
        changed.yield()
    }
}

/// A session plugin's side of the conversation.
extension ConformanceChild {
    struct Reply {
        let id: String
        let response: PluginResponse
        let time: ContinuousClock.Instant
    }

    /// Waits for its hello, and answers that.
    func greet(_ launch: PluginLaunch, more: [JSONMember]) async throws(ConformanceFault) -> PluginMessage.Hello {
        let due = ContinuousClock.now + launch.helloTimeout
        while let line = await next(until: due) {
            do throws(PluginMessage.Violation) {
                guard case .hello(let hello) = try PluginMessage(line: line.bytes[...]) else { continue }
                let initialize = HostMessage.initialize(launch, capabilities: hello.capabilities, SessionLimits())
                send([JSONNode(.object((initialize.members ?? []) + more))])
                return hello
            } catch {
                await kill()
                throw .silent("it wrote \(error.words), and its hello was due")
            }
        }
        let exit = exit
        await kill()
        let end = exit.map { "it \($0.words) before it said hello\(launch.remark(on: $0, after: []))" }
        throw .silent(end ?? "it did not say hello within \(launch.helloTimeout): \(PluginLaunch.helloHint)")
    }

    /// The answers to requests, as they come; those that do not come in time are missing.
    ///
    /// - Parameters:
    ///   - count: How many are waited for.
    ///   - due: When to stop waiting.
    ///   - progress: Gets each message about a request that is under way.
    /// - Returns: The answers.
    /// - Throws: What is wrong with a line that isn't a message, at which the host would give up as well.
    func replies(
        count: Int,
        until due: ContinuousClock.Instant,
        progress: (_ id: String) -> Void = { _ in }
    ) async throws(ConformanceFault) -> [Reply] {
        var replies: [Reply] = []
        while replies.count < count, let line = await next(until: due) {
            do throws(PluginMessage.Violation) {
                if case .progress(let id, _, _) = try PluginMessage(line: line.bytes[...]) { progress(id) }
                if let reply = try Reply(line.bytes[...], at: line.time) { replies.append(reply) }
            } catch {
                await kill()
                throw .silent("it wrote \(error.words)")
            }
        }
        return replies
    }
}

extension ConformanceChild.Reply {
    /// Reads a line; a message that isn't an answer is nil.
    init?(_ line: ArraySlice<UInt8>, at time: ContinuousClock.Instant) throws(PluginMessage.Violation) {
        guard case .response(let id, let response) = try PluginMessage(line: line) else { return nil }
        self.init(id: id, response: response, time: time)
    }
}
