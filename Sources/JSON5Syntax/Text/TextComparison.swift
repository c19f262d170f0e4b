extension UInt8 {
    static let lineFeed = UInt8(ascii: "\n")
    static let carriageReturn = UInt8(ascii: "\r")
    static let backslash = UInt8(ascii: "\\")

    var isASCIIDigit: Bool { self >= UInt8(ascii: "0") && self <= UInt8(ascii: "9") }

    /// Whether the byte is an ASCII letter or digit.
    @inlinable
    package var isWordByte: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"): true
        default: false
        }
    }

    /// The value of a hexadecimal digit, or nil for any other byte.
    var hexDigitValue: UInt32? { Character(Unicode.Scalar(self)).hexDigitValue.map(UInt32.init) }
}

/// A text that is compared byte by byte, for sets and dictionaries of names.
///
/// Strings in Swift are the same if they are canonically equivalent, as `K` and the Kelvin sign are. Names of fields,
/// settings and the like are not: one would answer for the other.
package struct ExactText: Hashable, Sendable {
    package let text: String

    package init(_ text: String) { self.text = text }

    package static func == (left: Self, right: Self) -> Bool { left.text.hasSameBytes(as: right.text) }

    package func hash(into hasher: inout Hasher) {
        var text = text
        text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    }
}

extension String {
    /// Whether two texts are the same byte by byte.
    package func hasSameBytes(as other: String) -> Bool {
        // Texts of the same bytes are equal strings, and those are distinguished fast.
        utf8.count == other.utf8.count && self == other && utf8.elementsEqual(other.utf8)
    }
}

/// The candidate a misspelt word was most likely meant to be, or nil when none is close.
///
/// A candidate is close when at most one edit is needed for every three characters, and never more than three; upper
/// and lower case count as the same at first. Among equally close ones the same case wins, then alphabetical order,
/// so the answer does not depend on the order of the candidates. Words of more than 64 characters match nothing.
///
/// - Parameters:
///   - word: The word as written.
///   - candidates: The words it may have been meant to be.
/// - Returns: The closest candidate.
package func closestMatch(to word: String, among candidates: some Sequence<String>) -> String? {
    guard let exact = scalars(of: word), let folded = scalars(of: word.lowercased()) else { return nil }

    var best: Match?
    for candidate in candidates {
        guard let cased = scalars(of: candidate), let lowercased = scalars(of: candidate.lowercased()) else { continue }
        let allowed = min(max(folded.count, lowercased.count) / 3, 3)
        guard abs(folded.count - lowercased.count) <= allowed else { continue }
        let distance = editDistance(folded, lowercased)
        guard distance <= allowed else { continue }
        let match = Match(word: candidate, distance: distance, caseDistance: editDistance(exact, cased))
        if best.map({ match.isBetter(than: $0) }) ?? true { best = match }
    }
    return best?.word
}

/// The longest word that is compared: the cost grows with the square of the length.
private let longestWord = 64

/// The scalars of a word, or nil when there are none or too many.
private func scalars(of word: String) -> [Unicode.Scalar]? {
    // A scalar has at most four bytes, so an overlong word is turned down before it is walked.
    guard word.utf8.count <= 4 * longestWord else { return nil }
    let scalars = Array(word.unicodeScalars)
    return scalars.isEmpty || scalars.count > longestWord ? nil : scalars
}

private struct Match {
    let word: String
    let distance: Int
    let caseDistance: Int

    func isBetter(than other: Match) -> Bool {
        (distance, caseDistance, word) < (other.distance, other.caseDistance, other.word)
    }
}

/// The number of insertions, deletions, replacements and swaps of neighbours that turn one sequence into the other.
///
/// This is the restricted Damerau-Levenshtein distance (optimal string alignment): nothing is edited twice, which is
/// how people mistype, and three rows are all it needs.
func editDistance<Element: Equatable>(_ left: [Element], _ right: [Element]) -> Int {
    var beforePrevious: [Int] = []
    var previous = Array(0...right.count)
    for row in left.indices {
        var current = [row + 1]
        current.reserveCapacity(right.count + 1)
        for column in right.indices {
            let replaced = previous[column] + (left[row] == right[column] ? 0 : 1)
            var cost = min(replaced, previous[column + 1] + 1, current[column] + 1)
            if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
                cost = min(cost, beforePrevious[column - 1] + 1)
            }
            current.append(cost)
        }
        (beforePrevious, previous) = (previous, current)
    }
    return previous[right.count]
}
