/// The name of a plugin, which the ids of its hooks begin with.
///
/// Where hooks are named, as in `before:` and `after:`, a plugin's id stands for all of its hooks: see
/// ``HookID/init(_:)-(PluginID)``.
public struct PluginID: RawRepresentable, Hashable, Sendable, Codable {
    /// The name.
    public let rawValue: String

    /// Makes an id; its form is checked at registration.
    ///
    /// - Parameter rawValue: ASCII letters, digits, `.`, `_` and `-`.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// Makes an id; its form is checked at registration.
    ///
    /// - Parameter rawValue: ASCII letters, digits, `.`, `_` and `-`.
    public init(_ rawValue: String) {
        self.rawValue = rawValue
    }

    /// Whether the id has the form that registration demands.
    public var isWellFormed: Bool { !rawValue.contains("/") && HookID(rawValue).isWellFormed }
}

extension PluginID: ExpressibleByStringInterpolation {
    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public init(stringLiteral value: String) {
        self.init(value)
    }
}

extension PluginID: Comparable {
    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public static func < (left: PluginID, right: PluginID) -> Bool {
        // Unicode-scalar order, so that the result does not depend on a locale or on normalisation.
        left.rawValue.utf8.lexicographicallyPrecedes(right.rawValue.utf8)
    }
}

extension PluginID: CustomStringConvertible {
    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public var description: String { rawValue }
}
