/// Values that stand where keys would, to see whether they turn up where no key may.
package enum Canary {
    /// Of different looks: of a provider, of a cloud, made of words, made by a person, of letters outside of ASCII.
    ///
    /// Each has a character that no name of a variable, service or plugin can have, so that a text that repeats a name
    /// does not hold one.
    package static let values = [
        "sk-canary/0a1b2c3d4e5f6A7B8C9D", "wJalrXUtnCANARY/K7MDENG/bPxRfi", "correct+horse+canary", "Tr0ub4dor&canary",
        "schlüssel+kanarie",
    ]

    /// Throws if a text has one of them.
    ///
    /// - Parameters:
    ///   - text: What somebody gets to see.
    ///   - place: Where it is shown, in a few words.
    ///   - sought: The values, all of them unless some may be there.
    /// - Throws: A ``Broken`` that names the place.
    package static func check(_ text: String, in place: String, sought: [String] = values) throws(Broken) {
        for value in sought where text.holds(value) {
            throw Broken("\(place) shows a key", text)
        }
    }
}

extension String {
    /// Whether the other is in it, byte for byte.
    package func holds(_ other: String) -> Bool {
        let (text, sought) = (Array(utf8), Array(other.utf8))
        guard let first = sought.first, text.count >= sought.count else { return false }
        for start in 0...(text.count - sought.count) where text[start] == first {
            if text[start..<(start + sought.count)].elementsEqual(sought) { return true }
        }
        return false
    }
}
