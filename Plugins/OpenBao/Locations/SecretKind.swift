/// What the server does for a read: it hands a secret out that is there, or makes one for the reader and lends it.
enum SecretKind: String, Hashable, Sendable, CaseIterable {
    /// A secret of a KV engine, which is read.
    case kv

    /// Credentials of a role, which any engine makes at `<mount>/creds/<role>`.
    case creds

    /// A shared account of a set, which is checked out of `<mount>/library/<set>` and in again.
    case library

    /// A token of the server's own, which is made for a role of `auth/token`.
    case tokenRole

    var isLent: Bool { self != .kv }

    /// The member of the section that names the secret, the role or the set.
    var setting: String { self == .kv ? "path" : rawValue }

    /// The part of the path between the mount and the name.
    var part: String {
        switch self {
        case .kv: "data"
        case .creds, .library: rawValue
        case .tokenRole: "create"
        }
    }

    /// Where the engine is that there is one of; nil for those that are where they were mounted.
    var fixedMount: [String]? { self == .tokenRole ? ["auth", "token"] : nil }

    /// The fields that are tried where neither the service's variables nor the names that all secrets have are there.
    var fields: [String] {
        switch self {
        case .kv: []
        case .creds: ["token", "secret_key", "password"]
        case .library: ["password"]
        case .tokenRole: ["token"]
        }
    }
}
