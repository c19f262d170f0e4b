import JSON5Syntax
import KeyHooks
import ServerSettings

/// Where a secret is read: all that tells two of them apart.
///
/// Compared byte by byte, as the server does. Swift's strings are equal if they are canonically equivalent, as `K` and
/// the Kelvin sign are, and one tenant would get the other's key from the cache.
struct SecretAddress: Sendable {
    let kind: SecretKind
    let namespace: String?
    let mount: [String]
    let path: [String]
    let version: Int?

    /// All names, each ended by a byte that UTF-8 does not have.
    private let bytes: [UInt8]

    init(
        _ kind: SecretKind = .kv,
        namespace: String?,
        mount: [String],
        path: [String],
        version: Int? = nil
    ) {
        self.kind = kind
        self.namespace = namespace
        self.mount = mount
        self.path = path
        self.version = version
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
        (mount + (kind.isLent ? [kind.part] : []) + path).joined(separator: "/")
            + version + (namespace.map { " in namespace \($0)" } ?? "")
    }

    typealias Misplacement = (reason: String, remedy: String)

    /// What is probably wrong with a path or a mount where there is no secret: it repeats what the plugin adds.
    var misplacement: Misplacement? {
        guard !kind.isLent else { return nil }
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
        let segments = ["v1"] + mount.map(percentEncoded) + [kind.part] + path.map(percentEncoded)
        return "/" + segments.joined(separator: "/") + (version.map { "?version=\($0)" } ?? "")
    }
}

extension SecretAddress: Hashable {
    static func == (left: SecretAddress, right: SecretAddress) -> Bool {
        left.version == right.version && left.kind == right.kind && left.bytes == right.bytes
    }

    func hash(into hasher: inout Hasher) {
        bytes.withUnsafeBytes { hasher.combine(bytes: $0) }
        hasher.combine(version)
        hasher.combine(kind)
    }
}

extension PathTemplate {
    /// A template in a setting of the plugin's.
    init(_ text: String, setting: String) throws(KeyResolutionError) {
        try self.init(text, setting: setting, of: "OpenBao")
    }
}
