import JSON5Syntax
import KeyHooks
import Synchronization

/// A plugin that is started for every request: one line in, one object out, status 0.
///
/// Whatever ends a request from outside cancels its task, and that ends the process: the caller's own cancellation, its
/// deadline, and the end of the plugin.
final class OneshotPlugin: PluginRunner {
    let settings: RunnerSettings
    private let lastNumber = Atomic<UInt64>(0)
    private let slots: AsyncSemaphore
    /// The requests under way; nil once it was shut down.
    private let calls = Mutex<[UInt64: Task<PluginAnswer, any Error>]?>([:])

    init(_ settings: RunnerSettings) {
        self.settings = settings
        slots = AsyncSemaphore(count: settings.limits.inFlight)
    }

    /// Starts the plugin and asks it one question, when there is room for another process.
    ///
    /// - Throws: ``PluginError``; `CancellationError` when the task is cancelled.
    func answer(to request: PluginRequest) async throws -> PluginAnswer {
        try Task.checkCancellation()
        let number = lastNumber.add(1, ordering: .relaxed).newValue
        let due = clock.now() + (request.deadline ?? launch.requestTimeout).bounded
        let call = calls.withLock { calls -> Task<PluginAnswer, any Error>? in
            guard calls != nil else { return nil }
            let call = Task { try await self.run(request, id: String(number), due: due) }
            calls?[number] = call
            return call
        }
        guard let call else { throw launch.shutDownError }
        let watch = Task.detached { [clock] in
            try await clock.sleep(due - clock.now())
            call.cancel()
        }
        defer {
            watch.cancel()
            calls.withLock { _ = $0?.removeValue(forKey: number) }
        }
        do {
            return try await withTaskCancellationHandler {
                try await call.value
            } onCancel: {
                call.cancel()
            }
        } catch {
            try Task.checkCancellation()
            guard calls.withLock({ $0 != nil }) else { throw launch.shutDownError }
            throw error is CancellationError
                ? launch.error(.deadlineExceeded, launch.lateness(of: request)) : error
        }
    }

    func close() {
        let calls = calls.withLock { calls in
            defer { calls = nil }
            return calls ?? [:]
        }
        for call in calls.values { call.cancel() }
    }

    private func run(_ request: PluginRequest, id: String, due: Duration) async throws -> PluginAnswer {
        try await slots.take()
        defer { slots.give() }
        let request = request.withSettings(of: launch)
        for values in request.secrets { settings.mask.remember(values) }
        let line = try settings.json(of: request, id: id, within: due - clock.now()) + [UInt8(ascii: "\n")]
        let errors = settings.errorLog(launch.mayAskUser ? .never { true } : .untilReleased)
        var hasKey = false
        defer { errors.release(hasKey: hasKey) }
        let (exit, output) = try await exchange(line, errors)
        guard let output else { throw launch.error(.tooLarge, "it wrote more than \(limits.lineBytes) bytes") }
        guard exit == .status(0) else {
            if launch.isErrorInLog { errors.dropLatest() }
            throw launch.error(.crashed, "it \(exit.words)\(launch.words(on: exit, after: errors.latest))")
        }
        do {
            let answer = try settings.answer(in: response(in: output, id: id, request.phase))
            // Nobody waits any more for what took too long to read.
            try Task.checkCancellation()
            hasKey = answer.hasKey
            return answer
        } catch let violation as PluginMessage.Violation {
            throw launch.error(.protocolViolation, violation.problem, hint: violation.hint)
        }
    }

    /// Sends a line to a process of its own, and waits for its end.
    ///
    /// - Returns: How it ended, and what it wrote; nil if that was too much.
    private func exchange(
        _ line: [UInt8],
        _ errors: StandardErrorLog
    ) async throws -> (exit: ChildExit, output: [UInt8]?) {
        let child = try await launch.start(settings.verify, in: children, graces: limits.graces, clock: clock)
        let output = OneshotOutput(limit: limits.lineBytes)
        let observer = settings.observer
        let exit = await withTaskCancellationHandler {
            child.begin(
                output: { bytes in if !output.take(bytes) { child.end(.atOnce) } },
                errors: { bytes in
                    observer?(.errors, bytes)
                    errors.take(bytes)
                },
                exited: { _ in errors.finish() }
            )
            observer?(.sent, line[...])
            child.send(line, thenClose: true)
            return await child.ended()
        } onCancel: {
            child.end(.atOnce)
        }
        let bytes = output.bytes
        if !bytes.isEmpty { observer?(.received, bytes[...]) }
        // Of one that wrote too much that is what went wrong.
        if !output.isTooLong { try Task.checkCancellation() }
        return (exit, output.isTooLong ? nil : bytes)
    }

    private func response(
        in output: [UInt8],
        id: String,
        _ phase: PluginRequest.Phase
    ) throws(PluginMessage.Violation) -> PluginResponse {
        guard !output.isEmpty else {
            throw PluginMessage.Violation(
                problem: "it ended with status 0 and wrote nothing; \(PluginMessage.Violation.withoutKey)"
            )
        }
        guard case .response(let answered, let response) = try PluginMessage(line: output[...]) else {
            throw PluginMessage.Violation(problem: "something else than the answer to the request")
        }
        guard answered == id else {
            throw PluginMessage.Violation(problem: "an answer without the id of the request, which was '\(id)'")
        }
        try response.check(for: phase)
        return response
    }
}

/// What one process writes on its standard output, as far as it may.
private final class OneshotOutput: Sendable {
    private let limit: Int
    private let state = Mutex<(bytes: [UInt8], isTooLong: Bool)>(([], false))

    init(limit: Int) {
        self.limit = limit
    }

    var bytes: [UInt8] { state.withLock(\.bytes) }
    var isTooLong: Bool { state.withLock(\.isTooLong) }

    /// Takes bytes in; false if they are too many.
    func take(_ bytes: ArraySlice<UInt8>) -> Bool {
        state.withLock { state in
            // The end of the line does not count.
            state.isTooLong = state.isTooLong || state.bytes.count + bytes.count > limit + 1
            if !state.isTooLong { state.bytes += bytes }
            return !state.isTooLong
        }
    }
}

/// How many may do something at once; further ones wait in line.
private final class AsyncSemaphore: Sendable {
    private struct State {
        var free: Int
        var lastID = 0
        var waiting: [(id: Int, continuation: CheckedContinuation<Void, any Error>)] = []
    }

    private let state: Mutex<State>

    init(count: Int) {
        state = Mutex(State(free: count))
    }

    /// Waits for a slot, which is to be given back.
    ///
    /// - Throws: `CancellationError` when the task is cancelled meanwhile.
    func take() async throws {
        let id = state.withLock { state in
            state.lastID += 1
            return state.lastID
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let result = state.withLock { state -> Result<Void, any Error>? in
                    if Task.isCancelled { return .failure(CancellationError()) }
                    guard state.free == 0 else {
                        state.free -= 1
                        return .success(())
                    }
                    state.waiting.append((id, continuation))
                    return nil
                }
                if let result { continuation.resume(with: result) }
            }
        } onCancel: {
            let waiter = state.withLock { state in
                state.waiting.firstIndex { $0.id == id }.map { state.waiting.remove(at: $0) }
            }
            waiter?.continuation.resume(throwing: CancellationError())
        }
    }

    /// Gives a slot back, to the first in line if there is one.
    func give() {
        let next = state.withLock { state in
            if state.waiting.isEmpty { state.free += 1 }
            return state.waiting.isEmpty ? nil : state.waiting.removeFirst()
        }
        next?.continuation.resume()
    }
}
