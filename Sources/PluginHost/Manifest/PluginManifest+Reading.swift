import ExtensionHooks
package import JSON5Syntax
package import KeyHooks

extension PluginManifest {
    /// Reads a `plugin.json`; JSON5 is accepted.
    ///
    /// Nothing is run and nothing else is looked at: whether the plugin may be used is another question.
    ///
    /// - Parameter path: The file.
    /// - Returns: What it says.
    /// - Throws: A `KeyResolutionError` with the code `invalidConfiguration` that lists all mistakes, each with line,
    ///   column and what was probably meant.
    package static func read(from path: String) throws(KeyResolutionError) -> PluginManifest {
        let bytes: [UInt8]
        do {
            bytes = try FileReading.read(path, limit: sizeLimit).bytes
        } catch {
            throw KeyResolutionError(
                .invalidConfiguration,
                "\(path) \(error.message)",
                remedy: "check the path of the manifest"
            )
        }
        do {
            return try parse(bytes)
        } catch {
            throw KeyResolutionError(
                .invalidConfiguration,
                error.description(in: path),
                remedy: "fix these places"
            )
        }
    }

    /// The largest manifest that is read.
    package static let sizeLimit = 1 << 18

    /// Reads a manifest from its text.
    ///
    /// - Parameter bytes: The text as UTF-8; JSON5 is accepted.
    /// - Returns: The manifest.
    /// - Throws: All mistakes in it.
    package static func parse(_ bytes: some Collection<UInt8>) throws(JSONMistakes) -> PluginManifest {
        let node: JSONNode
        do {
            node = try JSONParser.parse(bytes, limits: JSONParser.Limits(size: sizeLimit))
        } catch {
            throw JSONMistakes([JSONMistake(error)])
        }
        return try parse(node)
    }

    static func parse(_ node: JSONNode) throws(JSONMistakes) -> PluginManifest {
        // All that differs in a manifest of another version would be told as mistakes, and none of it is one.
        if let api = node["api"], case .number(let number) = api.kind, number.int != Self.api {
            throw JSONMistakes([
                JSONMistake(
                    path: "api",
                    position: api.position,
                    message: "the plugin is written for another version of the protocol than \(Self.api), which is "
                        + "all this host speaks: update the plugin or the host"
                )
            ])
        }
        let manifest = try JSONObjectReader.decode(node, path: .root) { PluginManifest(from: &$0) }
        guard let manifest else { preconditionFailure("a manifest without mistakes is whole") }
        return manifest
    }

    /// The id in a manifest that may be wrong in other places; nil if it has no good one.
    static func id(in node: JSONNode) -> PluginID? {
        guard let id = node["id"] else { return nil }
        var reader = JSONValueReader(id, path: .root.appending("id"))
        return reader.pluginID()
    }

    /// Reads all members, and returns nil only after recording why.
    private init?(from reader: inout JSONObjectReader) {
        reader.ignore("$schema")
        reader.require("id", "version", "api", "entry", "hooks")
        let id = reader.read("id") { $0.pluginID() }
        let version = reader.read("version") { $0.version() }
        let api = reader.int("api", in: Self.api...Self.api)
        let entry = reader.read("entry") { $0.entry() }
        let hooks = reader.read("hooks") { $0.hooks(of: id ?? "unknown") }
        description = reader.read("description") { $0.line() }
        kind = reader.oneOf("kind", Kind.self) ?? .process
        mode = reader.oneOf("mode", Mode.self) ?? .session
        arguments = reader.read("arguments") { $0.list { $0.argument() } } ?? []
        let timeouts = reader.object("timeouts") { reader in
            (hello: reader.int("hello_ms", in: 1...60_000), request: reader.int("request_ms", in: 1...300_000))
        }
        helloTimeout = .milliseconds(timeouts?.hello ?? 5000)
        requestTimeout = .milliseconds(timeouts?.request ?? 5000)
        environment = reader.read("environment") { $0.list { $0.variableName() } } ?? []
        interaction = reader.oneOf("interactive", Interaction.self) ?? .never
        let section = reader.read("configuration") { $0.sectionSchema() }
        configuration = section?.schema
        exampleSection = section?.example
        providerConfiguration = reader.read("providerConfiguration") { $0.sectionSchema()?.schema }
        installHint = reader.read("installHint") { $0.line() }
        guard let id, let version, api != nil, let entry, let hooks else { return nil }
        (self.id, self.version, self.entry, self.hooks) = (id, version, entry, hooks)
    }
}
