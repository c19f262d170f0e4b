public import ExtensionHooks
package import JSON5Syntax
public import LightFoundation

/// The section of one plugin in a configuration, which only the plugin understands.
public struct PluginSection: Sendable {
    /// The plugin.
    public let id: PluginID

    /// What the file says for it.
    package let settings: JSONNode

    /// Where the section stands.
    package let position: SourcePosition

    /// Whether it stands under `plugins` and has the words of a secret manager.
    package var isOfManagingPlugin = false

    /// The section as strict JSON; nil if it holds a number that JSON has not.
    public var json: Data? { (try? settings.jsonBytes()).map { Data($0) } }
}

extension PluginSection {
    /// Reads a section from JSON text; JSON5 is accepted.
    ///
    /// - Parameters:
    ///   - id: The plugin.
    ///   - text: An object, as it would stand under `plugins` in a `keyhooks.json`.
    /// - Throws: A ``KeyResolutionError`` with the code `invalidConfiguration` for what isn't a plugin's id, a text
    ///   that isn't JSON5, with line and column in the text, or one that isn't an object.
    public init(_ id: PluginID, json text: String) throws(KeyResolutionError) {
        let place = "plugins.\(displayText(id.rawValue))"
        guard id.isWellFormed else {
            throw .invalidConfiguration(
                "\(place) isn't a valid plugin id",
                remedy: "use letters, digits, '.', '_' and '-'"
            )
        }
        let node: JSONNode
        do {
            node = try JSONParser.parse(Array(text.utf8))
        } catch {
            throw .invalidConfiguration(
                "\(place): the text at \(error.position): \(error.message)",
                remedy: "fix the text"
            )
        }
        guard node.members != nil else {
            throw .invalidConfiguration("\(place): expected an object", remedy: "write the settings between { and }")
        }
        self.init(id: id, settings: node.inCode, position: .inCode)
    }

    /// What stands before a message about the section: its place in the file, or nothing for one that code wrote.
    package func place(in configuration: KeyConfiguration) -> String {
        guard position != .inCode, let path = configuration.path else { return "" }
        return "\(path):\(position): "
    }
}

extension [PluginSection] {
    /// A plugin's section, as it would stand under `plugins` in a `keyhooks.json`; assigning nil takes its section
    /// away.
    ///
    /// A mistake in what code writes is reported when a resolver is made, with the path of the setting and no file.
    ///
    /// - Parameter plugin: The plugin's id.
    public subscript(plugin: PluginID) -> [String: PluginSetting]? {
        get { first { $0.id == plugin }?.settings.pluginSettings }
        set {
            let place = firstIndex { $0.id == plugin } ?? endIndex
            let section = newValue.map { settings in
                PluginSection(id: plugin, settings: PluginSetting(settings).node.inCode, position: .inCode)
            }
            replaceSubrange(place..<Swift.min(place + 1, endIndex), with: section.map { [$0] } ?? [])
        }
    }
}

extension SourcePosition {
    /// Where everything stands that code wrote.
    package static let inCode = SourcePosition(line: 0, column: 0)
}

extension JSONNode {
    /// The same as code says it, without places in a file.
    fileprivate var inCode: JSONNode {
        let kind: Kind =
            switch self.kind {
            case .array(let elements): .array(elements.map(\.inCode))
            case .object(let members): .object(members.map { JSONMember($0.name, $0.value.inCode, at: .inCode) })
            default: self.kind
            }
        return JSONNode(kind, at: .inCode)
    }
}
