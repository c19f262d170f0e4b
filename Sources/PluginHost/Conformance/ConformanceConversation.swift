import KeyHooks

/// One process of a session plugin that has said hello.
struct ConformanceConversation {
    let child: ConformanceChild
    let hello: PluginMessage.Hello

    struct Reply {
        let id: String
        let response: PluginResponse
        /// What the kind of an error is called on the wire.
        let kind: String?
        let time: ContinuousClock.Instant
    }

    /// Starts a process and greets it.
    init(
        _ launch: PluginLaunch,
        in children: ChildProcesses,
        _ timing: ConformanceTiming,
        _ transcript: ConformanceTranscript,
        more: [JSONMember] = []
    ) async throws(ConformanceFault) {
        child = try ConformanceChild(launch, in: children, timing, transcript)
        var hello: PluginMessage.Hello?
        let due = ContinuousClock.now + launch.helloTimeout
        while hello == nil, let line = await child.next(until: due) {
            if case .hello(let words)? = try? PluginMessage(line: line.bytes[...]) { hello = words }
        }
        guard let hello else {
            let exit = child.exit
            await child.kill()
            let end = exit.map { "it \($0.words) before it said hello" }
            throw .broken(end ?? "it did not say hello within \(launch.helloTimeout)")
        }
        self.hello = hello
        var limits = SessionLimits()
        limits.graces = timing.graces
        let initialize = HostMessage.initialize(
            launch,
            host: HostIdentity(),
            capabilities: hello.capabilities,
            limits
        )
        child.send([JSONNode(.object((initialize.node.members ?? []) + more))])
    }

    /// The answers to requests, as they come; those that do not come in time are missing.
    func replies(count: Int, until due: ContinuousClock.Instant) async -> [Reply] {
        var replies: [Reply] = []
        while replies.count < count, let line = await child.next(until: due) {
            if let reply = Reply(line.bytes[...], at: line.time) { replies.append(reply) }
        }
        return replies
    }
}

extension ConformanceConversation.Reply {
    /// Reads a line; what is no answer is nil.
    init?(_ line: ArraySlice<UInt8>, at time: ContinuousClock.Instant) {
        guard case .response(let id, let response)? = try? PluginMessage(line: line) else { return nil }
        let node = try? JSON5.parse(line, limits: .message(line.count))
        self.init(id: id, response: response, kind: node?["error"]?["kind"]?.string, time: time)
    }
}
