import JSON5Syntax
import KeyHooks
import PluginHost

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
            var warnings: [String] = []
            if case .answer(let answer) = reply.response, hook.point == .getAPIKey { warnings = answer.keyWarnings }
            words.append("\(Self.service(of: hook)): \(([reply.words] + warnings).joined(separator: "; "))")
        }
        return words.joined(separator: "; ")
    }

    /// An internal fault is one cause at every rule that it stands in the way of, and so is a kind that nobody knows.
    private static func faultCause(_ failure: PluginResponse.Failure) -> String {
        failure.remark ?? PluginError.Kind.internal.description
    }

    private static func isResult(_ value: JSONNode) -> Bool {
        value["key"]?.string?.isEmpty == false || value["not_required"]?.kind == .bool(true)
    }

    func unknownService() async throws(ConformanceFault) -> String {
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
        return try await ask(request(manifest.hooks[0]), more: more).reply.words
    }

    func ids() async throws(ConformanceFault) -> String {
        for id in ["1", "keyhooks-check-0042"] { _ = try await ask(request(manifest.hooks[0]), id: id) }
        guard launch.mode == .session else { return "echoed" }
        let conversation = try await open()
        let ids = ["8", "9"]
        conversation.child.send(ids.map { message(request(manifest.hooks[0]), id: $0) })
        let due = ContinuousClock.now + launch.requestTimeout
        var found = try await conversation.replies(count: 2, until: due).map(\.id)
        found += try await conversation.replies(count: 1, until: .now + .milliseconds(100)).map(\.id)
        await conversation.child.kill()
        guard found.sorted() == ids else { throw .broken("two requests did not get one answer each") }
        return "echoed, each once"
    }

    func deadline() async throws(ConformanceFault) -> String {
        let deadline = min(timing.deadline, launch.requestTimeout)
        return try await quickEnough { () async throws(ConformanceFault) in
            let took = try await ask(request(manifest.hooks[0]), deadline: deadline).took
            guard took <= deadline + timing.slack else {
                throw .broken("it answered after the deadline of \(deadline)")
            }
            return "it answered within \(deadline)"
        }
    }

    /// A rule that depends on time, in as many attempts as a plugin has.
    func quickEnough(
        _ rule: () async throws(ConformanceFault) -> String
    ) async throws(ConformanceFault) -> String {
        var fault: ConformanceFault?
        for _ in 1...timing.attempts {
            do throws(ConformanceFault) { return try await rule() } catch {
                if fault == nil || error.outcome == .failed { fault = error }
            }
        }
        throw fault ?? .unclear("it was not tried")
    }
}

extension ConformanceConversation.Reply {
    /// What was answered, without a value.
    var words: String {
        switch response {
        case .answer(.proceed): "proceed"
        case .answer(.finish): "finish"
        case .answer(.keep): "keep"
        case .answer(.replace): "replace"
        case .answer(.notFound): "not-found"
        case .answer(.notMine): "not-mine"
        case .failure(let failure): failure.kind.description
        case .unknownVerdict: "an unknown verdict"
        }
    }
}
