public import ExtensionHooks
import JSON5Syntax
public import LightFoundation

/// Where a key came from; never a value.
public struct KeyProvenance: Hashable, Sendable {
    /// The kind of place a key came from; more may come.
    public struct Source: Hashable, Sendable {
        package enum Kind: Hashable, Sendable {
            case environment(name: String)
            case file(path: String, line: Int, name: String)
            case constant
            case hook(HookID, detail: String?)
            case unknown
        }

        package let kind: Kind

        /// A variable of the process environment.
        public static func environment(name: String) -> Self { Self(kind: .environment(name: name)) }

        /// A line of a dotenv file.
        public static func file(path: String, line: Int, name: String) -> Self {
            Self(kind: .file(path: path, line: line, name: name))
        }

        /// The configuration or the program says it once and for all: see ``ProviderSettings/constant``.
        public static var constant: Self { Self(kind: .constant) }

        /// A hook; `detail` says what the hook chose to say, such as the path of a secret.
        public static func hook(_ id: HookID, detail: String?) -> Self { Self(kind: .hook(id, detail: detail)) }

        /// Whoever made the key said nothing and no resolver asked for it.
        public static var unknown: Self { Self(kind: .unknown) }

        /// The hook that answered; nil if none did.
        public var hook: HookID? { if case .hook(let id, _) = kind { id } else { nil } }
    }

    /// Who answered.
    public var source: Source

    /// When the value was read from its source.
    public var resolvedAt: Date

    /// The version of the secret, in the source's own terms.
    public var version: String?

    /// When this version of the secret was made, if the source says so.
    public var createdAt: Date?

    /// What people wrote down about the secret in its source, such as its owner: OpenBao's `custom_metadata`.
    ///
    /// Names and texts are cut to 128 and 512 characters, and control characters are replaced.
    public var metadata: [String: String] = [:]

    /// When the value ceases to be valid, if the source says so.
    public var expiresAt: Date?

    /// Whether the source could not be asked and this is its last known value.
    public var isStale: Bool

    /// The lease of a key that was lent; nil for all others.
    public internal(set) var lease: Lease?

    /// The stronger sources that were asked, in order: those that had nothing, and those that failed and that the
    /// configuration allows to be skipped.
    public internal(set) var skippedSources: [SkippedSource] = []

    /// The reading it was picked from; nil for a key that no pipeline gave.
    package var origin: KeyOrigin?

    /// Describes where a key came from.
    ///
    /// - Parameters:
    ///   - source: Who answered.
    ///   - resolvedAt: When the value was read from its source.
    ///   - version: The version of the secret, in the source's own terms.
    ///   - expiresAt: When the value ceases to be valid.
    ///   - isStale: Whether the source could not be asked and this is its last known value.
    public init(
        source: Source,
        resolvedAt: Date = Date(),
        version: String? = nil,
        expiresAt: Date? = nil,
        isStale: Bool = false
    ) {
        self.source = source
        self.resolvedAt = resolvedAt
        self.version = version
        self.expiresAt = expiresAt
        self.isStale = isStale
    }
}

extension KeyProvenance.Source: CustomStringConvertible {
    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public var description: String {
        switch kind {
        case .environment(let name): "\(name) in the process environment"
        case .file(let path, let line, let name): displayLines("\(name) in \(path):\(line)")
        case .constant: "a constant"
        case .hook(let id, let detail): detail.map { displayLines("\(id.words) (\($0))") } ?? id.words
        case .unknown: "an unknown source"
        }
    }
}

extension KeyProvenance: CustomReflectable {
    /// What it says publicly; the reading that a key was picked from is the resolver's own business.
    public var customMirror: Mirror {
        Mirror(
            self,
            children: [
                "source": source, "resolvedAt": resolvedAt, "version": version as Any, "createdAt": createdAt as Any,
                "metadata": metadata, "expiresAt": expiresAt as Any, "isStale": isStale,
                "lease": lease as Any, "skippedSources": skippedSources,
            ]
        )
    }
}
