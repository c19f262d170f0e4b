import KeyHooks
import Synchronization

extension PluginSession {
    /// Takes one line from a process.
    ///
    /// What costs time is done before the lock is taken: a plugin decides how long its lines are, and other callers and
    /// the clock must not wait for them.
    func receive(_ line: ArraySlice<UInt8>, from connection: PluginConnection) {
        do throws(PluginMessage.Violation) {
            let received = try ReceivedMessage(line, settings)
            change { state in
                guard state.connection === connection else { return }
                do throws(PluginMessage.Violation) {
                    try take(received, &state)
                } catch {
                    giveUp(violation(error), &state)
                }
            }
        } catch {
            end(connection, with: violation(error))
        }
        // What was written beside an answer can be shown now, unless another answer is due.
        state.withLock { $0.inFlight == 0 ? $0.connection?.errors : nil }?.answered()
    }

    func refuseLongLine(from connection: PluginConnection) {
        end(connection, with: launch.error(.tooLarge, "it wrote a line of more than \(limits.lineBytes) bytes"))
    }

    private func violation(_ violation: PluginMessage.Violation) -> PluginError {
        launch.error(.protocolViolation, violation.problem, hint: violation.hint)
    }

    private func end(_ connection: PluginConnection, with error: PluginError) {
        change { state in
            guard state.connection === connection else { return }
            giveUp(error, &state)
        }
    }

    /// How much progress with one request is reported; what comes after it still counts.
    private static let shownReports = 100

    private func take(_ received: ReceivedMessage, _ state: inout SessionState) throws(PluginMessage.Violation) {
        switch (received.message, state.phase) {
        case (.hello(let hello), .starting): try greet(hello, &state)
        case (.hello, _): throw PluginMessage.Violation(problem: "a second hello")
        case (.response(let id, let response), .ready):
            let number = try number(id, in: state)
            guard let entry = state.entries[number], let result = received.result else { return }
            try response.check(for: entry.request.phase)
            state.connection?.errors.noteAnswer(hasKey: (try? result.get().hasKey) ?? false)
            state.entries[number] = nil
            state.inFlight -= 1
            state.effects.complete(entry.complete, result.mapError { $0 })
            pump(&state)
        case (.progress(let id, _, _), .ready(let capabilities)):
            let number = try number(id, in: state)
            guard capabilities.contains(.progress) else { return }
            if let entry = state.entries[number], entry.complete != nil {
                state.entries[number]?.due = entry.begun + limits.progressCap
            }
            let reports = state.entries[number]?.reports ?? 0
            guard reports < Self.shownReports, let report = received.report else { return }
            state.entries[number]?.reports = reports + 1
            state.effects.reports.append("\(launch.id): \(report)")
        default: throw PluginMessage.Violation(problem: "a message before its hello")
        }
    }

    /// Answers a hello, and sends what has been waiting for it.
    private func greet(_ hello: PluginMessage.Hello, _ state: inout SessionState) throws(PluginMessage.Violation) {
        guard hello.versions.contains(PluginManifest.api) else {
            giveUp(mismatch(hello.versions), &state)
            return
        }
        guard hello.id == nil || hello.id == launch.id else {
            throw PluginMessage.Violation(problem: "a hello with another id than its manifest")
        }
        let capabilities = PluginMessage.Capability.allCases.filter(hello.capabilities.contains)
        let message = HostMessage.initialize(launch, capabilities: capabilities, limits)
        guard let line = try? message.wireLine(), line.count <= limits.lineBytes else {
            giveUp(launch.error(.tooLarge, "its configuration does not fit into a message"), &state)
            return
        }
        state.phase = .ready(Set(capabilities))
        let due = clock.now() + launch.requestTimeout
        for (number, entry) in state.entries where entry.due == nil { state.entries[number]?.due = due }
        state.effects.look(at: due)
        state.connection?.send(line)
        pump(&state)
    }

    /// The versions themselves are not shown: where they belong a plugin may have put anything.
    private func mismatch(_ versions: [Int]) -> PluginError {
        let ours = PluginManifest.api
        let isNewer = !versions.isEmpty && versions.allSatisfy { $0 > ours }
        let which = versions.isEmpty ? "no version" : isNewer ? "newer versions only" : "older versions only"
        return launch.error(
            .versionMismatch,
            "of the protocol it speaks \(which), and the host speaks version \(ours)",
            hint: "update the \(isNewer ? "host" : "plugin")"
        )
    }

    private func number(_ id: String, in state: SessionState) throws(PluginMessage.Violation) -> UInt64 {
        guard let number = UInt64(id), String(number) == id, state.entries[number]?.isSent == true else {
            throw PluginMessage.Violation(problem: "a message for a request that it was not asked or has answered")
        }
        return number
    }
}

/// A message with what becomes of it for people: its values are known to the mask, and its texts are masked.
private struct ReceivedMessage {
    let message: PluginMessage
    /// The answer that a response brings.
    let result: Result<PluginAnswer, PluginError>?
    /// What is to be said of progress.
    let report: String?

    init(_ line: ArraySlice<UInt8>, _ settings: RunnerSettings) throws(PluginMessage.Violation) {
        message = try PluginMessage(line: line)
        switch message {
        case .hello: (result, report) = (nil, nil)
        case .response(_, let response):
            (result, report) = (Result { () throws(PluginError) in try settings.answer(in: response) }, nil)
        case .progress(_, let state, let words):
            // The answer is still due, so nobody knows what is in these words.
            let text = [state, settings.mask.doubtful(words)].compactMap(\.self).joined(separator: ": ")
            (result, report) = (nil, text.isEmpty ? nil : text)
        }
    }
}
