package import JSON5Syntax
import KeyHooks
import Synchronization

/// Hides keys in texts that a plugin wrote for people: the values it has returned, and all that looks like one.
///
/// What it costs grows with the length of an answer and no faster, since a plugin chooses how long that is.
package final class SecretRedactor: Sendable {
    /// What stands in a key's place.
    package static let hidden = "[hidden]"
    /// How many values are remembered; a plugin that returns more is known by its latest.
    private static let capacity = 256
    /// How many values and lines of values of one answer are remembered; of more the values themselves and the longest.
    static let valuesOfOneAnswer = 64
    /// A shorter value would hide half of an ordinary text.
    private static let shortest = 4
    /// Of a longer value the beginning is remembered, and hides all that follows it.
    static let longest = 4096

    private struct Returned {
        let key: APIKey
        let count: Int
        let hash: Int
        var hidesTheRest: Bool { count > SecretRedactor.longest - 4 }
    }

    private let returned = Mutex<[Returned]>([])

    package init() {}

    /// Makes one that knows what a plugin is given as keys.
    package init(_ launch: PluginLaunch) {
        remember(environment: launch.environment)
        remember(configuration: launch.configuration)
    }

    /// How much of a text is hidden besides the values that were returned.
    package enum Care: Sendable {
        /// Nothing.
        case returned
        /// What looks like a key.
        case keyLike
        /// All that is not plainly a word, since it is not known what the plugin had in its hands.
        case doubtful
    }

    /// Whether a result has a key that can be remembered.
    package static func hasKey(_ result: JSONNode) -> Bool {
        result["key"]?.string.map { $0.trimmedOfBlanks.utf8.count >= shortest } ?? false
    }

    /// Remembers every string in what a plugin returned.
    package func remember(_ node: JSONNode) {
        let found = Self.values(of: node)
            .map { value in
                let text = String(decoding: value, as: UTF8.self)
                return Returned(key: APIKey(verbatim: text), count: value.count, hash: value.hashValue)
            }
        guard !found.isEmpty else { return }
        returned.withLock { returned in
            for value in found where !returned.contains(where: { $0.hash == value.hash && $0.key == value.key }) {
                returned.append(value)
            }
            if returned.count > Self.capacity { returned.removeFirst(returned.count - Self.capacity) }
        }
    }

    /// Remembers what a plugin's section of the configuration names as secrets.
    package func remember(configuration node: JSONNode) {
        for element in node.elements ?? [] { remember(configuration: element) }
        for member in node.members ?? [] {
            if !PastedKey.isLabel(member.name) {
                remember(configuration: member.value)
            } else if let text = member.value.string, text.utf8.count >= 8 {
                remember(member.value)
            }
        }
    }

    /// Remembers what the process is given as keys by the variables that its manifest asks for.
    package func remember(environment: [String: String]) {
        for (name, value) in environment where PastedKey.isLabel(name) && value.utf8.count >= 8 {
            remember(.string(value))
        }
    }

    /// The text without the values that were returned and all that looks like a key.
    func mask(_ text: String) -> String { KeyLikeText.masked(withoutReturned(text)) }

    /// The text as ``mask(_:)`` has it, for when it is not known what the plugin was about to return: of every word
    /// that is not plainly one the length is left.
    package func maskCarefully(_ text: String) -> String { DoubtfulText.masked(mask(text)) }

    /// A text of a plugin fit to be shown: masked before it is cut, since half a key is nothing that would be
    /// recognised.
    ///
    /// Of a long text no more is searched than can be shown.
    package func shown(_ text: String, limit: Int, _ care: Care = .keyLike) -> String {
        let longest = returned.withLock { $0.map(\.count).max() ?? 0 }
        let window = limit + longest
        let clean = TerminalText.clean(text, limit: window)
        let isCut = clean.unicodeScalars.count > window
        if care == .doubtful {
            // Of half a word it cannot be said what the whole is.
            let whole = isCut ? clean[..<(clean.lastIndex(of: " ") ?? clean.startIndex)] + " …" : clean[...]
            return TerminalText.clean(maskCarefully(String(whole)), limit: limit)
        }
        var shown = care == .keyLike ? mask(clean) : withoutReturned(clean)
        if isCut {
            // The last of it may be the beginning of a key, and what was hidden before it has brought it nearer.
            shown = String(shown.unicodeScalars.dropLast(longest + 1)) + "…"
        }
        return TerminalText.clean(shown, limit: limit)
    }

    /// A plugin's words while nobody knows what is in them; nil if there are none.
    func doubtful(_ text: String?) -> String? {
        text.map { shown($0, limit: 300, .doubtful) }.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The text without the values that were returned.
    func withoutReturned(_ text: String) -> String {
        var bytes = Array(text.utf8)
        // Longest first, since one key may begin like another.
        for value in returned.withLock(\.self).sorted(by: { $0.count > $1.count }) where value.count <= bytes.count {
            let starts = ByteSearch(Array(value.key.value.utf8)).starts(in: bytes)
            guard let first = starts.first else { continue }
            if value.hidesTheRest {
                bytes = Array(bytes[..<first]) + Self.hidden.utf8
                continue
            }
            var (rest, position): ([UInt8], Int) = ([], 0)
            for start in starts {
                rest += bytes[position..<start] + Self.hidden.utf8
                position = start + value.count
            }
            bytes = rest + Array(bytes[position...])
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// What is remembered of an answer: its strings, and their lines, since a log shows a value of many lines line by
    /// line.
    private static func values(of node: JSONNode) -> [[UInt8]] {
        // As bytes: of two texts that Swift takes for equal a log may show either.
        var (wholes, lines): (Set<[UInt8]>, Set<[UInt8]>) = ([], [])
        for text in node.strings {
            // As a key is given out, which is in all that it was written as.
            let bytes = Array(text.trimmedOfBlanks.utf8)
            guard bytes.count >= shortest else { continue }
            wholes.insert(beginning(of: bytes[...]))
            guard bytes.contains(where: isLineEnd) else { continue }
            for line in bytes.split(whereSeparator: isLineEnd) where line.count >= shortest {
                lines.insert(beginning(of: line))
            }
        }
        var values = longest(of: wholes, valuesOfOneAnswer)
        values += longest(of: lines.subtracting(wholes), valuesOfOneAnswer - values.count)
        // What is masked was made fit for a terminal before, and so would be a key in it.
        let clean = values.map { Array(TerminalText.clean(String(decoding: $0, as: UTF8.self), limit: .max).utf8) }
        return values + Set(clean).subtracting(values).filter { $0.count >= shortest }
    }

    private static func isLineEnd(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") }

    /// As much of a value as is remembered, without half of a scalar at its end.
    private static func beginning(of value: ArraySlice<UInt8>) -> [UInt8] {
        guard value.count > longest else { return Array(value) }
        let end = value.startIndex + longest
        return Array(value[..<(value[...end].lastIndex { $0 & 0xC0 != 0x80 } ?? end)])
    }

    private static func longest(of values: Set<[UInt8]>, _ count: Int) -> [[UInt8]] {
        guard values.count > count else { return Array(values) }
        return Array(values.sorted { $0.count > $1.count }.prefix(max(count, 0)))
    }
}

extension JSONNode {
    /// All texts in a value.
    package var strings: [String] {
        switch kind {
        case .string(let text): [text]
        case .array(let elements): elements.flatMap(\.strings)
        case .object(let members): members.flatMap(\.value.strings)
        case .null, .bool, .number: []
        }
    }
}

extension SecretRedactor {
    /// Finds a text in another in time that grows with their lengths and no faster, after Knuth, Morris and Pratt: both
    /// are a stranger's, who might choose them so that a simpler search takes forever.
    ///
    /// UTF-8 is searched as bytes, which finds scalars: a mark that combines with the last letter makes another
    /// character of it and no other key.
    struct ByteSearch {
        private let sought: [UInt8]
        /// For each length of a match the length of the longest shorter one that its end also is.
        private var shorter: [Int]

        /// Prepares a search; `sought` holds at least one byte.
        init(_ sought: [UInt8]) {
            self.sought = sought
            shorter = [0, 0]
            var length = 0
            for byte in sought.dropFirst() {
                while length > 0, sought[length] != byte { length = shorter[length] }
                if sought[length] == byte { length += 1 }
                shorter.append(length)
            }
        }

        /// Where it begins, in order and without those that overlap an earlier one.
        func starts(in text: [UInt8]) -> [Int] {
            var starts: [Int] = []
            var length = 0
            for (index, byte) in text.enumerated() {
                while length > 0, sought[length] != byte { length = shorter[length] }
                if sought[length] == byte { length += 1 }
                guard length == sought.count else { continue }
                starts.append(index + 1 - length)
                length = 0
            }
            return starts
        }
    }
}
