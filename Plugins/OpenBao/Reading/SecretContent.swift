import JSON5Syntax

/// What is at a KV v2 path.
enum SecretContent: Sendable {
    /// The fields of one version, an object; it prints no value.
    case fields(JSONNode)
    case absent(AbsenceReason)
}

extension SecretContent: CustomReflectable {
    /// Leaves the fields out.
    var customMirror: Mirror { Mirror(self, children: EmptyCollection<Mirror.Child>()) }
}

/// Why there is no data, told apart by what the server said.
enum AbsenceReason: Hashable, Sendable {
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
