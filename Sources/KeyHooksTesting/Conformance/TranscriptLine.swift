import JSON5Syntax
import KeyHooks
import PluginHost

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
