package import JSON5Syntax
import KeyHooks
package import LightFoundation

/// The body of a response: an answer, or a fault that the plugin reports.
package enum PluginResponse: Sendable {
    case answer(PluginAnswer)
    case failure(Failure)
    /// An answer whose verdict is none, or missing; ``check(for:)`` refuses it.
    case unknownVerdict(String?)

    /// A fault in the plugin's own words, which are not yet fit to be shown.
    package struct Failure: Sendable {
        package let kind: PluginError.Kind
        package let message: String?
        let hint: String?
        let retryAfter: Duration?
        /// What to tell the author of a kind that nobody knows, in words that are not the plugin's.
        package var remark: String?
    }

    /// Reads the object that has `ok` or `error`.
    init(_ node: JSONNode) throws(PluginMessage.Violation) {
        switch (node["ok"], node["error"]) {
        case (let answer?, nil):
            self = try PluginAnswer(ok: answer).map(Self.answer) ?? .unknownVerdict(answer["verdict"]?.string)
        case (nil, let fault?): try self.init(fault: fault)
        default: throw PluginMessage.Violation(problem: "a response without exactly one of 'ok' and 'error'")
        }
    }

    private init(fault: JSONNode) throws(PluginMessage.Violation) {
        guard let name = fault["kind"]?.string else {
            throw PluginMessage.Violation(problem: "an error without a kind")
        }
        let kind = PluginError.Kind(wire: name)
        switch kind {
        case .notFound: self = .answer(.notFound(cache: PluginCacheHint(fault["cache"])))
        case .notMine: self = .answer(.notMine)
        default:
            self = .failure(
                Failure(
                    kind: kind,
                    message: fault["message"]?.string,
                    hint: fault["hint"]?.string,
                    retryAfter: fault["retry_after_ms"]?.milliseconds,
                    remark: kind.remark(onWire: name)
                )
            )
        }
    }

    /// Refuses a verdict that makes no sense on that side of the function.
    package func check(for phase: PluginRequest.Phase) throws(PluginMessage.Violation) {
        let verdicts = phase == .start ? ["finish", "proceed"] : ["keep", "replace"]
        let words = verdicts.joined(separator: " or ")
        switch (self, phase) {
        case (.answer(.keep), .start), (.answer(.replace), .start), (.answer(.proceed), .end), (.answer(.finish), .end):
            throw PluginMessage.Violation(
                problem: "a verdict that does not fit the phase '\(phase.rawValue)': expected \(words)"
            )
        case (.unknownVerdict(let verdict?), _):
            throw PluginMessage.Violation(
                problem: "an answer with an unknown verdict",
                expected: verdicts,
                insteadOf: verdict
            )
        case (.unknownVerdict(nil), _):
            throw PluginMessage.Violation(problem: "an answer without a verdict: expected \(words)")
        default: break
        }
    }

    /// What the plugin returned that nobody but the caller may see.
    package var secret: JSONNode? {
        if case .answer(let answer) = self { answer.secret } else { nil }
    }

    /// The answer, or the fault as an error that is fit to be shown; `remark` follows the message of an internal one.
    func answer(
        plugin: String,
        mask: SecretRedactor,
        remark: (_ message: String) -> String = { _ in "" }
    ) throws(PluginError) -> PluginAnswer {
        func violation(_ message: String, hint: String? = nil) -> PluginError {
            PluginError(kind: .protocolViolation, plugin: plugin, message: message, hint: hint)
        }
        switch self {
        case .answer(let answer) where answer.secret?["key"]?.string?.isEmpty == true:
            throw violation("its 'key' is empty", hint: PluginMessage.Violation.withoutKey)
        case .unknownVerdict: throw violation("an answer with an unknown verdict")
        case .answer(.finish(var result)):
            let care: SecretRedactor.Care = SecretRedactor.hasKey(result.value) ? .returned : .doubtful
            result.source = result.source.map { mask.shown($0, limit: 200, care) }
            result.version = result.version.map { mask.shown($0, limit: 64, care) }
            return .finish(result)
        case .answer(let answer): return answer
        case .failure(let failure):
            let parts = [mask.doubtful(failure.message), failure.remark].compactMap(\.self)
            let words = parts.isEmpty ? "it says no more" : parts.joined(separator: "; ")
            throw PluginError(
                kind: failure.kind,
                origin: .plugin,
                plugin: plugin,
                message: words + (failure.kind == .internal ? remark(words) : ""),
                hint: mask.doubtful(failure.hint),
                retryAfter: failure.retryAfter
            )
        }
    }
}

extension PluginAnswer {
    /// Reads the object under `ok`; nil if its verdict is none.
    fileprivate init?(ok: JSONNode) throws(PluginMessage.Violation) {
        switch ok["verdict"]?.string {
        case "proceed": self = .proceed(arguments: ok["arguments"])
        case "finish":
            guard let value = ok["result"] else { throw PluginMessage.Violation(problem: "'finish' without a result") }
            self = .finish(
                PluginResult(
                    value: value,
                    cache: PluginCacheHint(ok["cache"]),
                    source: (ok["provenance"]?["source"]?.string).map { TerminalText.clean($0, limit: .max) },
                    version: (ok["provenance"]?["version"]?.string).map { TerminalText.clean($0, limit: .max) }
                )
            )
        case "keep": self = .keep
        case "replace":
            guard let outcome = ok["outcome"] else {
                throw PluginMessage.Violation(problem: "'replace' without an outcome")
            }
            self = .replace(outcome: outcome)
        default: return nil
        }
    }
}

/// What a plugin answered; `not-found` and `not-mine` are answers and no faults.
package enum PluginAnswer: Sendable {
    /// The next in the chain is asked, with other arguments if there are any.
    case proceed(arguments: JSONNode?)
    /// The function's result.
    case finish(PluginResult)
    /// At the end: the outcome stays.
    case keep
    /// At the end: another outcome.
    case replace(outcome: JSONNode)
    /// It is the plugin's to know, and it does not exist; cached only if the plugin says how long.
    case notFound(cache: PluginCacheHint?)
    /// It is not the plugin's to know, for as long as the session lasts.
    case notMine

    /// What the plugin returned that nobody but the caller may see.
    var secret: JSONNode? {
        switch self {
        case .finish(let result): result.value.withoutRemarks
        case .replace(let outcome): outcome
        case .proceed, .keep, .notFound, .notMine: nil
        }
    }

    /// Whether the plugin returned a key, which the mask hides from then on.
    ///
    /// With any other answer it isn't known which key the plugin had in its hands.
    package var hasKey: Bool { secret.map(SecretRedactor.hasKey) ?? false }

    /// What a resolver warns of in the key that the plugin returned, for its author; each in one line without the key.
    package var keyWarnings: [String] {
        guard let key = secret?["key"]?.string else { return [] }
        return KeyTextWarning.all(in: key).map { $0.message(about: "its key") }
    }
}

/// A result with what the plugin says about it.
package struct PluginResult: Sendable {
    /// As it came, such as `{"key": "…"}`; it prints no value.
    package let value: JSONNode
    let cache: PluginCacheHint?
    /// Where the plugin has it from, cleaned for people.
    var source: String?
    var version: String?
}

/// How long an answer may be kept.
package struct PluginCacheHint: Hashable, Sendable {
    let timeToLive: Duration?
    package let expiresAt: Date?
}

extension PluginCacheHint {
    /// Reads `{"ttl_ms": …, "expires_at": …}`; nil when there is none.
    package init?(_ node: JSONNode?) {
        guard let node, node.members != nil else { return nil }
        timeToLive = node["ttl_ms"]?.milliseconds
        expiresAt = node["expires_at"]?.date
    }
}

extension JSONNode {
    /// A result without what says something of a secret, or of the store: nobody is to miss these words elsewhere.
    package var withoutRemarks: JSONNode {
        let remarks = ["version", "created_at", "expires_at", "names", "next", "state", "reason"]
        return JSONNode(members.map { .object($0.filter { !remarks.contains($0.name) }) } ?? kind, at: position)
    }

    /// A text as a date, as ISO 8601 writes it.
    var date: Date? {
        string.flatMap { text in
            (try? Date(text, strategy: .iso8601))
                ?? (try? Date(text, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true)))
        }
    }

    /// A number as a duration; nil for anything else and for numbers below zero or beyond a century.
    var milliseconds: Duration? {
        guard case .number(let number) = kind, (0...3.2e12).contains(number.double) else { return nil }
        return .milliseconds(number.double)
    }
}
