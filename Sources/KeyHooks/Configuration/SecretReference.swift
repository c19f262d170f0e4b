package import JSON5Syntax

/// Where a plugin's own credential is, since a configuration names secrets and never holds them.
///
/// In `keyhooks.json` it is written as `env:NAME` or `file:PATH`, or as LiteLLM writes it: `os.environ/NAME` and
/// `oidc/file//PATH`. A `Decodable` configuration may have it as a member,
/// and ``PluginContext/secret(at:)`` reads it:
///
/// ```swift
/// struct Configuration: Decodable { var url: URL; var token: SecretReference }
///
/// init(_ configuration: Configuration, in context: PluginContext) throws {
///     token = try context.secret(at: configuration.token)
/// }
/// ```
public struct SecretReference: Hashable, Sendable {
    package enum Place: Hashable, Sendable {
        case environment(String), file(String), identityToken(String)
    }

    package let place: Place

    /// A variable of the process environment; dotenv files don't count.
    ///
    /// - Parameter name: The variable.
    /// - Returns: The reference.
    public static func environment(_ name: String) -> Self { Self(place: .environment(name)) }

    /// A file; white space at its end does not count.
    ///
    /// - Parameter path: The path; `~/` is the home folder, and a relative one counts from the folder of the
    ///   configuration file.
    /// - Returns: The reference.
    public static func file(_ path: String) -> Self { Self(place: .file(path)) }

    /// A file with an identity token that the platform puts there, such as a service account's.
    ///
    /// It is read only if it lies in `/run/secrets`, `/var/run/secrets`, or a folder that `KEYHOOKS_OIDC_FOLDERS` names
    /// (absolute paths with `:` between them), once all links are resolved.
    ///
    /// - Parameter path: The absolute path.
    /// - Returns: The reference.
    public static func identityToken(_ path: String) -> Self { Self(place: .identityToken(path)) }

    private init(place: Place) {
        self.place = place
    }

    /// Reads `env:NAME`, `os.environ/NAME`, `file:PATH` or `oidc/file//PATH`; nil for anything else, such as the secret itself.
    ///
    /// - Parameter text: The text.
    public init?(_ text: String) {
        if let prefix = ["env:", "os.environ/"].first(where: text.hasPrefix) {
            let name = String(text.dropFirst(prefix.count))
            // Stricter than the system, so that a token pasted in place of a name is refused, and not repeated as one.
            let isName = name.utf8.allSatisfy { $0.isWordByte || $0 == UInt8(ascii: "_") }
            guard !name.isEmpty, name.utf8.count <= 128, isName else { return nil }
            self = .environment(name)
        } else if text.hasPrefix("file:"), text.utf8.count > 5 {
            self = .file(String(text.dropFirst(5)))
        } else if text.hasPrefix("oidc/file//"), text.utf8.count > 11 {
            self = .identityToken(String(text.dropFirst(10)))
        } else {
            return nil
        }
    }
}

extension SecretReference: Decodable {
    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let reference = SecretReference(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(
                in: container,
                debugDescription: #"expected "env:NAME" or "file:PATH""#
            )
        }
        self = reference
    }
}

extension SecretReference: WrittenOtherwise {
    /// Reads a reference out of a section; the secret itself in its place is refused, and not repeated.
    package static func read(_ reader: inout JSONValueReader) -> SecretReference? {
        guard let text = reader.string() else { return nil }
        let reference = SecretReference(text)
        if reference == nil {
            let isToken = text.hasPrefix("oidc/")
            let variable = VariableName.inReference(text).map { "\"env:\($0)\"" } ?? #""env:NAME" or "file:PATH""#
            reader.reject(
                isToken
                    ? "of 'oidc/' only files are read, by their absolute paths: write \"oidc/file//PATH\""
                    : "names where the secret is, and never holds it: write \(variable)"
            )
        }
        return reference
    }

    package static var sample: SecretReference { .environment("NAME") }
}

extension SecretReference: CustomStringConvertible {
    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public var description: String {
        switch place {
        case .environment(let name): "env:\(name)"
        case .file(let path): "file:\(path)"
        case .identityToken(let path): "oidc/file/\(path)"
        }
    }
}
