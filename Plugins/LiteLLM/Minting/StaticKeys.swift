import JSON5Syntax
import KeyHooks
import LightFoundation
import ServerSettings

/// The one key that all processes with the same admin key have of a static role: each derives it from that, so that it is
/// stored nowhere.
///
/// Another period gives another key, and so does another role. One that was blocked at the proxy is passed over for the
/// next, which is how a key is replaced at once.
extension VirtualKeyMinter {
    /// How many keys of one period may be blocked.
    private static let generations = 32

    /// An admin key that is shorter could be found out from a key that was derived from it: as long as those that LiteLLM
    /// makes, of 128 random bits.
    static let shortestAdminKey = 25

    static var shortAdminKey: LiteLLMFailure {
        LiteLLMFailure(
            .invalidConfiguration,
            "the admin key is too short for static roles: their keys are derived from it",
            remedy: "use an admin key of \(shortestAdminKey) characters or more, or no 'static' in the role"
        )
    }

    /// The static key of a role, which is made if it isn't there.
    ///
    /// - Parameters:
    ///   - role: The role.
    ///   - location: Whose key it is.
    ///   - period: After how long another key takes its place.
    /// - Returns: The key, which is looked at again when its period is over.
    /// - Throws: A ``LiteLLMFailure``.
    func staticKey(
        of role: MintingRole,
        at location: RoleLocation,
        _ period: Duration
    ) async throws -> SourceReading<VirtualKey> {
        let deadline = keys.client.deadline
        while true {
            let adminKey = try keys.client.adminKey.current()
            let current = try await currentStaticKey(of: role, at: location, period, from: adminKey, by: deadline)
            let token = VirtualKeys.hash(of: current.key)
            // Whoever has the admin key that was replaced meanwhile could derive it too.
            guard try keys.client.adminKey.current() == adminKey else { continue }
            let now = clockDate
            let periodEnd = Double(current.generation.period + 1) * (period / .seconds(1))
            let left = Duration.seconds(periodEnd - now.timeIntervalSince1970)
            let order = KeyOrder(
                role: role,
                location: location,
                alias: "\(location.stem)-\(token.prefix(24))",
                mark: String(token.prefix(24)),
                // A tenth longer than its period, so that nobody is left with one that has ended.
                duration: left + period / 10
            )
            var info = current.info
            if info == nil {
                do {
                    info = try await mint(order, as: current.key, mustBeOwn: true, by: deadline).info
                } catch {
                    if try keys.client.adminKey.current() != adminKey {
                        _ = try? await keys.delete([token], by: keys.client.deadline)
                    }
                    throw error
                }
            }
            guard try keys.client.adminKey.current() == adminKey else {
                if current.info == nil { try await keys.delete([token], by: deadline) }
                continue
            }
            let content = VirtualKey(key: current.key, token: token, alias: order.alias, url: keys.client.address.base)
            var reading = SourceReading.found(
                content,
                version: "\(current.generation.period).\(current.generation.number)",
                expiresAt: info?.expiresAt
            )
            reading.createdAt = info?.createdAt
            reading.timeToLive = min(timeToLive, max(.seconds(1), left))
            return reading
        }
    }

    /// Which of the keys of a static role.
    struct Generation: Hashable, Sendable {
        var period: Int
        var number = 0
    }

    /// The first key of the period that isn't blocked, with what the proxy knows of it.
    func currentStaticKey(
        of role: MintingRole,
        at location: RoleLocation,
        _ period: Duration,
        from adminKey: APIKey,
        by deadline: Duration
    ) async throws -> (generation: Generation, key: String, info: VirtualKeyInfo?) {
        guard adminKey.value.utf8.count >= Self.shortestAdminKey else {
            throw Self.shortAdminKey
        }
        var generation = Generation(period: Int(clockDate.timeIntervalSince1970 / (period / .seconds(1))))
        while generation.number < Self.generations {
            let key = Self.derived(
                from: adminKey,
                for: role,
                at: location,
                keys.client.address.identity,
                period,
                generation
            )
            let info = try await keys.info(VirtualKeys.hash(of: key), by: deadline)
            switch info?.status {
            case nil: return (generation, key, nil)
            case .active: return (generation, key, info)
            case .expired, .revoked, .deleted: generation.number += 1
            }
        }
        throw LiteLLMFailure(
            .denied,
            "all keys of the static role '\(role.name)' are blocked for this period",
            remedy: "unblock one in LiteLLM, or change the role"
        )
    }

    private var clockDate: Date { keys.client.clock.date() }

    private static func derived(
        from adminKey: APIKey,
        for role: MintingRole,
        at location: RoleLocation,
        _ base: String,
        _ period: Duration,
        _ generation: Generation
    ) -> String {
        let scope = location.scope
        let parts = [scope.profile, scope.project, scope.tenant, scope.purpose].map { $0.map { "=\($0)" } ?? "" }
        // What a key may do is fixed when it is made: another role has another key. LiteLLM reads limits in metadata, too.
        let metadata = JSONMember("metadata", JSONNode(.object(role.metadata)))
        let limits = (try? JSONNode(.object(role.members + location.owners + [metadata])).jsonBytes()) ?? []
        let texts =
            ["keyhooks static key 1", base, role.name, location.service?.id ?? ""] + parts
            + ["\(period / .seconds(1))", "\(generation.period)", "\(generation.number)"]
        var message: [UInt8] = []
        for text in texts { message += Array(text.utf8) + [0xFF] }
        return "sk-" + hmac(of: message + limits, by: Array(adminKey.value.utf8))
    }

    /// HMAC-SHA-256 (RFC 2104), as hexadecimal digits.
    static func hmac(of message: [UInt8], by key: [UInt8]) -> String {
        var key = key
        if key.count > 64 { key = bytes(SHA256.hash(of: key)) }
        key += [UInt8](repeating: 0, count: 64 - key.count)
        let inner = SHA256.hash(of: key.map { $0 ^ 0x36 } + message)
        return SHA256.hash(of: key.map { $0 ^ 0x5C } + bytes(inner))
    }

    private static func bytes(_ hexadecimal: String) -> [UInt8] {
        let digits = Array(hexadecimal.utf8).map { $0 > 0x39 ? $0 - 0x57 : $0 - 0x30 }
        return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }
}

extension SHA256 {
    fileprivate static func hash(of bytes: [UInt8]) -> String {
        var hash = SHA256()
        hash.update(bytes)
        return hash.hexadecimal()
    }
}
