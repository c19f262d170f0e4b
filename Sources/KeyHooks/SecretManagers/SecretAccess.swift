/// What may be done with the secrets of a manager.
public struct SecretAccess: Hashable, Sendable, CustomStringConvertible {
    /// As `keyhooks.json` writes it.
    public let description: String

    /// Whether secrets may be read, listed and given as keys.
    public let isReadable: Bool

    /// Whether secrets may be written, deleted and, where they may be read as well, rotated.
    public let isWritable: Bool

    /// Secrets may be read.
    public static var readOnly: Self { Self(description: "read-only", isReadable: true, isWritable: false) }

    /// Secrets may be written; none is ever read, and the manager is never asked for a key.
    public static var writeOnly: Self { Self(description: "write-only", isReadable: false, isWritable: true) }

    /// Secrets may be read and written.
    public static var readWrite: Self { Self(description: "read-write", isReadable: true, isWritable: true) }

    package static let all: [SecretAccess] = [.readOnly, .writeOnly, .readWrite]
}
