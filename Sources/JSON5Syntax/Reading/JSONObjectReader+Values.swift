// The everyday calls: each marks its key as known and returns nil when the key is absent or its value is wrong.

extension JSONObjectReader {
    /// The string under a key.
    package mutating func string(_ key: String) -> String? { read(key) { $0.string() } }

    /// The boolean under a key.
    package mutating func bool(_ key: String) -> Bool? { read(key) { $0.bool() } }

    /// The whole number under a key, within a range.
    package mutating func int(_ key: String, in range: ClosedRange<Int> = .min ... .max) -> Int? {
        read(key) { $0.int(in: range) }
    }

    /// The finite number under a key.
    package mutating func double(_ key: String) -> Double? { read(key) { $0.double() } }

    /// The duration under a key, such as `30s`.
    package mutating func duration(_ key: String) -> Duration? { read(key) { $0.duration() } }

    /// The array of strings under a key, optionally written as one string.
    package mutating func stringArray(_ key: String, orSingle: Bool = false) -> [String]? {
        read(key) { $0.stringArray(orSingle: orSingle) }
    }

    /// The word under a key, one of several.
    package mutating func oneOf(_ key: String, _ words: [String]) -> String? { read(key) { $0.oneOf(words) } }

    /// The word under a key as a case of an enumeration.
    package mutating func oneOf<Choice>(_ key: String, _ type: Choice.Type) -> Choice?
    where Choice: RawRepresentable<String> & CaseIterable {
        read(key) { $0.oneOf(type) }
    }

    /// The array under a key, each element decoded by a closure; nil when one of them is wrong.
    package mutating func array<Element>(
        _ key: String,
        orSingle: Bool = false,
        _ decode: (inout JSONValueReader) -> Element?
    ) -> [Element]? {
        read(key) { $0.array(orSingle: orSingle, decode) }
    }

    /// The object with known keys under a key, decoded by a closure.
    package mutating func object<Value>(
        _ key: String,
        _ decode: (inout JSONObjectReader) -> Value?
    ) -> Value? {
        read(key) { $0.object(decode) }
    }

    /// The object with free keys under a key, each member decoded by a closure, in the order they were written.
    package mutating func map<Value>(
        _ key: String,
        _ decode: (_ name: String, inout JSONValueReader) -> Value?
    ) -> [(name: String, value: Value)]? {
        read(key) { $0.map(decode) }
    }
}
