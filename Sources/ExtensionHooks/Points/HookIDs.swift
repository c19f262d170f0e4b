/// The name of a hook: `plugin`, or `plugin/hook` for a plugin with several hooks.
///
/// Ids are unique per point and registry. `before:`, `after:` and `disabling:` take the whole id, or only the plugin's
/// part of it to mean all of that plugin's hooks.
public struct HookID: Hashable, Sendable {
    /// The whole id.
    public let rawValue: String

    /// Makes an id; its form is checked at registration.
    ///
    /// - Parameter rawValue: ASCII letters, digits, `.`, `_` and `-`, with at most one `/` between plugin and hook.
    public init(_ rawValue: String) {
        self.rawValue = rawValue
    }

    /// Makes the id of a plugin's only hook; in constraints it means all of the plugin's hooks.
    ///
    /// - Parameter plugin: The plugin.
    public init(_ plugin: PluginID) {
        rawValue = plugin.rawValue
    }

    /// The plugin: what stands before the slash, or the whole id.
    public var plugin: PluginID {
        PluginID(rawValue.firstIndex(of: "/").map { String(rawValue[..<$0]) } ?? rawValue)
    }

    /// Means every hook, in `disabling:` and in constraints.
    ///
    /// No hook can have this id.
    public static var all: HookID { HookID("*") }

    /// Whether the id has the form that registration demands.
    public var isWellFormed: Bool {
        let parts = rawValue.split(separator: "/", omittingEmptySubsequences: false)
        let isWellFormed = parts.allSatisfy { part in
            !part.isEmpty && part.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) || "._-".contains($0) }
        }
        return isWellFormed && parts.count <= 2
    }

    /// Whether `self`, used in a constraint, means `other`.
    package func matches(_ other: HookID) -> Bool {
        self == other || self == .all || (!rawValue.contains("/") && rawValue == other.plugin.rawValue)
    }
}

extension HookID: ExpressibleByStringInterpolation {
    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public init(stringLiteral value: String) {
        self.init(value)
    }
}

extension HookID: Comparable {
    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public static func < (left: HookID, right: HookID) -> Bool {
        // Unicode-scalar order, so that the result does not depend on a locale or on normalisation.
        left.rawValue.utf8.lexicographicallyPrecedes(right.rawValue.utf8)
    }
}

extension HookID: CustomStringConvertible {
    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public var description: String { rawValue }
}

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
