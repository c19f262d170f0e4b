import Synchronization

/// The reading that a key was picked from, so that whoever finds the key to be bad can have it read again, once.
///
/// All copies of a key have the same one, and so have all keys from one reading of one source.
package final class KeyOrigin: Sendable {
    private let isRejected = Atomic(false)
    private let drop: @Sendable (KeyOrigin) -> Void

    init(drop: @escaping @Sendable (KeyOrigin) -> Void) {
        self.drop = drop
    }

    /// Has the source forget this reading, unless it has a newer one or was told before.
    ///
    /// - Returns: Whether this was the first to say so.
    @discardableResult
    package func reject() -> Bool {
        guard !isRejected.exchange(true, ordering: .relaxed) else { return false }
        drop(self)
        return true
    }
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
