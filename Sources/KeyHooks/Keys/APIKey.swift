import Synchronization

/// The secret value of a key, with where it came from.
///
/// A key shows its value only where you ask for it: through ``value`` and ``withValue(_:)``. It prints, interpolates,
/// reflects and dumps as `APIKey(redacted)`, is not `Codable`, and compares in constant time.
///
/// The bytes that a key holds are overwritten when the last copy of it is released. That is as far as Swift allows:
/// the string you take out, the process environment and what a file system or a network library buffered are copies of
/// their own and are not overwritten.
public struct APIKey: Sendable {
    /// One word wide, since a key is copied more often than it is looked at.
    private let storage: Storage

    private final class Storage: Sendable {
        let bytes: KeyBytes
        let provenance: KeyProvenance?

        /// Kept beside, since to compare the whole with nil copies it.
        let hasProvenance: Bool

        init(_ bytes: KeyBytes, _ provenance: KeyProvenance?) {
            self.bytes = bytes
            self.provenance = provenance
            hasProvenance = provenance != nil
        }
    }

    /// Makes a key.
    ///
    /// - Parameters:
    ///   - value: The secret. ASCII blanks and line ends around it are left out: no header field carries them.
    ///   - provenance: Where it came from. Without it the resolver notes the hook that answered with the key.
    public init(_ value: String, provenance: KeyProvenance? = nil) {
        let trimmed = value.trimmedOfBlanks
        let isTrimmed = trimmed.utf8.count != value.utf8.count
        storage = Storage(KeyBytes(isTrimmed ? String(trimmed) : value, isTrimmed: isTrimmed), provenance)
    }

    /// Keeps a text exactly as it is, for what is compared with other texts and isn't a key.
    package init(verbatim text: String) { storage = Storage(KeyBytes(text), nil) }

    private init(_ bytes: KeyBytes, _ provenance: KeyProvenance) { storage = Storage(bytes, provenance) }

    /// The secret.
    ///
    /// Every read makes a copy that is not overwritten when it is released.
    public var value: String { storage.bytes.string }

    /// Where the key came from; nil before a resolver returned it.
    public var provenance: KeyProvenance? { storage.provenance }

    /// Whether there is nothing but ASCII white space in it.
    var isBlank: Bool { storage.bytes.isBlank }

    /// Tells it from other keys within this process, for those who must not keep it.
    var mark: Int { storage.bytes.mark }

    var hasProvenance: Bool { storage.hasProvenance }

    /// Whether nobody has looked yet whether it can be a key.
    var isUnexamined: Bool { !storage.bytes.isExamined.load(ordering: .relaxed) }

    /// Notes that somebody did; false if somebody else had before.
    func markExamined() -> Bool { !storage.bytes.isExamined.exchange(true, ordering: .relaxed) }

    /// What is odd about it as a key.
    func warnings(as use: KeyUse) -> [KeyTextWarning] {
        (storage.bytes.isTrimmed ? [.surroundingBlanks] : [])
            + KeyTextWarning.all(in: storage.bytes.string, as: use).filter { !use.isField || $0.concernsFields }
    }

    /// Gives the secret to a closure.
    ///
    /// - Parameter body: Uses the secret; do not let it escape without need.
    /// - Returns: What `body` returns.
    /// - Throws: What `body` throws.
    public func withValue<Result, Failure: Error>(
        _ body: (String) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try body(storage.bytes.string)
    }

    /// The same key as another object, for threads that are not to share a reference count.
    package var unshared: APIKey { storage.provenance.map(with) ?? self }

    /// The same secret with another origin.
    func with(_ provenance: KeyProvenance) -> APIKey { APIKey(storage.bytes, provenance) }
}

extension APIKey: Equatable {
    /// Compares two secrets in a time that depends on their lengths only; where they came from plays no part.
    public static func == (left: APIKey, right: APIKey) -> Bool {
        left.storage.bytes.isEqualInConstantTime(to: right.storage.bytes)
    }
}

extension APIKey: CustomStringConvertible {
    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public var description: String { "APIKey(redacted)" }
}

extension APIKey: CustomReflectable {
    /// Has no children, so that neither `dump` nor anything else that walks mirrors finds the value.
    public var customMirror: Mirror { Mirror(self, children: EmptyCollection<Mirror.Child>()) }
}
