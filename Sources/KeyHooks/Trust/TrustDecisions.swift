package import ExtensionHooks

/// What the user decided about plugins and configurations, as the file of decisions holds it.
package struct TrustDecisions: Hashable, Sendable {
    /// One plugin that may run as it was when the user looked at it.
    package struct Plugin: Codable, Hashable, Sendable {
        package let id: PluginID
        /// The plugin's folder, without links.
        package let folder: String
        /// The search folder that it was found in, as that was named; nil if a version wrote this that did not know.
        package var searchFolder: String?
        /// The fingerprint of the folder.
        package let sha256: String
        /// Whether its end hooks see the values of keys; nil for no.
        package var values: Bool?

        package init(id: PluginID, folder: String, searchFolder: String? = nil, sha256: String, values: Bool? = nil) {
            self.id = id
            self.folder = folder
            self.searchFolder = searchFolder
            self.sha256 = sha256
            self.values = values
        }
    }

    /// One `keyhooks.json` that is obeyed as it was when the user looked at it.
    package struct Configuration: Codable, Hashable, Sendable {
        /// The file, in a folder without links.
        package let path: String
        package let sha256: String
        /// What it did then, in words, to tell what changed.
        package let effects: [String]
    }

    /// One of the user's own plugins that was there before.
    package struct Seen: Codable, Hashable, Sendable {
        package let id: PluginID
        package let folder: String

        package init(id: PluginID, folder: String) {
            self.id = id
            self.folder = folder
        }
    }

    /// The version of the file's form; the first had no configurations.
    static let version = 2
    private static let versions = 1...version

    package var trusted: [Plugin] = []
    /// The ids of plugins that are switched off, in alphabetical order.
    package var disabled: [PluginID] = []
    package var configurations: [Configuration] = []
    /// The user's own plugins that were there when keys were last asked for, by their ids.
    package var seen: [Seen] = []

    package init() {}

    /// The plugin that was trusted in a folder.
    package func trusted(_ id: PluginID, in folder: FilePath) -> Plugin? {
        trusted.first { $0.id == id && FilePath($0.folder) == folder }
    }

    /// Notes the user's own plugins that are there, in place of what was noted about the same ids.
    package mutating func see(_ plugins: [Seen]) {
        seen.removeAll { old in plugins.contains { $0.id == old.id } }
        seen = (seen + plugins).sorted { $0.id < $1.id }
    }

    /// Whether a plugin of this name was trusted or seen before, wherever.
    package func isKnown(_ id: PluginID) -> Bool { trusted.contains { $0.id == id } || seen.contains { $0.id == id } }

    /// The plugin that a folder held when it was trusted or seen.
    package func id(in folder: FilePath) -> PluginID? {
        trusted.first { FilePath($0.folder) == folder }?.id ?? seen.first { FilePath($0.folder) == folder }?.id
    }

    /// What was decided about a configuration, if the user looked at it.
    package func configuration(at place: FilePath) -> Configuration? {
        configurations.first { FilePath($0.path) == place }
    }
}

extension TrustDecisions: Codable {
    /// The file was written by a version of the program that this one knows nothing of.
    struct OtherVersion: Error {}

    private enum CodingKeys: CodingKey {
        case version, trusted, disabled, configurations, seen
    }

    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        guard Self.versions.contains(try values.decode(Int.self, forKey: .version)) else { throw OtherVersion() }
        trusted = try values.decode([Plugin].self, forKey: .trusted)
        disabled = try values.decode([PluginID].self, forKey: .disabled)
        configurations = try values.decodeIfPresent([Configuration].self, forKey: .configurations) ?? []
        seen = try values.decodeIfPresent([Seen].self, forKey: .seen) ?? []
    }

    package func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(Self.version, forKey: .version)
        try values.encode(trusted, forKey: .trusted)
        try values.encode(disabled, forKey: .disabled)
        try values.encode(configurations, forKey: .configurations)
        try values.encode(seen, forKey: .seen)
    }
}
