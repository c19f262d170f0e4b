import JSON5Syntax
import KeyHooks
import LightFoundation
import ServerSettings

/// The endpoints of the proxy for virtual keys, as of LiteLLM 1.108.
struct VirtualKeys: Sendable {
    let client: LiteLLMClient

    /// The name of a key that isn't a secret: what the proxy keeps of it.
    static func hash(of key: String) -> String {
        var hash = SHA256()
        hash.update(Array(key.utf8))
        return hash.hexadecimal()
    }
}

/// What the proxy says of a key; never the key.
struct VirtualKeyInfo: Hashable, Sendable {
    enum Status: String, Hashable, Sendable {
        case active, expired, revoked, deleted
    }

    /// The hash of the key; empty where the proxy gives none.
    var token: String
    var alias: String?
    var status: Status
    var createdAt: Date?
    var expiresAt: Date?
    var spend: Double?
    var maxBudget: Double?
    var userID: String?
    var teamID: String?
    var models: [String] = []

    /// What KeyHooks wrote on it: role, mount, request, host and more.
    var stamps: [String: String] = [:]

    /// How long it lasts in all, on the proxy's clock.
    var life: Duration? {
        guard let createdAt, let expiresAt else { return nil }
        return .seconds(expiresAt.timeIntervalSince(createdAt))
    }
}

extension VirtualKeyInfo {
    /// Reads what the proxy says.
    init(_ node: JSONNode, token: String? = nil, now: Date) {
        self.token =
            token ?? node["token"]?.string.flatMap(Self.hash) ?? node["token_id"]?.string.flatMap(Self.hash) ?? ""
        alias = node["key_alias"]?.string
        createdAt = node["created_at"]?.string.flatMap(Self.date)
        expiresAt = node["expires"]?.string.flatMap(Self.date)
        spend = node["spend"]?.number
        maxBudget = node["max_budget"]?.number
        userID = node["user_id"]?.string
        teamID = node["team_id"]?.string
        models = node["models"]?.elements?.compactMap(\.string) ?? []
        for member in node["metadata"]?.members ?? [] where member.name.hasPrefix("keyhooks_") {
            stamps[member.name] = member.value.string
        }
        let isOver = expiresAt.map { $0 < now } ?? false
        let derived: Status = node["blocked"]?.kind == .bool(true) ? .revoked : isOver ? .expired : .active
        status = node["status"]?.string.flatMap(Status.init) ?? derived
    }

    /// A text that is a hash; anything else may be a key.
    private static func hash(_ text: String) -> String? {
        let isHash =
            text.utf8.count == 64 && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
        return isHash ? text : nil
    }

    /// A date with or without a zone; without one it is UTC.
    static func date(_ text: String) -> Date? { ServerDate.parse(text) ?? ServerDate.parse(text + "Z") }
}

extension JSONNode {
    fileprivate var number: Double? {
        guard case .number(let number) = kind else { return nil }
        return number.double.isFinite ? number.double : nil
    }
}

extension VirtualKeys {
    private func post(
        _ path: String,
        _ body: JSONNode,
        _ doing: String,
        by deadline: Duration,
        expecting: Set<LiteLLMReply.Refusal> = []
    ) async throws -> LiteLLMReply {
        let request = LiteLLMRequest(method: "POST", path: path, body: body, doing: doing)
        return try await client.send(request, by: deadline, expecting: expecting)
    }

    /// Makes a key.
    ///
    /// - Parameters:
    ///   - members: What is asked for.
    ///   - own: The key that was chosen; nil if the proxy chooses one.
    ///   - doing: What it is for, in the words of errors.
    ///   - deadline: When it must be over.
    /// - Returns: The key with what the proxy says of it.
    /// - Throws: As ``LiteLLMClient/send(_:by:expecting:)``.
    func generate(
        _ members: [JSONMember],
        as own: String? = nil,
        _ doing: String,
        by deadline: Duration
    ) async throws -> (key: String, info: VirtualKeyInfo) {
        let reply = try await post("/key/generate", JSONNode(.object(members)), doing, by: deadline)
        // What comes back is given to agents, and taken away again: it must be no other key than a new one.
        guard let key = reply.json?["key"]?.string, key.hasPrefix("sk-"), key.utf8.count <= 512,
            PluginContext.isCredential(key), try APIKey(key) != client.adminKey.current()
        else { throw strange(doing, "has no new key in it") }
        if let own, key != own {
            // It takes none of others, then.
            var failure = strange(doing, "has another key than was asked for")
            failure.refusal = .customKeys
            throw failure
        }
        let info = VirtualKeyInfo(reply.json ?? .object([:]), token: Self.hash(of: key), now: client.clock.date())
        return (key, info)
    }

    /// A success in which something is missing: it isn't known what was done.
    private func strange(_ doing: String, _ what: String) -> LiteLLMFailure {
        var failure = LiteLLMFailure(
            .unavailable,
            "the reply of \(client.address.shown) to \(doing) \(what)",
            remedy: "check 'url': does a LiteLLM proxy answer there?"
        )
        failure.mayBeDone = true
        return failure
    }

    /// What is known of a key; nil if there is none.
    func info(_ token: String, by deadline: Duration) async throws -> VirtualKeyInfo? {
        let request = LiteLLMRequest(path: "/key/info?key=\(percentEncoded(token))", doing: "looking at a key")
        let reply = try await client.send(request, by: deadline, expecting: [.unknown])
        guard reply.isSuccess else { return nil }
        guard let info = reply.json?["info"] else { throw strange(request.doing, "says nothing of it") }
        return VirtualKeyInfo(info, token: token, now: client.clock.date())
    }

    /// Makes a key last so long from now.
    ///
    /// - Returns: How long it lasts; nil if it isn't there, or is blocked.
    func extend(_ token: String, for time: Duration, by deadline: Duration) async throws -> Duration? {
        let body = JSONNode.object(["key": .string(token), "duration": .string(Self.period(time))])
        let reply = try await post("/key/update", body, "renewing a key", by: deadline, expecting: [.unknown])
        guard reply.isSuccess, let json = reply.json else { return nil }
        let info = VirtualKeyInfo(json, token: token, now: client.clock.date())
        guard let end = info.expiresAt else { throw strange("renewing a key", "doesn't say when it ends") }
        guard info.status != .revoked else { return nil }
        // On the proxy's own clock, where it says when that was.
        let granted = json["updated_at"]?.string.flatMap(VirtualKeyInfo.date).map { end.timeIntervalSince($0) }
        return granted.map { min(time, .seconds($0)) } ?? time
    }

    /// Takes keys away, by their hashes or by their aliases; what isn't there any more is taken away.
    ///
    /// - Returns: Whether there was one.
    @discardableResult
    func delete(_ names: [String], areAliases: Bool = false, by deadline: Duration) async throws -> Bool {
        let body = JSONNode(
            .object([JSONMember(areAliases ? "key_aliases" : "keys", .array(names.map { .string($0) }))])
        )
        let reply = try await post("/key/delete", body, "taking a key away", by: deadline, expecting: [.unknown])
        guard reply.isSuccess else { return false }
        guard let deleted = reply.json?["deleted_keys"]?.elements else {
            throw strange("taking a key away", "doesn't say that it did")
        }
        return !deleted.isEmpty
    }

    /// Has a key refused, and keeps what is known of it.
    func block(_ token: String, by deadline: Duration) async throws {
        let body = JSONNode.object(["key": .string(token)])
        _ = try await post("/key/block", body, "blocking a key", by: deadline)
    }

    /// A time as LiteLLM reads it: whole seconds, with their unit.
    static func period(_ time: Duration) -> String { "\(max(1, Int((time / .seconds(1)).rounded(.up))))s" }
}
