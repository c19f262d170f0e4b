import KeyHooks
import LightFoundation
import ServerSettings

/// What a rotation of the admin key left that was interrupted: nobody knows of it but the successor's metadata.
enum RotationRemains {
    /// Where a successor says which key it replaces, by that one's hash.
    static let stamp = "keyhooks_replaces"
}

extension LiteLLMAdministration {
    /// What was left beside the admin key.
    ///
    /// - Parameter hash: The admin key's hash.
    /// - Returns: The hashes of what is there still: the key that it replaced, and successors that never came into the file.
    /// - Throws: As ``LiteLLMClient/send(_:by:expecting:)``.
    func remains(of hash: String) async throws -> [String] {
        guard let own = try await keys.info(hash, by: client.deadline) else { return [] }
        var remains: [String] = []
        // Metadata can be written by hand: another user's key isn't touched.
        if let old = own.stamps[RotationRemains.stamp], old.utf8.count == 64, old != hash,
            let info = try await keys.info(old, by: client.deadline), info.status != .deleted, info.userID == own.userID
        {
            remains.append(old)
        }
        remains += try await KeyListing(client: client).all()
            .filter { $0.replaces == hash && $0.userID == own.userID && $0.hash != hash }.map(\.hash)
        return remains
    }

    /// What a check says of what an interrupted rotation left; it takes nothing away.
    ///
    /// - Parameters:
    ///   - hash: The admin key's hash.
    ///   - step: What it is called in the finding.
    /// - Returns: What is to be done; nil if nothing was left.
    func remainsFinding(of hash: String, step: String) async -> CheckFinding? {
        do {
            let hashes = try await remains(of: hash)
            guard !hashes.isEmpty else { return nil }
            let names = hashes.map { "\($0.prefix(12))" }.joined(separator: " ")
            let reason = "a rotation was interrupted, and left a key that may do what the admin key may: \(names)"
            if case .file = configuration.adminKey.place {
                let remedy = "replace the admin key once more, which takes it away: keyhooks litellm rotate-admin-key"
                return .skipped(step, reason, remedy: remedy)
            }
            var commands = ["keyhooks litellm revoke --any --yes \(names)"]
            // Whoever has that key can derive these.
            commands += staticRoles.map { "keyhooks litellm revoke --yes --role \($0)" }
            return .skipped(step, reason, remedy: "take it away: \(commands.joined(separator: "; "))")
        } catch {
            let known = Self.known(error)
            let reason = "whether a rotation left another admin key can't be known: \(known.message)"
            return .skipped(step, reason, remedy: known.remedy)
        }
    }
}

extension LiteLLMAdministration {
    /// The names of the static roles.
    var staticRoles: [String] {
        configuration.roles.filter { $0.value.staticPeriod != nil }.keys.sorted()
    }

    /// Blocks the keys of static roles, which whoever had the admin key of then can derive.
    ///
    /// One that was derived from the present admin key meanwhile is passed over for the next one.
    ///
    /// - Parameters:
    ///   - user: Whose admin key made them; nil for anybody's.
    ///   - client: What asks.
    /// - Returns: How many were blocked, and the roles of which some may not be.
    func blockStaticKeys(
        madeBy user: String?,
        by client: LiteLLMClient
    ) async -> (count: Int, failed: [String]) {
        guard let listed = try? await KeyListing(client: client).all() else { return (0, staticRoles) }
        // Also of roles that the configuration had once.
        let meant = listed.filter { key in
            guard key.isStatic, key.status == "active" else { return false }
            return user == nil || key.creator == nil || key.creator == user
        }
        var (count, failed): (Int, Set<String>) = (0, [])
        for key in meant {
            do {
                try await VirtualKeys(client: client).block(key.hash, by: client.deadline)
                count += 1
            } catch let failure as LiteLLMFailure where failure.refusal == .unknown {
                // It is gone.
            } catch {
                failed.insert(key.role ?? "")
            }
        }
        return (count, failed.sorted())
    }
}
