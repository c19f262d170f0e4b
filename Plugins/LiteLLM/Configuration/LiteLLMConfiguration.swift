public import HTTPTransport
import JSON5Syntax
public import KeyHooks
import ServerSettings

/// Which LiteLLM proxy makes virtual keys, by which admin key, and what they may do.
///
/// The members are those of the section `litellm` in `keyhooks.json`. No member holds a secret.
public struct LiteLLMConfiguration: Sendable {
    /// The proxy: `http` or `https`, with or without a path.
    public var url: String

    /// Where the key is that may make others: the proxy's master key, or the virtual key of an admin.
    public var adminKey: SecretReference

    /// The roles, by their names: letters, digits, `.`, `_` and `-`, at most 64.
    public var roles: [String: VirtualKeyRole]

    /// The role whose keys answer for the service `litellm`: a name, or with parts of the request in it, such as
    /// `{profile}`.
    ///
    /// Nil where there is one role only. What the providers say takes precedence, as in
    /// `"openai": { "litellm": { "role": "agents" } }`, which makes another service use keys of a role. The service itself is
    /// called `litellm_proxy` there, as in LiteLLM.
    public var role: String?

    /// TLS trust, the client certificate and an HTTP proxy on the way; not used by a transport of your own.
    public var transport = HTTPTransportSettings()

    /// How keys and their leases are kept; `leases` in it says for how long a key may be idle.
    ///
    /// The timeout is for making or renewing one key, with repeated attempts.
    public var settings = SourceSettings()

    /// Describes where virtual keys come from.
    ///
    /// - Parameters:
    ///   - url: The proxy.
    ///   - adminKey: Where the key is that may make others.
    ///   - roles: The roles, by their names.
    ///   - role: The role that answers; nil where there is one only.
    public init(url: String, adminKey: SecretReference, roles: [String: VirtualKeyRole], role: String? = nil) {
        self.url = url
        self.adminKey = adminKey
        self.roles = roles
        self.role = role
    }
}

extension LiteLLMConfiguration {
    /// Reads the section, and checks what the configuration tells the plugin about single services.
    init(_ section: PluginSection, in configuration: KeyConfiguration) throws(KeyResolutionError) {
        let path = NodePath.root.appending("plugins").appending(LiteLLMPlugin.id.rawValue)
        var reader = JSONObjectReader(section.settings, path: path)
        self.init(from: &reader, in: ConfigurationFolder(of: configuration))
        var mistakes = reader.finish()
        mistakes += configuration.serviceMistakes(of: LiteLLMPlugin.id) { [roles] settings, path in
            var reader = JSONObjectReader(settings, path: path)
            reader.require("role")
            _ = reader.read("role") { $0.role(of: roles) }
            return reader.finish()
        }
        if !mistakes.isEmpty { throw configuration.invalid(JSONMistakes(mistakes)) }
    }

    private init(from reader: inout JSONObjectReader, in folder: ConfigurationFolder) {
        reader.require("url", "adminKey", "roles")
        self.init(url: "", adminKey: .environment(""), roles: [:])
        url = reader.read("url") { $0.checked { _ = try ServerAddress($0, setting: "url", of: .liteLLM) } } ?? ""
        adminKey = reader.read("adminKey") { SecretReference.read(&$0) }.map(folder.reference) ?? adminKey
        let read = reader.map("roles") { name, reader -> VirtualKeyRole? in
            if !Self.isRoleName(name) {
                reader.rejectName("isn't a valid role name: use letters, digits, '.', '_' and '-', at most 64")
            }
            return reader.object { VirtualKeyRole(from: &$0, named: name) }
        }
        roles = Dictionary((read ?? []).map { ($0.name, $0.value) }) { first, _ in first }
        if reader.value("roles")?.members?.isEmpty == true { reader.reject("roles", "has no role: write one") }
        role = reader.read("role") { $0.role(of: roles) }
        if role == nil, reader.value("role") == nil, roles.count > 1 {
            let example = roles.keys.sorted()[0]
            let remedy = "say in 'role' which of them answers, such as \"\(example)\" or \"{profile}\""
            reader.reject("roles", "there are several: \(remedy)")
        }
        transport = HTTPTransportSettings(from: &reader, in: folder, of: .liteLLM)
        transport.acceptsAnyCertificate = reader.bool("skipVerify") == true
        settings.read(from: &reader)
        settings.leases.read(from: &reader)
    }

    static func isRoleName(_ name: String) -> Bool {
        let isFit = name.utf8.allSatisfy { $0.isWordByte || "._-".utf8.contains($0) }
        return isFit && name.utf8.first.map { $0.isWordByte && $0 != UInt8(ascii: "_") } == true
            && name.utf8.count <= 64
    }
}

extension JSONValueReader {
    /// The name of a role, or a template of one.
    fileprivate mutating func role(of roles: [String: VirtualKeyRole]) -> String? {
        let text = checked { _ = try IdentityTemplate($0, setting: "'role'", role: nil) }
        guard let text, !text.contains("{"), !roles.isEmpty, roles[text] == nil else { return text }
        let known = roles.keys.sorted()
        reject(
            "there is no such role; the roles are \(known.map { displayText($0) }.joined(separator: ", "))",
            suggestion: closestMatch(to: text, among: known)
        )
        return nil
    }
}

extension ServerKind {
    static let liteLLM = ServerKind(
        "LiteLLM",
        host: "litellm.example.org",
        credential: "a reference to the key in 'adminKey'",
        port: 4000,
        endings: ["/v1", "/ui", "/ui/login"],
        page: "/ui/"
    )
}
