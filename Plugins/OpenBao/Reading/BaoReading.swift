import JSON5Syntax
import LightFoundation
import KeyHooks
import LightFoundation

/// What one read of a KV v2 path brought.
enum BaoReading: Sendable {
    case secret(BaoSecret)
    case absent(BaoAbsence)
}

/// The data of one version of a secret.
struct BaoSecret: Sendable {
    /// An object; it prints no value.
    let fields: JSONNode
    let version: String?
    let endsAt: Date?
    /// How new it is; nil if the server does not say.
    var rank: CacheRank?
    /// The newer one that was seen before and that this one stands against, since several servers agree on it.
    var replaced: CacheRank?
}

/// Why there is no data, told apart by what the server said.
enum BaoAbsence: Hashable, Sendable {
    case missing
    case deleted(version: Int?)
    case destroyed(version: Int?)

    /// The version that is gone.
    var version: Int? {
        switch self {
        case .missing: nil
        case .deleted(let version), .destroyed(let version): version
        }
    }

    /// In words; of a path that seems to begin with the mount, how to write it.
    func description(of address: SecretAddress) -> String {
        switch self {
        case .missing: "there is no such secret" + (address.misplacement.map { "; \($0.reason)" } ?? "")
        case .deleted(let version): "\(Self.words(version)) is deleted; 'bao kv undelete' brings it back"
        case .destroyed(let version): "\(Self.words(version)) is destroyed"
        }
    }

    private static func words(_ version: Int?) -> String { version.map { "version \($0)" } ?? "the version" }
}

extension BaoSecret: CustomReflectable {
    /// Leaves the data out.
    var customMirror: Mirror { Mirror(self, children: ["version": version ?? ""]) }
}

/// Where a secret is read: all that tells two of them apart.
///
/// Compared byte by byte, as the server does. Swift's strings are equal if they are canonically equivalent, as `K` and
/// the Kelvin sign are, and one tenant would get the other's key from the cache.
struct SecretAddress: Sendable {
    let namespace: String?
    let mount: [String]
    let path: [String]
    let version: Int?

    /// How long what is read is believed, for a service with a TTL of its own; it then has an entry of its own too.
    var timeToLive: Duration?

    /// All names, each ended by a byte that UTF-8 does not have.
    private let bytes: [UInt8]

    init(namespace: String?, mount: [String], path: [String], version: Int?, timeToLive: Duration? = nil) {
        self.namespace = namespace
        self.mount = mount
        self.path = path
        self.version = version
        self.timeToLive = timeToLive
        var bytes: [UInt8] = []
        for name in [namespace ?? ""] + mount + [""] + path {
            bytes += name.utf8
            bytes.append(0xFF)
        }
        self.bytes = bytes
    }

    /// As people write it, for explanations and errors.
    var place: String { words(version: version.map { " version \($0)" } ?? "") }

    /// The same without the version.
    var secretPlace: String { words(version: "") }

    private func words(version: String) -> String {
        (mount + path).joined(separator: "/") + version + (namespace.map { " in namespace \($0)" } ?? "")
    }

    typealias Misplacement = (reason: String, remedy: String)

    /// What is probably wrong with a path or a mount where there is no secret: it repeats what the plugin adds.
    var misplacement: Misplacement? {
        for repeated in [mount + ["data"], mount, mount.last.map { [$0, "data"] } ?? [], mount.suffix(1), ["data"]]
        where !repeated.isEmpty && path.starts(with: repeated) && path.count > repeated.count {
            return (
                "'path' is below the mount, without '\(repeated.joined(separator: "/"))/'",
                "take '\(repeated.joined(separator: "/"))/' off the beginning of 'path'"
            )
        }
        guard mount.count > 1, mount.last == "data" else { return nil }
        return ("'mount' is without '/data'", "take '/data' off the end of 'mount'")
    }

    var urlPath: String {
        let segments = ["v1"] + mount.map(percentEncoded) + ["data"] + path.map(percentEncoded)
        return "/" + segments.joined(separator: "/") + (version.map { "?version=\($0)" } ?? "")
    }
}

extension SecretAddress: Hashable {
    static func == (left: SecretAddress, right: SecretAddress) -> Bool {
        left.version == right.version && left.timeToLive == right.timeToLive && left.bytes == right.bytes
    }

    func hash(into hasher: inout Hasher) {
        bytes.withUnsafeBytes { hasher.combine(bytes: $0) }
        hasher.combine(version)
        hasher.combine(timeToLive)
    }
}
