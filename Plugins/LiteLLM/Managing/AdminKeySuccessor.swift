import JSON5Syntax
import KeyHooks
import LightFoundation
import ServerSettings

/// What is asked for in the place of an admin key: a key of the same user, with the same limits.
struct AdminKeySuccessor: Sendable {
    /// The members of the request.
    let members: [JSONMember]

    let alias: String

    /// Whose the key is.
    let userID: String?

    /// What the successor has of the old key.
    private static let inherited = [
        "user_id", "team_id", "organization_id", "agent_id", "project_id", "models", "aliases", "config", "max_budget",
        "budget_duration", "tpm_limit", "rpm_limit", "max_parallel_requests", "permissions", "allowed_routes",
        "allowed_cache_controls",
    ]

    /// What says nothing of what a key may do, or follows from what is inherited, or is set again.
    private static let own: Set<String> = [
        "token", "token_id", "key_name", "key_alias", "key_type", "metadata", "spend", "total_spend", "model_spend",
        "expires", "blocked", "status", "created_at", "created_by", "updated_at", "updated_by", "settings_updated_at",
        "last_active", "soft_budget_cooldown", "budget_reset_at", "rotation_count", "rotation_interval",
        "last_rotation_at", "key_rotation_at", "litellm_organization_table", "litellm_project_table",
        "jwt_key_mappings",
    ]

    /// Reads the old key's row.
    ///
    /// - Parameters:
    ///   - hash: The old key's hash.
    ///   - client: What asks.
    /// - Throws: A `KeyResolutionError` with the code `unsupported` for the master key, and for a key with a restriction
    ///   that its successor wouldn't have.
    init(of hash: String, _ client: LiteLLMClient) async throws {
        let request = LiteLLMRequest(path: "/key/info?key=\(hash)", doing: "looking at the admin key")
        let reply = try await client.send(request, by: client.deadline, expecting: [.unknown])
        guard reply.isSuccess, let old = reply.json?["info"] else {
            throw KeyResolutionError(
                .unsupported,
                "the admin key is the proxy's master key, which stands in the proxy's own configuration",
                remedy:
                    "replace LITELLM_MASTER_KEY or 'master_key' there and restart the proxy; or name in 'adminKey' the "
                    + "key of a user with the role proxy_admin, which can be rotated"
            )
        }
        let lost = (old.members ?? []).filter { !$0.value.isEmpty }.map(\.name)
            .filter { !Self.own.contains($0) && !Self.inherited.contains($0) }
        guard lost.isEmpty else {
            let names = lost.sorted().map { displayText($0) }.joined(separator: ", ")
            throw KeyResolutionError(
                .unsupported,
                "the admin key has what a successor of it wouldn't have: \(names)",
                remedy: "make its successor in LiteLLM, with the same restrictions, and write it to the file"
            )
        }
        userID = old["user_id"]?.string
        alias = Self.successor(of: old["key_alias"]?.string)
        var members = Self.inherited.compactMap { name in old[name].map { JSONMember(name, $0) } }
            .filter { !$0.value.isEmpty }
        if let type = old["key_type"]?.string, type != "default" {
            members.append(JSONMember("key_type", .string(type)))
        }
        if let life = VirtualKeyInfo(old, token: hash, now: client.clock.date()).life {
            members.append(JSONMember("duration", .string(VirtualKeys.period(life))))
        }
        members.append(JSONMember("key_alias", .string(alias)))
        // Who finds both of them knows which one is to go.
        let metadata = (old["metadata"]?.members ?? []).filter { $0.name != RotationRemains.stamp }
        members.append(
            JSONMember("metadata", JSONNode(.object(metadata + [JSONMember(RotationRemains.stamp, .string(hash))])))
        )
        self.members = members
    }

    /// The name without the ending that an earlier rotation gave it, and with a new one: no two keys have the same.
    private static func successor(of alias: String?) -> String {
        var stem = alias ?? "keyhooks-admin"
        let ending = stem.suffix(9)
        if ending.utf8.count == 9, ending.first == "-", ending.dropFirst().allSatisfy(\.isHexDigit) {
            stem.removeLast(9)
        }
        return "\(stem)-\(String(UInt32.random(in: 0 ... .max), radix: 16).leftPadded(to: 8))"
    }
}

extension JSONNode {
    /// Whether it says nothing: null, false, or a text, an object or a list with nothing in it.
    fileprivate var isEmpty: Bool {
        switch kind {
        case .null, .bool(false), .string(""): true
        case .array(let elements): elements.isEmpty
        case .object(let members): members.isEmpty
        default: false
        }
    }
}
