import KeyHooks

/// Where a credential is, since a configuration names secrets and never holds them.
public enum SecretReference: Hashable, Sendable {
    /// A variable of the process environment.
    case environment(String)

    /// A file; white space at its end does not count.
    case file(String)

    /// Reads `env:NAME` or `file:PATH`; nil for anything else, such as the secret itself.
    ///
    /// - Parameter text: The text.
    public init?(_ text: String) {
        if text.hasPrefix("env:") {
            let name = String(text.dropFirst(4))
            // Stricter than the system, so that a token pasted in place of a name is refused, and not repeated as one.
            let isName = name.utf8.allSatisfy { $0 == UInt8(ascii: "_") || Self.isAlphanumeric($0) }
            guard !name.isEmpty, name.utf8.count <= 128, isName else { return nil }
            self = .environment(name)
        } else if text.hasPrefix("file:") {
            let path = String(text.dropFirst(5))
            guard !path.isEmpty else { return nil }
            self = .file(path)
        } else {
            return nil
        }
    }
}

extension SecretReference {
    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: false
        }
    }
}

extension SecretReference: CustomStringConvertible {
    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public var description: String {
        switch self {
        case .environment(let name): "env:\(name)"
        case .file(let path): "file:\(path)"
        }
    }
}

/// The folder of a configuration file, which relative paths in it count from.
struct ConfigurationFolder: Sendable {
    private let folder: String?

    init(of configuration: KeyConfiguration) {
        folder = configuration.path.map { WrittenPath.folder(ofFile: $0) }
    }

    /// The path as the process finds it; `~/` stays as it is.
    func path(_ path: String) -> String { folder.map { WrittenPath.counted(path, from: $0) } ?? path }

    func reference(_ reference: SecretReference) -> SecretReference {
        if case .file(let path) = reference { .file(self.path(path)) } else { reference }
    }
}
