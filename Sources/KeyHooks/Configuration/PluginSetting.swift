package import JSON5Syntax

/// One value of a plugin's settings, as code writes it.
public struct PluginSetting: Hashable, Sendable {
    package let node: JSONNode

    package init(_ node: JSONNode) { self.node = node }
}

extension PluginSetting: ExpressibleByStringLiteral {
    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public init(stringLiteral value: String) { self.init(.string(value)) }

    /// A text.
    ///
    /// - Parameter text: The text; never a key.
    public init(_ text: String) { self.init(.string(text)) }
}

extension PluginSetting: ExpressibleByIntegerLiteral {
    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public init(integerLiteral value: Int) { self.init(.integer(value)) }

    /// A whole number.
    ///
    /// - Parameter number: The number.
    public init(_ number: Int) { self.init(.integer(number)) }
}

extension PluginSetting: ExpressibleByBooleanLiteral {
    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public init(booleanLiteral value: Bool) { self.init(.bool(value)) }
}

extension PluginSetting: ExpressibleByArrayLiteral {
    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public init(arrayLiteral elements: PluginSetting...) { self.init(.array(elements.map(\.node))) }
}

extension PluginSetting: ExpressibleByFloatLiteral {
    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public init(floatLiteral value: Double) { self.init(.double(value)) }

    /// A number.
    ///
    /// - Parameter number: The number.
    public init(_ number: Double) { self.init(.double(number)) }
}

extension PluginSetting: ExpressibleByDictionaryLiteral {
    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public init(dictionaryLiteral elements: (String, PluginSetting)...) { self.init(Dictionary(elements) { $1 }) }

    /// Settings by their names.
    ///
    /// - Parameter members: The settings.
    public init(_ members: [String: PluginSetting]) {
        self.init(JSONNode(.object(members.sorted { $0.key < $1.key }.map { JSONMember($0.key, $0.value.node) })))
    }
}

extension PluginSetting: CustomReflectable {
    /// Shows the type only: settings name secrets, but nobody can be kept from writing one.
    public var customMirror: Mirror { Mirror(self, children: []) }
}

extension JSONNode {
    /// The members of a plugin's section as code writes them; nil for what isn't an object.
    var pluginSettings: [String: PluginSetting]? {
        members.map { Dictionary($0.map { ($0.name, PluginSetting($0.value)) }) { first, _ in first } }
    }
}
