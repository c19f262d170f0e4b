import JSON5Syntax
import KeyHooks
import PluginHost
import Synchronization

/// All that the processes of one check wrote, for the rules that look at the whole.
final class ConformanceTranscript: Sendable {
    private struct State {
        var firstOdd: String?
        var lines = 0
        var errors: [UInt8] = []
        var secrets: Set<String> = []
        /// The messages without the results that may hold a key.
        var texts: [String] = []
    }

    /// What all processes together may write on standard error before the rest is left out.
    static let errorLimit = 4 << 20

    /// How many values are searched for elsewhere; a plugin decides how many it returns.
    private static let secretLimit = 64

    private let state = Mutex(State())
    private let mask = SecretRedactor()
    /// Shows everything to an author who asked for that.
    let mirror: OutputMirror?

    init(_ launch: PluginLaunch? = nil, mirror: OutputMirror? = nil) {
        self.mirror = mirror
        if let launch {
            mask.remember(environment: launch.environment)
            mask.remember(configuration: launch.configuration)
        }
    }

    /// How much of standard error is kept.
    var errorCount: Int { state.withLock { $0.errors.count } }

    /// Takes a line of standard output, or all of a one-shot plugin's.
    func add(output line: ArraySlice<UInt8>) {
        let odd = Self.fault(in: line)
        let node = try? JSONParser.parse(line, limits: JSONParser.Limits(size: max(line.count, 1), depth: 64))
        let secrets = node.map { node in [node["ok"]?["result"], node["ok"]?["outcome"]].compactMap(\.self) } ?? []
        for secret in secrets { mask.remember(secret) }
        state.withLock { state in
            state.lines += 1
            if state.firstOdd == nil { state.firstOdd = odd }
            guard let node else { return }
            for secret in secrets where state.secrets.count < Self.secretLimit { Self.collect(secret, &state.secrets) }
            for place in [node["ok"]?["provenance"], node["error"], node["message"]].compactMap(\.self) {
                var found: Set<String> = []
                Self.collect(place, &found)
                state.texts += found
            }
        }
    }

    /// Takes a line that is longer than a message may be.
    func addLongLine() {
        state.withLock { state in
            state.lines += 1
            if state.firstOdd == nil { state.firstOdd = "a line of more than \(SessionLimits().lineBytes) bytes" }
        }
    }

    /// The last lines on standard error since there were so many bytes, without keys.
    func lastWords(since count: Int) -> [String] {
        StandardErrorLog.lastLines(of: state.withLock { $0.errors[count...] }, mask: mask)
    }

    func add(errors bytes: ArraySlice<UInt8>) {
        state.withLock { $0.errors += bytes.prefix(Self.errorLimit - $0.errors.count) }
    }

    func checkLines() throws(ConformanceFault) -> String {
        let (odd, count) = state.withLock { ($0.firstOdd, $0.lines) }
        if let odd { throw .broken("it wrote what is not a message in strict JSON: \(odd)") }
        guard count > 0 else { throw .unclear("it wrote nothing") }
        return "all it wrote was strict JSON"
    }

    func checkSecrecy() throws(ConformanceFault) -> String {
        let state = state.withLock { $0 }
        guard !state.secrets.isEmpty else { throw .unclear("it returned no key") }
        let errors = String(decoding: state.errors, as: UTF8.self)
        if state.secrets.contains(where: errors.contains) { throw .broken("a key it returned is on standard error") }
        let isLeaked = state.texts.contains { text in state.secrets.contains(where: text.contains) }
        if isLeaked { throw .broken("a key it returned is also in a field that people see") }
        return "the keys it returned are in the results alone"
    }

    /// What is wrong with a line, for its author; nil if it is a message.
    private static func fault(in line: ArraySlice<UInt8>) -> String? {
        do throws(PluginMessage.Violation) {
            _ = try PluginMessage.node(of: line)
            return nil
        } catch {
            return error.words
        }
    }

    private static func collect(_ node: JSONNode, _ found: inout Set<String>) {
        switch node.kind {
        // A shorter one is part of ordinary texts.
        case .string(let text): if text.utf8.count >= 4 { found.insert(text) }
        case .array(let elements): for element in elements { collect(element, &found) }
        case .object(let members): for member in members { collect(member.value, &found) }
        case .null, .bool, .number: break
        }
    }
}

/// A line of the protocol as its author is shown it: with its names and in its order, and without a key.
///
/// Of what a plugin writes only that is shown which the protocol knows; a key in a wrong place is in none of those.
enum TranscriptLine {
    /// The names that the messages of a plugin have.
    private static let names: Set<String> = [
        "type", "v", "plugin", "id", "version", "capabilities", "ok", "error", "verdict", "result", "key",
        "not_required", "cache", "ttl_ms", "expires_at", "provenance", "source", "arguments", "service", "outcome",
        "absent", "kind", "message", "hint", "retry_after_ms", "state",
    ]
    /// What stands in place of a key, with all that is below it.
    private static let secrets: Set<String> = ["key", "result", "outcome"]
    /// Where a plugin writes for people.
    private static let texts: Set<String> = ["message", "hint", "source", "version", "expires_at"]
    /// Where names belong, and a plugin may have put anything.
    private static let ids: Set<String> = ["service", "id"]
    private static let words: Set<String> = [
        "hello", "response", "progress", "finish", "proceed", "keep", "replace", "waiting-for-user", "not-found",
        "not-mine", "permission-denied", "unauthenticated", "interaction-required", "invalid-input", "internal",
        "unavailable", "cancelled", "deadline-exceeded", "batch", "cancel", "invalidate",
    ]
    private static let numbers: Set<String> = ["v", "ttl_ms", "retry_after_ms"]
    private static let limit = 2000

    /// A line that the plugin was sent.
    static func sent(_ line: ArraySlice<UInt8>, _ mask: SecretRedactor) -> String {
        guard let node = try? JSONParser.parse(line, syntax: .json, limits: .message(line.count)) else { return "" }
        return text(own(node, in: nil, mask))
    }

    /// A line that the plugin wrote; of one that is no JSON what is wrong with it.
    ///
    /// Its values are known to the mask from then on.
    static func received(_ line: ArraySlice<UInt8>, _ mask: SecretRedactor) -> String {
        let node: JSONNode
        do throws(PluginMessage.Violation) {
            node = try PluginMessage.node(of: line)
        } catch {
            return "(\(error.words))"
        }
        let secrets = [node["ok"]?["result"], node["ok"]?["outcome"]].compactMap(\.self)
        for secret in secrets { mask.remember(secret) }
        // Beside any other answer a text may hold a key that nobody knows.
        let care: SecretRedactor.Care = secrets.contains(where: SecretRedactor.hasKey) ? .keyLike : .doubtful
        return text(others(node, in: nil, isSecret: false, mask, care))
    }

    private static func text(_ node: JSONNode) -> String {
        (try? node.jsonBytes()).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }

    /// What the host wrote, which is all known but for the values of outcomes and what a section names as secrets.
    private static func own(_ node: JSONNode, in name: String?, _ mask: SecretRedactor) -> JSONNode {
        switch node.kind {
        case .string(let text):
            return .string(
                name.map(PastedKey.isLabel) ?? false ? SecretRedactor.hidden : mask.shown(text, limit: limit)
            )
        case .number where name.map(PastedKey.isLabel) ?? false: return .string(SecretRedactor.hidden)
        case .array(let elements): return .array(elements.map { own($0, in: name, mask) })
        case .object(let members):
            return JSONNode(.object(members.map { own($0, in: name, mask) }))
        case .null, .bool, .number: return node
        }
    }

    /// A member, by the name of what it stands in if that says that all below it is secret.
    private static func own(_ member: JSONMember, in name: String?, _ mask: SecretRedactor) -> JSONMember {
        let isSecret = name.map(PastedKey.isLabel) ?? false
        return JSONMember(member.name, own(member.value, in: isSecret ? name : member.name, mask))
    }

    private static func others(
        _ node: JSONNode,
        in name: String?,
        isSecret: Bool,
        _ mask: SecretRedactor,
        _ care: SecretRedactor.Care
    ) -> JSONNode {
        switch node.kind {
        case .string(let text): return .string(shown(text, in: name, isSecret: isSecret, mask, care))
        case .array(let elements):
            return .array(elements.map { others($0, in: name, isSecret: isSecret, mask, care) })
        case .object(let members):
            return JSONNode(
                .object(
                    members.map { member in
                        let isSecret = isSecret || secrets.contains(member.name)
                        let name = names.contains(member.name) ? member.name : length(of: member.name)
                        return JSONMember(name, others(member.value, in: name, isSecret: isSecret, mask, care))
                    }
                )
            )
        case .number where isSecret || !numbers.contains(name ?? ""): return .string("[a number]")
        case .null, .bool, .number: return node
        }
    }

    private static func shown(
        _ text: String,
        in name: String?,
        isSecret: Bool,
        _ mask: SecretRedactor,
        _ care: SecretRedactor.Care
    ) -> String {
        if words.contains(text) { return text }
        if isSecret { return SecretRedactor.hidden }
        if ids.contains(name ?? "") { return mask.maskCarefully(TerminalText.clean(text, limit: limit)) }
        guard texts.contains(name ?? "") else { return length(of: text) }
        return name == "expires_at" && isTime(text) ? text : mask.shown(text, limit: limit, care)
    }

    private static func isTime(_ text: String) -> Bool {
        PluginCacheHint(.object(["expires_at": .string(text)]))?.expiresAt != nil
    }

    private static func length(of text: String) -> String { "[\(text.unicodeScalars.count) characters]" }
}

/// Hands on everything that a plugin writes, line by line and marked by where it wrote it, to an author who asked for
/// that.
///
/// Nothing is hidden, keys neither.
final class OutputMirror: Sendable {
    /// Where a plugin writes.
    enum Stream: String, CaseIterable {
        case output = "stdout"
        case errors = "stderr"
    }

    /// A longer line is handed on in parts.
    private static let lineLimit = 1 << 20

    private let show: @Sendable (String) -> Void
    private let partial = Mutex<[Stream: [UInt8]]>([:])

    init(_ show: @escaping @Sendable (String) -> Void) {
        self.show = show
    }

    func take(_ bytes: ArraySlice<UInt8>, from stream: Stream) {
        let lines = partial.withLock { partial in
            var pieces = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map { Array($0) }
            pieces[0] = (partial[stream] ?? []) + pieces[0]
            let rest = pieces.removeLast()
            guard rest.count > Self.lineLimit else {
                partial[stream] = rest
                return pieces
            }
            partial[stream] = []
            return pieces + [rest]
        }
        for line in lines { hand(on: line, stream) }
    }

    /// Hands on lines without an end; nothing more will come.
    func finish() {
        let rest = partial.withLock { partial in
            defer { partial = [:] }
            return partial
        }
        for stream in Stream.allCases { if let line = rest[stream], !line.isEmpty { hand(on: line, stream) } }
    }

    private func hand(on line: [UInt8], _ stream: Stream) {
        show("[\(stream.rawValue)] \(String(decoding: line, as: UTF8.self))")
    }
}
