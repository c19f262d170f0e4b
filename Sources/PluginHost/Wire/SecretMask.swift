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

    /// Remembers what the process is given as keys by the variables that its manifest asks for.
    func remember(environment: [String: String]) {
        for (name, value) in environment where KeyLikeText.isLabel(name) && value.utf8.count >= 8 {
            remember(.string(value))
        }
    }

    /// The text without the values that were returned and all that looks like a key.
    func mask(_ text: String) -> String { KeyLikeText.masked(withoutReturned(text)) }

    /// A text of a plugin fit to be shown: masked before it is cut, since half a key is nothing that would be recognised.
    ///
    /// `isGuessing` hides what looks like a key as well. Of a long text no more is searched than can be shown.
    func shown(_ text: String, limit: Int, guessing isGuessing: Bool = true) -> String {
        let longest = returned.withLock { $0.map(\.value.utf8.count).max() ?? 0 }
        let window = limit + longest
        let clean = PlainText.clean(text, limit: window)
        var shown = isGuessing ? mask(clean) : withoutReturned(clean)
        if clean.unicodeScalars.count > window {
            // The last of it may be the beginning of a key, and what was hidden before it has brought it nearer.
            shown = String(shown.unicodeScalars.dropLast(longest + 1)) + "…"
        }
        return PlainText.clean(shown, limit: limit)
    }

    /// The text without the values that were returned.
    func withoutReturned(_ text: String) -> String {
        var text = text
        let keys = returned.withLock(\.self)
        // Longest first, since one key may begin like another.
        for value in keys.map(\.value).sorted(by: { $0.utf8.count > $1.utf8.count }) {
            // By scalars: a mark that combines with the last letter makes another character of it and no other key.
            let (scalars, sought) = (text.unicodeScalars, Array(value.unicodeScalars))
            guard scalars.contains(sought) else { continue }
            text = scalars.split(separator: sought, omittingEmptySubsequences: false).map { String($0) }
                .joined(separator: Self.hidden)
        }
        return text
    }

    private static func collect(_ node: JSONNode, _ found: inout [String]) {
        switch node.kind {
        case .string(let text):
            // A log shows a value of many lines line by line.
            let lines = [text] + text.split(whereSeparator: \.isNewline).map(String.init)
            // What is masked was made fit for a terminal before, and so would be a key in it.
            for value in lines + lines.map({ PlainText.clean($0, limit: .max) })
            where value.utf8.count >= shortest && !found.contains(value) {
                found.append(value)
            }
        case .array(let elements): for element in elements { collect(element, &found) }
        case .object(let members): for member in members { collect(member.value, &found) }
        case .null, .bool, .number: break
        }
    }
}
