import JSON5Syntax
import KeyHooks
import LightFoundation
import PluginHost

/// The rules of session plugins.
extension ConformanceRun {
    func hello() async throws(ConformanceFault) -> String {
        let child = try await ConformanceChild(self)
        let hello = try await child.greet(launch, more: [])
        await child.kill()
        guard hello.versions.contains(PluginManifest.api) else {
            throw .broken("its hello does not have version \(PluginManifest.api)")
        }
        guard hello.id != nil else {
            throw .broken("its hello does not name it: add \"plugin\": {\"id\": \"\(manifest.id)\"}")
        }
        guard hello.id == manifest.id.rawValue else {
            throw .broken("the id in its hello is not that of its manifest")
        }
        let names = hello.capabilities.map(\.rawValue).joined(separator: ", ")
        return names.isEmpty ? "version 1" : "version 1, with \(names)"
    }

    func inFlight() async throws(ConformanceFault) -> String {
        let ids = (1...8).map { String(100 + $0) }
        try await expect(ids, of: ids.map(question))
        return "eight requests at once got their answers"
    }

    func cancel() async throws(ConformanceFault) -> String {
        let messages = [question("1"), HostMessage.cancel(id: "1"), question("2")]
        try await expect(["1", "2"], of: messages, .cancel, within: timing.owed)
        return "what was cancelled is answered, and so is what came after it"
    }

    func batch() async throws(ConformanceFault) -> String {
        let ids = ["21", "22", "23"]
        let batch = JSONNode.object(["type": .string("batch"), "requests": .array(ids.map(question))])
        try await expect(ids, of: [batch], .batch)
        return "each request of a batch got its answer"
    }

    func invalidate() async throws(ConformanceFault) -> String {
        let (point, arguments) = (firstRequest.point, firstRequest.arguments)
        let refusal = HostMessage.invalidate(point: point, arguments: arguments, reason: "rejected")
        try await expect(["1"], of: [refusal, question("1")], .invalidate)
        return "it goes on answering"
    }

    func progress() async throws(ConformanceFault) -> String {
        let (child, hello) = try await open()
        let isAnnounced = hello.capabilities.contains(.progress)
        child.send([question("31")])
        let due = ContinuousClock.now + launch.requestTimeout + timing.slack
        var reported: [String] = []
        let replies = try await child.replies(count: 1, until: due) { reported.append($0) }
        let exit = child.exit
        await child.kill()
        guard isAnnounced || reported.isEmpty else {
            throw .broken("it tells of progress and does not announce 'progress'")
        }
        guard isAnnounced else { throw .unclear("it does not announce 'progress'") }
        guard !replies.isEmpty else { throw silence(exit, within: launch.requestTimeout) }
        guard !reported.contains(where: { $0 != "31" }) else {
            throw .broken("it tells of progress with another id than the request's")
        }
        return reported.isEmpty ? "it reported none" : "it reported it \(reported.count) times"
    }

    func ends() async throws(ConformanceFault) -> String { try await quickEnough(end) }

    private func end() async throws(ConformanceFault) -> String {
        let child = try await open().child
        child.send([question("1")])
        _ = try await child.replies(count: 1, until: .now + launch.requestTimeout)
        // Its end may be seen a little after its answer.
        if let exit = await child.ended(until: .now + .milliseconds(100)) {
            throw .broken("it \(exit.words) before its standard input was closed\(launch.remark(on: exit, after: []))")
        }
        let begun = ContinuousClock.now
        let exit = await child.endGracefully()
        // The host sends no other signals.
        if case .signal(let signal) = exit, ![SIGTERM, SIGKILL].contains(signal) {
            throw .broken("it \(exit.words) when its standard input was closed")
        }
        if case .signal = exit { throw .broken("it went on after its standard input was closed, and had to be killed") }
        guard begun.duration(to: .now) <= timing.graces.closing + timing.slack else {
            throw .broken("it went on for more than \(timing.graces.closing) after its standard input was closed")
        }
        return "it \(exit.words)"
    }

    /// Sends messages, and expects an answer for each id and no other.
    private func expect(
        _ ids: [String],
        of messages: [JSONNode],
        _ capability: PluginMessage.Capability? = nil,
        within time: Duration? = nil
    ) async throws(ConformanceFault) {
        let (child, hello) = try await open()
        if let capability, !hello.capabilities.contains(capability) {
            await child.kill()
            throw .unclear("it does not announce '\(capability.rawValue)'")
        }
        child.send(messages)
        let due = ContinuousClock.now + (time ?? launch.requestTimeout)
        let found = try await child.replies(count: ids.count, until: due).map(\.id)
        await child.kill()
        let missing = Set(ids).subtracting(found).count
        guard missing == 0 else { throw .broken("\(missing) of \(ids.count) requests got no answer") }
    }
}

/// The rules of one-shot plugins.
extension ConformanceRun {
    /// Asks it once and hands over how it ended and what it wrote.
    private func once() async throws(ConformanceFault) -> (exit: ChildExit, output: [UInt8]) {
        let (exit, output) = try await run(question("5"), within: launch.requestTimeout)
        guard let exit else {
            throw .broken("it did not end within \(launch.requestTimeout) (\(PluginLaunch.requestSetting))")
        }
        return (exit, output)
    }

    func exitStatus() async throws(ConformanceFault) -> String {
        let exit = try await once().exit
        guard exit == .status(0) else { throw .broken("it \(exit.words)") }
        return "it \(exit.words)"
    }

    func oneObject() async throws(ConformanceFault) -> String {
        if let violation = PluginMessage.violation(in: try await once().output[...]) {
            throw .broken("what it wrote is not one object: \(violation.words)")
        }
        return "one object"
    }
}
