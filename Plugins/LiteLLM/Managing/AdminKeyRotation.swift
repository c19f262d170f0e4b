import JSON5Syntax
package import KeyHooks
package import LightFoundation
import ServerSettings

/// What became of the admin key.
package struct RotatedAdminKey: Hashable, Sendable, Encodable {
    /// What the new key is called.
    package let alias: String

    /// The SHA-256 of the new key.
    package let hash: String

    package let expiresAt: Date?

    /// The file that holds it.
    package let file: String

    /// The SHA-256 of the old key, where it couldn't be taken away.
    package let left: String?
}

extension LiteLLMAdministration {
    /// Has a successor of the admin key made, writes it to the file, and takes the old one away.
    ///
    /// It belongs to the same user and has the same limits. Until the file has it, anything that fails has the successor
    /// taken away again.
    ///
    /// - Returns: The new key's names.
    /// - Throws: A `KeyResolutionError`; the old key is good and in the file then.
    package func rotateAdminKey() async throws(KeyResolutionError) -> RotatedAdminKey {
        let rotation = try AdminKeyRotation(self)
        do {
            let lock = try await FileLock.waiting(for: rotation.lock)
            let result: Result<RotatedAdminKey, any Error>
            do { result = .success(try await rotation.run()) } catch { result = .failure(error) }
            // As long as it is held: who waits for it notices, and makes another one.
            unlink(rotation.lock)
            _ = consume lock
            return try result.get()
        } catch FileLock.Failure.busy {
            throw KeyResolutionError(
                .unavailable,
                "\(rotation.shown) is being changed by another program",
                remedy: "try again when that one has ended"
            )
        } catch FileLock.Failure.system(let failure) {
            throw rotation.unwritable(failure)
        } catch {
            throw Self.known(error)
        }
    }
}

/// Replaces the admin key in its file.
private struct AdminKeyRotation: Sendable {
    let administration: LiteLLMAdministration
    let path: String
    let status: FileStatus

    private var client: LiteLLMClient { administration.client }

    var shown: String { PastedKey.shownPath(path) }

    /// Who changes the file has it.
    var lock: String { "\(path).lock" }

    init(_ administration: LiteLLMAdministration) throws(KeyResolutionError) {
        let reference = administration.configuration.adminKey
        guard case .file(let written) = reference.place else {
            throw .invalidConfiguration(
                "'adminKey' is \(reference), which isn't a file that can be written",
                remedy: "replace the key where it comes from, or keep it in a file: \"adminKey\": \"file:PATH\""
            )
        }
        self.administration = administration
        let named = administration.context.path(of: written)
        do {
            // A link stays what it is.
            path = try FileSystem.canonicalPath(of: named)
            status = try FileStatus(of: path)
        } catch {
            throw KeyResolutionError(
                .unauthenticated,
                "\(PastedKey.shownPath(named)), which should hold the admin key, can't be looked at: \(error.text)",
                remedy: "check 'adminKey'"
            )
        }
        guard status.kind == .file else {
            throw .invalidConfiguration("\(PastedKey.shownPath(path)) isn't a regular file", remedy: "check 'adminKey'")
        }
    }

    func unwritable(_ failure: SystemFailure) -> KeyResolutionError {
        KeyResolutionError(
            failure.code == EACCES || failure.code == EROFS || failure.code == EPERM ? .denied : .unavailable,
            "the file \(shown) can't be written: \(failure.text)",
            remedy: "see who may write to it and its folder; the old admin key is good and stays"
        )
    }

    func run() async throws -> RotatedAdminKey {
        let old = try AdminKey(client.adminKey.reference, administration.context).current()
        let oldHash = VirtualKeys.hash(of: old.value)
        let members = try await membersOfSuccessor(of: oldHash)
        let alias = members.first { $0.name == "key_alias" }?.value.string ?? ""
        let (key, info) = try await make(members, alias)
        do {
            try await verify(APIKey(key))
            guard try AdminKey(client.adminKey.reference, administration.context).current() == old else {
                throw KeyResolutionError(
                    .unavailable,
                    "\(shown) was changed meanwhile",
                    remedy: "see who changes it, and try again"
                )
            }
            do throws(SystemFailure) {
                try FileSystem.replace(path, with: Array("\(key)\n".utf8), keeping: status)
            } catch {
                throw unwritable(error)
            }
        } catch {
            throw await withdrawn(error, hash: info.token, alias: alias, keys: administration.keys)
        }
        let left = try await takeAway(old, oldHash, info.token, alias)
        return RotatedAdminKey(alias: alias, hash: info.token, expiresAt: info.expiresAt, file: path, left: left)
    }

    /// What the successor has of the old key.
    private static let inherited = [
        "user_id", "team_id", "organization_id", "agent_id", "project_id", "models", "aliases", "max_budget",
        "budget_duration", "tpm_limit", "rpm_limit", "max_parallel_requests", "metadata", "permissions",
        "allowed_routes", "allowed_cache_controls",
    ]

    /// The members of the request for the successor.
    private func membersOfSuccessor(of hash: String) async throws -> [JSONMember] {
        let request = LiteLLMRequest(path: "/key/info?key=\(hash)", doing: "looking at the admin key")
        let reply = try await client.send(request, by: client.deadline, expecting: [.unknown])
        guard reply.isSuccess, let old = reply.json?["info"] else {
            throw KeyResolutionError(
                .unsupported,
                "the admin key is the proxy's master key, which stands in the proxy's own configuration",
                remedy:
                    "replace LITELLM_MASTER_KEY or 'master_key' there and start the proxy anew; or name in 'adminKey' "
                    + "the key of a user with the role proxy_admin, which can be rotated"
            )
        }
        var members = Self.inherited.compactMap { name in old[name].map { JSONMember(name, $0) } }
            .filter { !$0.value.isEmpty }
        if let type = old["key_type"]?.string, type != "default" {
            members.append(JSONMember("key_type", .string(type)))
        }
        if let life = VirtualKeyInfo(old, token: hash, now: client.clock.date()).life {
            members.append(JSONMember("duration", .string(VirtualKeys.period(life))))
        }
        members.append(JSONMember("key_alias", .string(Self.successor(of: old["key_alias"]?.string))))
        return members
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

    private func make(_ members: [JSONMember], _ alias: String) async throws -> (key: String, info: VirtualKeyInfo) {
        let doing = "making a successor of the admin key"
        let own = VirtualKeyMinter.randomKey()
        let keys = administration.keys
        do {
            return try await keys.generate(members + [JSONMember("key", .string(own))], doing, by: client.deadline)
        } catch let failure as LiteLLMFailure where failure.refusal == .customKeys {
            do {
                return try await keys.generate(members, doing, by: client.deadline)
            } catch let failure as LiteLLMFailure where failure.mayBeDone {
                throw await withdrawn(failure, hash: nil, alias: alias, keys: keys)
            }
        } catch let failure as LiteLLMFailure where failure.mayBeDone {
            throw await withdrawn(failure, hash: VirtualKeys.hash(of: own), alias: alias, keys: keys)
        }
    }

    /// Sees whether the successor may do what the old key does.
    private func verify(_ key: APIKey) async throws {
        let request = LiteLLMRequest(path: "/key/list?page=1&size=1", doing: "listing keys by the successor")
        let reply = try await client.transmit(request, key, by: client.deadline)
        guard reply.isSuccess else {
            throw LiteLLMFailure(reply, request.doing, at: client.address.shown, now: client.clock.date())
        }
    }

    /// Takes the successor away again, and says so where that fails.
    private func withdrawn(_ error: any Error, hash: String?, alias: String, keys: VirtualKeys) async -> any Error {
        let known = LiteLLMAdministration.known(error)
        do {
            if let hash { try await keys.delete([hash], by: client.deadline) }
            try await keys.delete([alias], areAliases: true, by: client.deadline)
            return known
        } catch {
            return KeyResolutionError(
                known.code,
                "\(known.message); and the successor may be there still",
                remedy:
                    "\(known.remedy). Take the successor away: keyhooks litellm revoke --any \(FileFault.shellWord(alias))"
            )
        }
    }

    /// Takes the old key away.
    ///
    /// - Returns: Its hash if it is there still, and the new key is good.
    /// - Throws: Why the new key may not take it away; the old one is in the file again then.
    private func takeAway(
        _ old: APIKey,
        _ oldHash: String,
        _ newHash: String,
        _ alias: String
    ) async throws -> String? {
        // It reads the file, as everybody does from now on.
        let successor = VirtualKeys(client: client.with(AdminKey(client.adminKey.reference, administration.context)))
        do {
            try await successor.delete([oldHash], by: client.deadline)
            return nil
        } catch let failure as LiteLLMFailure where failure.refusal != nil {
            do throws(SystemFailure) {
                try FileSystem.replace(path, with: Array("\(old.value)\n".utf8), keeping: status)
            } catch {
                return oldHash
            }
            throw await withdrawn(failure, hash: newHash, alias: alias, keys: administration.keys)
        } catch {
            // It isn't known whether it was done.
            do {
                let info = try await successor.info(oldHash, by: client.deadline)
                return info.map { $0.status == .deleted } ?? true ? nil : oldHash
            } catch {
                return oldHash
            }
        }
    }
}

extension LiteLLMClient {
    /// The same client with another admin key.
    fileprivate func with(_ key: AdminKey) -> LiteLLMClient {
        LiteLLMClient(address: address, transport: transport, adminKey: key, clock: clock, timeout: timeout)
    }
}

extension JSONNode {
    /// Whether it says nothing: null, or an object or a list with nothing in it.
    fileprivate var isEmpty: Bool {
        switch kind {
        case .null: true
        case .array(let elements): elements.isEmpty
        case .object(let members): members.isEmpty
        default: false
        }
    }
}
