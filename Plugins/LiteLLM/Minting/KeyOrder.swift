import JSON5Syntax
import KeyHooks
import LightFoundation

/// What is asked of `/key/generate`.
struct KeyOrder: Sendable {
    let role: MintingRole
    let location: RoleLocation

    /// What the key is called; no other is.
    let alias: String

    /// The name of the loan, which an audit finds the key by.
    let mark: String

    /// How long the key is to last.
    let duration: Duration

    var doing: String { "making a key for the role '\(role.name)'" }

    /// The members of the request.
    ///
    /// - Parameter key: The key; nil has the proxy make it.
    /// - Returns: The members.
    func members(key: String?) -> [JSONMember] {
        let fixed = [
            JSONMember("key_alias", .string(alias)), JSONMember("duration", .string(VirtualKeys.period(duration))),
            JSONMember("metadata", JSONNode(.object(role.metadata + stamps))),
        ]
        let own = key.map { [JSONMember("key", .string($0))] } ?? []
        return role.members + location.owners + fixed + own
    }

    /// Who asked, for an audit: role, mount, request and host, and the parts of the scope.
    private var stamps: [JSONMember] {
        let scope = location.scope
        let texts: [(String, String?)] = [
            ("role", role.name), ("mount", LiteLLMPlugin.id.rawValue), ("request", mark), ("host", Self.host),
            ("service", location.service?.id), ("profile", scope.profile), ("project", scope.project),
            ("tenant", scope.tenant), ("purpose", scope.purpose),
        ]
        return texts.compactMap { name, text in text.map { JSONMember("keyhooks_\(name)", .string($0)) } }
    }

    /// The name of this machine.
    static let host: String = {
        var bytes = [CChar](repeating: 0, count: 256)
        guard gethostname(&bytes, bytes.count - 1) == 0 else { return "unknown" }
        return String(decoding: bytes.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }()
}

extension MintingRole {
    /// What the role has written on its keys.
    var metadata: [JSONMember] { role.metadata.members }

    /// What the role itself says, under the proxy's names.
    var members: [JSONMember] {
        func list(_ texts: [String]) -> JSONNode? { texts.isEmpty ? nil : .array(texts.map { .string($0) }) }
        func object(_ members: [JSONMember]) -> JSONNode? { members.isEmpty ? nil : JSONNode(.object(members)) }
        let aliases = role.aliases.sorted { $0.key < $1.key }.map { JSONMember($0.key, .string($0.value)) }
        let own: [(String, JSONNode?)] = [
            ("models", list(role.models)), ("aliases", object(aliases)),
            ("max_budget", role.maxBudget.map(JSONNode.double)), ("soft_budget", role.softBudget.map(JSONNode.double)),
            ("budget_duration", role.budgetDuration.map(JSONNode.string)),
            ("tpm_limit", role.tpmLimit.map { .integer($0) }), ("rpm_limit", role.rpmLimit.map { .integer($0) }),
            ("max_parallel_requests", role.maxParallelRequests.map { .integer($0) }), ("tags", list(role.tags)),
            ("guardrails", list(role.guardrails)), ("permissions", object(role.permissions.members)),
        ]
        return own.compactMap { name, node in node.map { JSONMember(name, $0) } } + role.request.members
    }
}

extension [String: PluginSetting] {
    fileprivate var members: [JSONMember] { sorted { $0.key < $1.key }.map { JSONMember($0.key, $0.value.node) } }
}
