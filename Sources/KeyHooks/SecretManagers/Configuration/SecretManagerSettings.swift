import ExtensionHooks
package import JSON5Syntax

/// What the section of every secret manager may say, whatever its kind.
package struct SecretManagerSettings {
    /// The words that are read here and not by the kind.
    static let words =
        [
            "kind", "access", "secret", "field", "prefix", "hosted", "description", "tags", "issuedKeys",
        ] + SourceSettings.words

    var kind = ""
    package var access = SecretAccess.readOnly
    package var template: PathTemplate?
    var field: String?
    package var prefix = ""
    package var hosted: [String]?
    var description: String?
    var tags: [String: String] = [:]
    package var issuedKeys: String?
    var source = SourceSettings()

    /// Reads a section; what is wrong is in the reader, and what the kind reads is left to it.
    ///
    /// - Parameters:
    ///   - reader: The section.
    ///   - plugin: The plugin whose section it is, and so the kind; nil for a section of `managers`.
    init(from reader: inout JSONObjectReader, of plugin: PluginID? = nil) {
        if let plugin {
            kind = plugin.rawValue
            if reader.value("kind") != nil { reader.reject("kind", "is for 'managers': the plugin is the kind here") }
        } else {
            reader.require("kind")
            kind = reader.string("kind") ?? ""
        }
        let words = SecretAccess.all
        let word = reader.oneOf("access", words.map(\.description))
        access = words.first { $0.description == word } ?? .readOnly
        template = reader.read("secret") { $0.secretTemplate() }
        field = reader.read("field") { $0.secretField() }
        prefix = reader.read("prefix") { $0.secretPrefix() } ?? ""
        hosted = reader.stringArray("hosted", orSingle: true)
        description = reader.string("description")
        tags = reader.read("tags") { $0.texts() } ?? [:]
        issuedKeys = reader.read("issuedKeys") { $0.secretPrefix() }
        source.read(from: &reader)
        reader.ignore(reader.names)
    }
}

extension SecretManagerSettings {
    /// Reads a section for whoever looks at a configuration without making its managers.
    package init(_ section: PluginSection, in configuration: KeyConfiguration) throws(KeyResolutionError) {
        do {
            self = try JSONObjectReader.decode(section.settings, path: section.managerPath) {
                SecretManagerSettings(from: &$0, of: section.isOfManagingPlugin ? section.id : nil)
            }
        } catch {
            throw configuration.invalid(error)
        }
    }

    /// Whether the manager is asked for the key of a service, by its canonical id.
    package func hosts(_ service: Service, in catalogue: ServiceCatalogue) -> Bool {
        hosted.map { ServiceFilter($0, catalogue: catalogue).contains(service) } ?? true
    }
}

extension JSONValueReader {
    /// What stands before names of secrets.
    fileprivate mutating func secretPrefix() -> String? {
        guard let text = string() else { return nil }
        guard !text.isEmpty, let mistake = SecretName.mistake(in: text) else { return text }
        reject("can't stand before the names of secrets: it \(mistake.reason)")
        return nil
    }

    /// A section of `managers`.
    mutating func managerSection(named name: String, besides plugins: Set<PluginID>) -> PluginSection? {
        let id = PluginID(name)
        guard id.isWellFormed else {
            rejectName("isn't a valid name of a secret manager: use letters, digits, '.', '_' and '-'")
            return nil
        }
        guard !plugins.contains(id) else {
            rejectName("is a plugin's name already: 'source' couldn't tell them apart")
            return nil
        }
        let node = node
        return object { reader in
            _ = SecretManagerSettings(from: &reader)
            return PluginSection(id: id, settings: node, position: node.position)
        }
    }
}

extension PluginSection {
    /// What a manager's section says beside the words that every manager has.
    package var ofKind: PluginSection {
        let own = (settings.members ?? []).filter { !SecretManagerSettings.words.contains($0.name) }
        var section = PluginSection(
            id: id,
            settings: JSONNode(.object(own), at: settings.position),
            position: position
        )
        section.isOfManagingPlugin = isOfManagingPlugin
        return section
    }

    /// Reads a manager's section beside the words that every manager has.
    package func read<Settings>(
        in configuration: KeyConfiguration,
        _ read: (inout JSONObjectReader) -> Settings
    ) throws(KeyResolutionError) -> Settings {
        do {
            return try JSONObjectReader.decode(settings, path: managerPath) { reader in
                reader.ignore(SecretManagerSettings.words)
                return read(&reader)
            }
        } catch {
            throw configuration.invalid(error)
        }
    }

    /// Where a manager's section is in its file.
    package var managerPath: NodePath {
        NodePath.root.appending(isOfManagingPlugin ? "plugins" : "managers").appending(id.rawValue)
    }

    /// Reads a manager's section by a type.
    func decode<Settings: Decodable>(
        _ type: Settings.Type,
        in configuration: KeyConfiguration
    ) throws(KeyResolutionError) -> Settings {
        do {
            return try JSONNodeDecoder.decode(
                type,
                from: settings,
                path: managerPath,
                besides: SecretManagerSettings.words
            )
        } catch {
            throw configuration.invalid(error)
        }
    }
}
