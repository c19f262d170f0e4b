import JSON5Syntax
import KeyHooks
import PluginHost

/// One process of a session plugin that has said hello.
struct ConformanceConversation {
    let child: ConformanceChild
    let hello: PluginMessage.Hello

    struct Reply {
        let id: String
        let response: PluginResponse
        let time: ContinuousClock.Instant
    }

    /// Starts a process and greets it.
    init(_ run: ConformanceRun, more: [JSONMember] = []) async throws(ConformanceFault) {
        let launch = run.launch
        child = try await ConformanceChild(run)
        var hello: PluginMessage.Hello?
        let due = ContinuousClock.now + launch.helloTimeout
        while hello == nil, let line = await child.next(until: due) {
            do throws(PluginMessage.Violation) {
                if case .hello(let words) = try PluginMessage(line: line.bytes[...]) { hello = words }
            } catch {
                await child.kill()
                throw .silent("it wrote \(error.words), and its hello was due")
            }
        }
        guard let hello else {
            let exit = child.exit
            await child.kill()
            let end = exit.map { "it \($0.words) before it said hello\(launch.remark(on: $0, after: []))" }
            throw .silent(end ?? "it did not say hello within \(launch.helloTimeout): \(PluginLaunch.helloHint)")
        }
        self.hello = hello
        let initialize = HostMessage.initialize(launch, capabilities: hello.capabilities, SessionLimits())
        child.send([JSONNode(.object((initialize.members ?? []) + more))])
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
        while replies.count < count, let line = await child.next(until: due) {
            do throws(PluginMessage.Violation) {
                if case .progress(let id, _, _) = try PluginMessage(line: line.bytes[...]) { progress(id) }
                if let reply = try Reply(line.bytes[...], at: line.time) { replies.append(reply) }
            } catch {
                await child.kill()
                throw .silent("it wrote \(error.words)")
            }
        }
        return replies
    }
}

extension ConformanceConversation.Reply {
    /// Reads a line; a message that isn't an answer is nil.
    init?(_ line: ArraySlice<UInt8>, at time: ContinuousClock.Instant) throws(PluginMessage.Violation) {
        guard case .response(let id, let response) = try PluginMessage(line: line) else { return nil }
        self.init(id: id, response: response, time: time)
    }
}
