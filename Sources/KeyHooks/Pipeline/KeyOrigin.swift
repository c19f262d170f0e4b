/// The reading that a key was picked from, so that whoever finds the key to be bad can have it read again, once.
///
/// All copies of a key have the same one, and so have all keys from one reading of one source.
package final class KeyOrigin: Sendable {
    /// Which of the readings of its pipeline it is, in the order in which they were begun.
    let number: UInt64
    private let drop: @Sendable (APIKey, UInt64) -> Bool

    init(_ number: UInt64, drop: @escaping @Sendable (APIKey, UInt64) -> Bool) {
        self.number = number
        self.drop = drop
    }

    /// Has the source forget this reading, unless it has a newer one, or read the same key again a moment ago.
    ///
    /// - Parameter key: A key from this reading that was found to be bad.
    /// - Returns: Whether it was forgotten by this.
    @discardableResult
    package func reject(_ key: APIKey) -> Bool { drop(key, number) }
}

/// Where a key is from makes no difference to what its provenance says.
extension KeyOrigin: Hashable {
    package static func == (left: KeyOrigin, right: KeyOrigin) -> Bool { true }

    package func hash(into hasher: inout Hasher) {}
}

extension KeyOrigin: CustomReflectable {
    /// Shows nothing of the source.
    package var customMirror: Mirror { Mirror(self, children: EmptyCollection<Mirror.Child>()) }
}
