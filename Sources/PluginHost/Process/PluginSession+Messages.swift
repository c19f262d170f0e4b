import KeyHooks
import Synchronization

extension PluginSession {
    /// Takes one line from a process.
    func receive(_ line: ArraySlice<UInt8>, _ generation: UInt64) {
        do throws(PluginMessage.Violation) {
            let message = try PluginMessage(line: line)
            change { state, effects in
                guard state.generation == generation, state.connection != nil else { return }
                do throws(PluginMessage.Violation) {
                    try take(message, &state, &effects)
                } catch {
                    giveUp(violation(error.problem, line), &state, &effects)
                }
            }
        } catch {
            end(generation, with: violation(error.problem, line))
        }
    }

    func refuseLongLine(_ beginning: [UInt8], _ generation: UInt64) {
        let excerpt = MessageExcerpt.text(of: beginning[...], mask: mask)
        end(generation, with: error(.tooLarge, "it wrote a line of more than \(limits.lineBytes) bytes: \(excerpt)"))
    }

    func violation(_ problem: String, _ line: ArraySlice<UInt8>) -> PluginError {
        error(.protocolViolation, "\(problem): \(MessageExcerpt.text(of: line, mask: mask))")
    }

    private func end(_ generation: UInt64, with error: PluginError) {
        change { state, effects in
            guard state.generation == generation, state.connection != nil else { return }
            giveUp(error, &state, &effects)
        }
    }

    /// How much progress with one request is told; what comes after it still counts.
    private static let shownReports = 100

    private func take(
        _ message: PluginMessage,
        _ state: inout SessionState,
        _ effects: inout SessionEffects
    ) throws(PluginMessage.Violation) {
        switch (message, state.phase) {
        case (.hello(let hello), .starting): try greet(hello, &state, &effects)
        case (.hello, _): throw PluginMessage.Violation(problem: "a second hello")
        case (.response(let id, let response), .ready):
            try finish(try number(id, in: state), response, &state, &effects)
        case (.progress(let id, let progress, let words), .ready(let capabilities)):
            let number = try number(id, in: state)
            guard capabilities.contains(.progress) else { return }
            if let entry = state.entries[number], entry.complete != nil {
                state.entries[number]?.due = entry.begun + limits.progressCap
            }
            let told = state.entries[number]?.reports ?? 0
            guard told < Self.shownReports, let report = report([progress, words]) else { return }
            state.entries[number]?.reports = told + 1
            effects.reports.append(report)
        default: throw PluginMessage.Violation(problem: "a message before its hello")
        }
    }

    /// Answers a hello, and sends what has been waiting for it.
    private func greet(
        _ hello: PluginMessage.Hello,
        _ state: inout SessionState,
        _ effects: inout SessionEffects
    ) throws(PluginMessage.Violation) {
        guard hello.versions.contains(PluginProtocol.version) else {
            let words =
                "it speaks versions \(hello.versions.prefix(16)) of the protocol, the host \(PluginProtocol.versions)"
            giveUp(error(.versionMismatch, words, hint: "update the plugin or the host"), &state, &effects)
            return
        }
        guard hello.id == nil || hello.id == launch.id else {
            throw PluginMessage.Violation(problem: "a hello with another id than its manifest")
        }
        let capabilities = PluginCapability.allCases.filter(hello.capabilities.contains)
        let message = HostMessage.initialize(launch, host: host, capabilities: capabilities, limits)
        guard let line = try? message.node.wireLine(), line.count <= limits.lineBytes else {
            giveUp(error(.tooLarge, "its configuration does not fit into a message"), &state, &effects)
            return
        }
        state.phase = .ready(Set(capabilities))
        let due = clock.now() + launch.requestTimeout
        for (number, entry) in state.entries where entry.due == nil { state.entries[number]?.due = due }
        effects.look(at: due)
        state.connection?.send(line)
        pump(&state, &effects)
    }

    private func number(_ id: String, in state: SessionState) throws(PluginMessage.Violation) -> UInt64 {
        guard let number = UInt64(id), String(number) == id, state.entries[number]?.isSent == true else {
            throw PluginMessage.Violation(problem: "a message for a request that it was not asked or has answered")
        }
        return number
    }

    private func finish(
        _ number: UInt64,
        _ response: PluginResponse,
        _ state: inout SessionState,
        _ effects: inout SessionEffects
    ) throws(PluginMessage.Violation) {
        guard let entry = state.entries[number] else { return }
        try response.check(for: entry.request.phase)
        state.entries[number] = nil
        state.inFlight -= 1
        if let secret = response.secret { mask.remember(secret) }
        effects.complete(entry.complete, response.result(plugin: launch.id, mask: mask).mapError { $0 })
        pump(&state, &effects)
    }

    private func report(_ words: [String?]) -> String? {
        let text = words.compactMap(\.self).joined(separator: ": ")
        return text.isEmpty ? nil : "\(launch.id): \(mask.shown(text, limit: 300))"
    }
}
