import KeyHooks
import LightFoundation
import ServerSettings

/// What a rotation of the admin key left that was interrupted: nobody knows of it but the successor's metadata.
struct RotationRemains: Sendable {
    /// Where a successor says which key it replaces, by that one's hash.
    static let stamp = "keyhooks_replaces"

    /// The key that the present one replaced, where it is there still.
    var replaced: String?

    /// When the present one was made.
    var since: Date?

    /// Successors of the present key that never came into the file.
    var successors: [String] = []

    var hashes: [String] { (replaced.map { [$0] } ?? []) + successors }
}

extension LiteLLMAdministration {
    /// What was left beside the admin key.
    ///
    /// - Parameter hash: The admin key's hash.
    /// - Returns: What is there still.
    /// - Throws: As ``LiteLLMClient/send(_:by:expecting:)``.
    func remains(of hash: String) async throws -> RotationRemains {
        guard let own = try await keys.info(hash, by: client.deadline) else { return RotationRemains() }
        var remains = RotationRemains(since: own.createdAt)
        // Metadata can be written by hand: another user's key isn't touched.
        if let old = own.stamps[RotationRemains.stamp], old.utf8.count == 64, old != hash,
            let info = try await keys.info(old, by: client.deadline), info.status != .deleted, info.userID == own.userID
        {
            remains.replaced = old
        }
        remains.successors = try await KeyListing(client: client).all()
            .filter { $0.replaces == hash && $0.userID == own.userID && $0.hash != hash }.map(\.hash)
        return remains
    }

    /// Takes away what was left.
    func takeAway(_ remains: RotationRemains) async throws {
        guard !remains.hashes.isEmpty else { return }
        try await keys.delete(remains.hashes, by: client.deadline)
    }

    /// Ends what an interrupted rotation left, unless one is under way.
    ///
    /// - Parameters:
    ///   - hash: The admin key's hash.
    ///   - step: What it is called in the finding.
    /// - Returns: What was done, or is to be done.
    func finishRotation(of hash: String, step: String) async -> CheckFinding? {
        do {
            let remains = try await remains(of: hash)
            guard !remains.hashes.isEmpty else { return nil }
            let names = remains.hashes.map { "\($0.prefix(12))" }.joined(separator: " ")
            guard case .file = configuration.adminKey.place else {
                let reason = "a rotation was interrupted, and left a key that may do what the admin key may: \(names)"
                return .skipped(step, reason, remedy: "take it away: keyhooks litellm revoke --any --yes \(names)")
            }
            let rotation = try AdminKeyRotation(self)
            let isDone = try await rotation.locked(patience: .zero) {
                guard VirtualKeys.hash(of: try rotation.inFile().value) == hash else { return false }
                // Nothing that was taken for left over can have been under way, now that the lock is held.
                try await takeAway(remains)
                return true
            }
            guard isDone else { return nil }
            var reason = "a rotation was interrupted; the key that it left is taken away now: \(names)"
            if remains.replaced != nil, !staticRoles.isEmpty {
                let (_, failed) = await blockStaticKeys(madeBy: nil, before: remains.since, by: client)
                reason += failed.isEmpty ? ", and static keys that were derived from it are blocked" : ""
            }
            return .skipped(step, reason)
        } catch FileLock.Failure.busy {
            return .skipped(step, "it is being replaced just now by another program")
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
    ///   - date: Only those that were made before.
    ///   - client: What asks.
    /// - Returns: How many were blocked, and the roles of which some may not be.
    func blockStaticKeys(
        madeBy user: String?,
        before date: Date? = nil,
        by client: LiteLLMClient
    ) async -> (count: Int, failed: [String]) {
        let roles = staticRoles
        guard let listed = try? await KeyListing(client: client).all() else { return (0, roles) }
        let meant = listed.filter { key in
            guard key.isStatic, key.status == "active", let role = key.role, roles.contains(role) else { return false }
            if let user, let creator = key.creator, creator != user { return false }
            guard let date, let made = key.createdAt else { return true }
            return made < date
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
