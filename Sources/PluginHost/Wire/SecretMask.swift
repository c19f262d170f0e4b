import KeyHooks
import Synchronization

/// Hides keys in texts that a plugin wrote for people: the values it has returned, and all that looks like one.
final class SecretMask: Sendable {
    /// What stands in a key's place.
    static let hidden = "[hidden]"
    /// How many values are remembered; a plugin that returns more is known by its latest.
    private static let capacity = 256
    /// A shorter value would hide half of an ordinary text.
    private static let shortest = 4

    private let returned = Mutex<[APIKey]>([])

    /// Remembers every string in what a plugin returned.
    func remember(_ node: JSONNode) {
        var found: [String] = []
        Self.collect(node, &found)
        guard !found.isEmpty else { return }
        returned.withLock { returned in
            for key in found.map({ APIKey($0) }) where !returned.contains(key) { returned.append(key) }
            if returned.count > Self.capacity { returned.removeFirst(returned.count - Self.capacity) }
        }
    }

    /// The text without the values that were returned and all that looks like a key.
    func mask(_ text: String) -> String { KeyLikeText.masked(withoutReturned(text)) }

    /// The text without the values that were returned.
    func withoutReturned(_ text: String) -> String {
        var text = text
        let keys = returned.withLock(\.self)
        // Longest first, since one key may begin like another.
        for value in keys.map(\.value).sorted(by: { $0.utf8.count > $1.utf8.count }) where text.contains(value) {
            text = text.split(separator: value, omittingEmptySubsequences: false).joined(separator: Self.hidden)
        }
        return text
    }

    private static func collect(_ node: JSONNode, _ found: inout [String]) {
        switch node.kind {
        case .string(let text):
            // A log shows a value of many lines line by line.
            for value in [text] + text.split(whereSeparator: \.isNewline).map(String.init)
            where value.utf8.count >= shortest && !found.contains(value) {
                found.append(value)
            }
        case .array(let elements): for element in elements { collect(element, &found) }
        case .object(let members): for member in members { collect(member.value, &found) }
        case .null, .bool, .number: break
        }
    }
}
