import Foundation

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
        if sought.contains(where: text.holds) { throw Broken("\(place) shows a key", text) }
    }
}

extension String {
    /// Whether the other, which is not empty, is in it, byte for byte; fast, since it is asked of much text.
    package func holds(_ other: String) -> Bool {
        var (text, sought) = (self, other)
        return text.withUTF8 { text in
            sought.withUTF8 { sought in
                guard let begin = text.baseAddress, let wanted = sought.baseAddress else { return false }
                var offset = 0
                while offset + sought.count <= text.count {
                    let room = text.count - sought.count + 1 - offset
                    guard let hit = memchr(begin + offset, Int32(sought[0]), room) else { return false }
                    if memcmp(hit, wanted, sought.count) == 0 { return true }
                    offset = UnsafeRawPointer(hit) - UnsafeRawPointer(begin) + 1
                }
                return false
            }
        }
    }
}
