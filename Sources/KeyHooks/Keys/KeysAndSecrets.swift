import LightFoundation
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
    package var mark: Int { storage.bytes.mark }

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

/// The value of a named field, such as a region or a secret access key, with where it came from.
///
/// It is no ``APIKey``, so that a region is never sent in a key's place; it is guarded as one: it prints, reflects and
/// dumps as `SecretValue(redacted)`, is not `Codable`, and compares in constant time.
public struct SecretValue: Sendable, Equatable {
    /// The value as hooks answer it.
    let key: APIKey

    /// Makes a value.
    ///
    /// - Parameters:
    ///   - value: The secret. ASCII blanks and line ends around it are left out.
    ///   - provenance: Where it came from.
    public init(_ value: String, provenance: KeyProvenance? = nil) { self.init(APIKey(value, provenance: provenance)) }

    /// Takes what a hook or the environment answered.
    package init(_ key: APIKey) { self.key = key }

    /// The secret.
    ///
    /// Every read makes a copy that is not overwritten when it is released.
    public var value: String { key.value }

    /// Where the value came from; nil before a resolver returned it.
    public var provenance: KeyProvenance? { key.provenance }

    /// Gives the secret to a closure.
    ///
    /// - Parameter body: Uses the secret; do not let it escape without need.
    /// - Returns: What `body` returns.
    /// - Throws: What `body` throws.
    public func withValue<Result, Failure: Error>(
        _ body: (String) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try key.withValue(body)
    }
}

extension SecretValue: CustomStringConvertible {
    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public var description: String { "SecretValue(redacted)" }
}

extension SecretValue: CustomReflectable {
    /// Has no children, so that nothing that walks mirrors finds the value.
    public var customMirror: Mirror { Mirror(self, children: EmptyCollection<Mirror.Child>()) }
}

/// The bytes of a secret, overwritten before their memory is given back.
///
/// `@unchecked Sendable` is sound: the buffer is written in `init`, before anybody else can see the object, and in
/// `deinit`, when nobody else can any more; in between it is only read.
final class KeyBytes: @unchecked Sendable {
    private let buffer: UnsafeMutableRawBufferPointer

    /// Whether blanks or line ends around the secret were left out.
    let isTrimmed: Bool

    /// Whether somebody has looked whether the secret can be a key; see ``KeyTextWarning``.
    let isExamined = Atomic(false)

    init(_ value: String, isTrimmed: Bool = false) {
        self.isTrimmed = isTrimmed
        var value = value
        buffer = value.withUTF8 { utf8 in
            let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: utf8.count, alignment: 1)
            buffer.copyMemory(from: UnsafeRawBufferPointer(utf8))
            return buffer
        }
    }

    deinit {
        Self.overwrite(buffer)
        buffer.deallocate()
    }

    var string: String { String(decoding: buffer, as: UTF8.self) }

    var isBlank: Bool { buffer.allSatisfy { $0 == 0x20 || (0x09...0x0D).contains($0) } }

    /// Tells the secret from others within this process, for those who must not keep it.
    var mark: Int {
        var hasher = Hasher()
        hasher.combine(bytes: UnsafeRawBufferPointer(buffer))
        return hasher.finalize()
    }

    func isEqualInConstantTime(to other: KeyBytes) -> Bool {
        guard buffer.count == other.buffer.count else { return false }
        var difference: UInt8 = 0
        for index in buffer.indices { difference |= buffer[index] ^ other.buffer[index] }
        return difference == 0
    }

    /// Writes zeros in a way that the optimiser may not leave out although nobody reads them.
    private static func overwrite(_ buffer: UnsafeMutableRawBufferPointer) {
        guard let address = buffer.baseAddress, !buffer.isEmpty else { return }
        #if canImport(Darwin)
        _ = memset_s(address, buffer.count, 0, buffer.count)
        #else
        explicit_bzero(address, buffer.count)
        #endif
    }
}
