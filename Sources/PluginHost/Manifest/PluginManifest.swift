package import JSON5Syntax
public import KeyHooks

/// What a plugin says of itself in the `plugin.json` of its folder.
///
/// A manifest holds names and limits, never a secret.
package struct PluginManifest: Hashable, Sendable {
    /// The name of the file in the plugin's folder.
    package static let fileName = "plugin.json"

    /// The version of the plugin protocol that this host speaks.
    package static let api = 1

    /// How the plugin is run; more kinds may come.
    package enum Kind: String, Hashable, Sendable, CaseIterable, Codable {
        /// An executable, spoken to over its standard input and output.
        case process
    }

    /// How long one process lives.
    package enum Mode: String, Hashable, Sendable, CaseIterable, Codable {
        /// One process answers many requests.
        case session

        /// One process answers one request.
        case oneshot
    }

    /// Whether the plugin may need a person.
    package enum Interaction: String, Hashable, Sendable, CaseIterable, Codable {
        /// It works alone.
        case never

        /// It can make use of a person, if the host has one.
        case ifAvailable = "if-available"
    }

    /// The plugin's id, which is also the name of its section in a configuration; it holds no slash.
    package let id: PluginID

    /// The plugin's version, in its author's numbering.
    package let version: String

    /// What the plugin does, in one line.
    package let description: String?

    /// How the plugin is run.
    package let kind: Kind

    /// How long one process lives.
    package let mode: Mode

    /// The executable, relative to the plugin's folder and inside of it.
    package let entry: String

    /// What the executable is started with.
    package let arguments: [String]

    /// Where the plugin takes part when keys are asked for; at least one, unless it is a secret manager.
    package let hooks: [Hook]

    /// What it can do as a secret manager; nil if it is none.
    package let secrets: PluginSecrets?

    /// How long the plugin may take to say hello.
    package let helloTimeout: Duration

    /// How long the plugin may take to answer a request, unless the caller's deadline is nearer.
    package let requestTimeout: Duration

    /// The names of the variables the plugin gets besides those that every plugin gets.
    package let environment: [String]

    /// Whether the plugin may need a person.
    package let interaction: Interaction

    /// What to do when the executable is missing, in one line.
    package let installHint: String?

    /// What the plugin's section in a configuration must look like; nil if it does not say.
    package let configuration: JSONSchema?

    /// What `keyhooks.json` may tell it of a single provider; nil if it does not say.
    package let providerConfiguration: JSONSchema?

    /// The first of the examples in the schema of the section; nil if there is none.
    package let exampleSection: JSONNode?
}

extension PluginManifest {
    /// One place where a plugin takes part.
    package struct Hook: Hashable, Sendable, Codable {
        /// The operations that plugins of this kind can take part in.
        package enum Point: String, Hashable, Sendable, CaseIterable, Codable {
            /// Asking for the main key of a service.
            case getAPIKey

            /// Asking for a named field of a service with several.
            case getSecret
        }

        /// The name the hook is registered with: the plugin's id, a slash, the point, a dot and the phase.
        ///
        /// Of several hooks at the same point and phase the second has `.2` after it, and so on.
        package let id: HookID

        /// The operation.
        package let point: Point

        /// The half of the operation.
        package let phase: PluginRequest.Phase

        /// The ids and patterns of the services the hook is for, as they are written; nil means all.
        package let services: [String]?

        /// The priority; lower runs first.
        package let priority: Int

        /// The hooks or plugins that it is to run before.
        package let before: [HookID]

        /// The hooks or plugins that it is to run after.
        package let after: [HookID]

        /// Whether it asks to see the values of keys at the end of a call, which the user must grant.
        package let wantsValues: Bool
    }
}

extension HookID: RawRepresentable, Codable {
    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public init(rawValue: String) { self.init(rawValue) }
}

extension PluginManifest.Hook {
    /// The services the hook is for.
    ///
    /// - Parameter catalogue: What aliases mean, those of the user's configuration among them.
    /// - Returns: The filter, or nil for all services.
    package func filter(in catalogue: ServiceCatalogue = .standard) -> ServiceFilter? {
        services.map { ServiceFilter($0, catalogue: catalogue) }
    }
}

extension PluginManifest {
    /// Finds what is wrong with the plugin's section of a configuration.
    ///
    /// - Parameters:
    ///   - settings: The section.
    ///   - path: Where the section is; nil for where that of a plugin is.
    /// - Throws: All mistakes, with the places they have in the whole file; never their values.
    package func check(_ settings: JSONNode, at path: NodePath? = nil) throws(JSONMistakes) {
        let path = path ?? NodePath.root.appending("plugins").appending(id.rawValue)
        let mistakes = configuration?.mistakes(in: settings, at: path) ?? []
        guard mistakes.isEmpty else { throw JSONMistakes(mistakes) }
    }
}

extension PluginManifest {
    /// The largest manifest that is read.
    package static let sizeLimit = 1 << 18

    /// Reads a manifest from its text; JSON5 is accepted.
    ///
    /// Nothing is run and nothing else is looked at: whether the plugin may be used is another question.
    static func parse(_ bytes: some Collection<UInt8>) throws(JSONMistakes) -> PluginManifest {
        try parse(node(bytes))
    }

    static func node(_ bytes: some Collection<UInt8>) throws(JSONMistakes) -> JSONNode {
        do throws(JSONSyntaxError) {
            return try JSONParser.parse(bytes, limits: JSONParser.Limits(size: sizeLimit))
        } catch {
            throw JSONMistakes([JSONMistake(error)])
        }
    }

    static func parse(_ node: JSONNode) throws(JSONMistakes) -> PluginManifest {
        // All that differs in a manifest of another version would be reported as mistakes, and none of it is one.
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
        reader.require("id", "version", "api", "entry")
        secrets = reader.object("secrets") { PluginSecrets(from: &$0) }
        if reader.value(asIsOf: "secrets") == nil { reader.require("hooks") }
        let id = reader.read("id") { $0.pluginID() }
        let version = reader.read("version") { $0.version() }
        let api = reader.int("api", in: Self.api...Self.api)
        let entry = reader.read("entry") { $0.entry() }
        hooks = reader.read("hooks") { $0.hooks(of: id ?? "unknown") } ?? []
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
        guard let id, let version, api != nil, let entry else { return nil }
        (self.id, self.version, self.entry) = (id, version, entry)
    }
}
