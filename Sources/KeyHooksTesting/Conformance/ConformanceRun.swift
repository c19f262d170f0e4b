import JSON5Syntax
import KeyHooks
import PluginHost

/// One check of one plugin: asks it what the rules need to know.
struct ConformanceRun {
    typealias Reply = ConformanceChild.Reply
    /// Says in what the plugin keeps a rule, or throws in what it doesn't.
    typealias Check = () async throws(ConformanceFault) -> String

    let launch: PluginLaunch
    let manifest: PluginManifest
    /// How a command names the plugin.
    let name: String
    let timing: ConformanceRun.Timing
    let transcript: ConformanceTranscript
    let children: ChildProcesses
    let configuration: KeyConfiguration
    /// Where the variables come from that its manifest names.
    let environment: [String: String]
    /// The name of a secret that may be written and deleted.
    let writable: String?

    /// A service that no plugin has.
    static let unknown = "keyhooks_check_nobody_has_this"

    /// A request to the hook, as the host would make it.
    func request(_ hook: PluginManifest.Hook, service: String? = nil) -> PluginRequest {
        hook.trialRequest(
            for: Service(service ?? Self.service(of: hook)),
            field: hook.point == .getSecret ? "region" : nil,
            scope: KeyScope(),
            in: configuration
        )
    }

    /// A service that the hook is for.
    static func service(of hook: PluginManifest.Hook) -> String {
        let services = hook.services ?? []
        let name = (services.first { !$0.contains("*") } ?? services.first ?? "").replacing("*", with: "")
        return Service(name).isValid ? name : "openai"
    }

    func message(
        _ request: PluginRequest,
        id: String,
        within time: Duration? = nil,
        more: [JSONMember] = []
    ) -> JSONNode {
        let request = launch.mode == .oneshot ? request.withSettings(of: launch) : request
        let message = request.message(id: id, deadline: time ?? launch.requestTimeout)
        return JSONNode(.object((message.members ?? []) + more))
    }

    /// A request to the first hook, or for a secret of one that only manages those.
    var firstRequest: PluginRequest { manifest.hooks.first.map { request($0) } ?? .aboutNothing }

    /// The same as a message.
    func question(_ id: String) -> JSONNode { message(firstRequest, id: id) }

    /// Asks one question in a process of its own.
    func ask(
        _ request: PluginRequest,
        id: String = "17",
        deadline: Duration? = nil,
        more: [JSONMember] = []
    ) async throws(ConformanceFault) -> (reply: Reply, took: Duration) {
        let time = deadline ?? launch.requestTimeout
        let node = message(request, id: id, within: time, more: more)
        if launch.mode == .oneshot { return try await askOnce(node, request.phase, id: id, time) }
        let child = try await open(more: more).child
        let begun = ContinuousClock.now
        child.send([node])
        let reply = try await child.replies(count: 1, until: begun + time + timing.slack).first
        let exit = child.exit
        await child.kill()
        guard let reply else { throw silence(exit, within: time) }
        return (try checked(reply, request.phase, id: id), begun.duration(to: reply.time))
    }

    /// Starts a process and greets it.
    func open(
        more: [JSONMember] = []
    ) async throws(ConformanceFault) -> (child: ConformanceChild, hello: PluginMessage.Hello) {
        do throws(ConformanceFault) {
            let child = try await ConformanceChild(self)
            return (child, try await child.greet(launch, more: more))
        } catch {
            throw .silent("it could not be asked: \(error.reason)")
        }
    }

    private func askOnce(
        _ node: JSONNode,
        _ phase: PluginRequest.Phase,
        id: String,
        _ time: Duration
    ) async throws(ConformanceFault) -> (reply: Reply, took: Duration) {
        let begun = ContinuousClock.now
        let (exit, output) = try await run(node, within: time + timing.slack)
        let took = begun.duration(to: .now)
        guard let exit else { throw .silent("it did not end within \(time) (\(PluginLaunch.requestSetting))") }
        let candidates = [output[...]] + output.split(separator: UInt8(ascii: "\n"))
        guard let reply = candidates.lazy.compactMap({ try? Reply($0, at: .now) }).first else {
            guard exit == .status(0) else { throw silence(exit, within: time) }
            guard !output.isEmpty else {
                throw .silent("it ended with status 0 and wrote nothing; \(PluginMessage.Violation.withoutKey)")
            }
            do throws(PluginMessage.Violation) {
                _ = try PluginMessage(line: output[...])
            } catch {
                throw .silent("it wrote no answer: \(error.words)")
            }
            throw .silent("it wrote no answer but another message")
        }
        return (try checked(reply, phase, id: id), took)
    }

    /// Runs a one-shot plugin, and hands over how it ended and what it wrote; nil if it had to be ended.
    func run(
        _ request: JSONNode,
        within time: Duration
    ) async throws(ConformanceFault) -> (exit: ChildExit?, output: [UInt8]) {
        let child = try await ConformanceChild(self)
        child.send([request], thenClose: true)
        let exit = await child.ended(until: .now + time)
        await child.kill()
        return (exit, child.output)
    }

    /// The fault of a plugin that did not answer: how it ended, or for how long it was waited for.
    func silence(_ exit: ChildExit?, within time: Duration) -> ConformanceFault {
        guard let exit else {
            return .silent(
                time == launch.requestTimeout
                    ? "no answer came within \(time) (\(PluginLaunch.requestSetting))" : "no answer came within \(time)"
            )
        }
        return .silent("it \(exit.words) instead of answering\(launch.remark(on: exit, after: []))")
    }

    func checked(_ reply: Reply, _ phase: PluginRequest.Phase, id: String) throws(ConformanceFault) -> Reply {
        guard reply.id == id else { throw .broken("it answered with another id than the request's") }
        do throws(PluginMessage.Violation) {
            try reply.response.check(for: phase)
        } catch {
            throw .broken(error.problem)
        }
        return reply
    }
}

extension ConformanceRun {
    /// How long the checks wait.
    struct Timing: Sendable {
        /// The deadline that a plugin must be able to keep; a manifest may name a shorter one.
        var deadline = Duration.seconds(2)
        /// How often a plugin may try to be quick enough: that the machine was busy isn't its fault.
        var attempts = 3
        /// What the machine may add to the deadline.
        var slack = Duration.milliseconds(250)
        /// How long an answer may be owed after a cancellation.
        var owed = Duration.seconds(5)
        var graces = SessionLimits().graces
    }
}

/// The rules of both modes.
extension ConformanceRun {
    func answers() async throws(ConformanceFault) -> String {
        var words: [String] = []
        for hook in manifest.hooks {
            let reply = try await ask(request(hook)).reply
            if case .failure(let failure) = reply.response, failure.kind == .internal {
                let lack = launch.remark(after: [failure.message ?? ""], in: environment)
                let command = "keyhooks plugins try \(FileFault.quoted(name)) \(Self.service(of: hook))"
                throw .broken(
                    failure.remark ?? "it reported an internal fault\(lack); to see its message: \(command)",
                    by: Self.faultCause(failure)
                )
            }
            if case .answer(.finish(let result)) = reply.response, !Self.isResult(result.value) {
                throw .broken(
                    result.value["key"]?.string?.isEmpty == true
                        ? "its 'key' is empty; \(PluginMessage.Violation.withoutKey)"
                        : "its result has neither a 'key' nor 'not_required'"
                )
            }
            if case .answer(.finish(let result)) = reply.response, let key = result.value["key"]?.string {
                let (service, isField) = (Service(Self.service(of: hook)), hook.point == .getSecret)
                do throws(KeyResolutionError) {
                    try APIKey(key).check(for: service, isField: isField, in: configuration.catalogue())
                } catch {
                    throw .broken("'keyhooks get' refuses its answer: \(error.message); \(error.remedy)")
                }
            }
            var warnings: [String] = []
            if case .answer(let answer) = reply.response, hook.point == .getAPIKey { warnings = answer.keyWarnings }
            words.append("\(Self.service(of: hook)): \(([reply.words] + warnings).joined(separator: "; "))")
        }
        if manifest.hooks.isEmpty { words.append(try await ask(firstRequest).reply.words) }
        return words.joined(separator: "; ")
    }

    /// An internal fault is one cause at every rule that it stands in the way of, and so is a kind that nobody knows.
    private static func faultCause(_ failure: PluginResponse.Failure) -> String {
        failure.remark ?? PluginError.Kind.internal.rawValue
    }

    private static func isResult(_ value: JSONNode) -> Bool {
        value["key"]?.string?.isEmpty == false || value["not_required"]?.kind == .bool(true)
    }

    func unknownService() async throws(ConformanceFault) -> String {
        if manifest.hooks.isEmpty { throw .unclear("it has no hooks") }
        let hook = manifest.hooks.first { $0.filter()?.contains(Service(Self.unknown)) ?? true }
        guard let hook else { throw .unclear("its manifest says that it is asked for its own services only") }
        let reply = try await ask(request(hook, service: Self.unknown)).reply
        switch reply.response {
        case .answer(.proceed), .answer(.notMine), .answer(.notFound), .answer(.keep): return reply.words
        case .answer: throw .broken("it has an answer for a service that nobody has: \(reply.words)")
        case .unknownVerdict: throw .broken("its answer has an unknown verdict")
        case .failure(let failure):
            let honest: [PluginError.Kind] = [
                .unavailable, .unauthenticated, .interactionRequired, .permissionDenied, .deadlineExceeded,
            ]
            guard honest.contains(failure.kind) else {
                throw .broken(
                    "an unknown service is an error to it, and would stop the whole chain: \(reply.words)",
                    by: failure.kind == .internal ? Self.faultCause(failure) : nil
                )
            }
            throw .unclear("it could not tell: \(reply.words)")
        }
    }

    func unknownFields() async throws(ConformanceFault) -> String {
        let more = [
            JSONMember("x_future", .object(["a": .array([.integer(1), .null])])), JSONMember("zz", .string("{[\"")),
        ]
        return try await ask(firstRequest, more: more).reply.words
    }

    func ids() async throws(ConformanceFault) -> String {
        for id in ["1", "keyhooks-check-0042"] { _ = try await ask(firstRequest, id: id) }
        guard launch.mode == .session else { return "echoed" }
        let child = try await open().child
        let ids = ["8", "9"]
        child.send(ids.map(question))
        let due = ContinuousClock.now + launch.requestTimeout
        var found = try await child.replies(count: 2, until: due).map(\.id)
        found += try await child.replies(count: 1, until: .now + .milliseconds(100)).map(\.id)
        await child.kill()
        guard found.sorted() == ids else { throw .broken("two requests did not get one answer each") }
        return "echoed, each once"
    }

    func deadline() async throws(ConformanceFault) -> String {
        let deadline = min(timing.deadline, launch.requestTimeout)
        return try await quickEnough { () async throws(ConformanceFault) in
            let took = try await ask(firstRequest, deadline: deadline).took
            guard took <= deadline + timing.slack else {
                throw .broken("it answered after the deadline of \(deadline)")
            }
            return "it answered within \(deadline)"
        }
    }

    /// A rule that depends on time, in as many attempts as a plugin has.
    func quickEnough(_ rule: Check) async throws(ConformanceFault) -> String {
        var fault: ConformanceFault?
        for _ in 1...timing.attempts {
            do throws(ConformanceFault) { return try await rule() } catch {
                if fault == nil || error.outcome == .failed { fault = error }
            }
        }
        throw fault ?? .unclear("it was not tried")
    }
}

extension ConformanceChild.Reply {
    /// What was answered, without a value.
    var words: String {
        switch response {
        case .answer(.proceed): "proceed"
        case .answer(.finish): "finish"
        case .answer(.keep): "keep"
        case .answer(.replace): "replace"
        case .answer(.notFound): "not-found"
        case .answer(.notMine): "not-mine"
        case .failure(let failure): failure.kind.rawValue
        case .unknownVerdict: "an unknown verdict"
        }
    }
}
