import JSON5Syntax
import KeyHooks
import PluginHost

/// A line of the protocol as its author is shown it: with its names and in its order, and without a key.
///
/// Of what a plugin writes only that is shown which the protocol knows; a key in a wrong place is in none of those.
struct TranscriptLine {
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

    private let mask: SecretRedactor
    /// How carefully the texts of a plugin are shown; nil for what the host wrote, which is all known but for the
    /// values of outcomes and what a section names as secrets.
    private let care: SecretRedactor.Care?

    /// A line that the plugin was sent.
    static func sent(_ line: ArraySlice<UInt8>, _ mask: SecretRedactor) -> String {
        guard let node = try? JSONParser.parse(line, syntax: .json, limits: .message(line.count)) else { return "" }
        return TranscriptLine(mask: mask, care: nil).text(of: node)
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
        let values = node.returnedValues
        for value in values { mask.remember(value) }
        // Beside any other answer a text may hold a key that nobody knows.
        let care: SecretRedactor.Care = values.contains(where: SecretRedactor.hasKey) ? .keyLike : .doubtful
        return TranscriptLine(mask: mask, care: care).text(of: node)
    }

    private func text(of node: JSONNode) -> String {
        (try? shown(node).jsonBytes()).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }

    /// A value under a name; what is secret is all that is below a name that says so.
    private func shown(_ node: JSONNode, in name: String = "", isSecret: Bool = false) -> JSONNode {
        switch node.kind {
        case .string(let text): return .string(shown(text, in: name, isSecret: isSecret))
        case .array(let elements): return .array(elements.map { shown($0, in: name, isSecret: isSecret) })
        case .object(let members):
            return JSONNode(.object(members.map { shown($0, isSecret: isSecret) }))
        case .number where care == nil: return isSecret ? .string(SecretRedactor.hidden) : node
        case .number where isSecret || !Self.numbers.contains(name): return .string("[a number]")
        case .null, .bool, .number: return node
        }
    }

    private func shown(_ member: JSONMember, isSecret: Bool) -> JSONMember {
        let isKnown = care == nil || Self.names.contains(member.name)
        let isOfSecret = care == nil ? PastedKey.isLabel(member.name) : Self.secrets.contains(member.name)
        let name = isKnown ? member.name : Self.length(of: member.name)
        return JSONMember(name, shown(member.value, in: name, isSecret: isSecret || isOfSecret))
    }

    private func shown(_ text: String, in name: String, isSecret: Bool) -> String {
        guard let care else { return isSecret ? SecretRedactor.hidden : mask.shown(text, limit: Self.limit) }
        if Self.words.contains(text) { return text }
        if isSecret { return SecretRedactor.hidden }
        if Self.ids.contains(name) { return mask.maskCarefully(TerminalText.clean(text, limit: Self.limit)) }
        guard Self.texts.contains(name) else { return Self.length(of: text) }
        return name == "expires_at" && Self.isTime(text) ? text : mask.shown(text, limit: Self.limit, care)
    }

    private static func isTime(_ text: String) -> Bool {
        PluginCacheHint(.object(["expires_at": .string(text)]))?.expiresAt != nil
    }

    private static func length(of text: String) -> String { "[\(text.unicodeScalars.count) characters]" }
}

extension JSONNode {
    /// What a message gives back that nobody but the caller may see.
    var returnedValues: [JSONNode] {
        [self["ok"]?["result"]?.withoutRemarks, self["ok"]?["outcome"]].compactMap(\.self)
    }
}
