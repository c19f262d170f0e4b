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

    /// How many keys of static roles are blocked, since whoever has the old admin key can derive them.
    package let blocked: Int

    /// The static roles of which keys may be good still that were derived from the old admin key.
    package let unblocked: [String]
}

extension LiteLLMAdministration {
    /// Has a successor of the admin key made, writes it to the file, and takes the old one away.
    ///
    /// It belongs to the same user and has the same limits. Until the file has it, anything that fails has the successor
    /// taken away again. What an earlier run left that was interrupted is taken away first.
    ///
    /// - Returns: The new key's names.
    /// - Throws: A `KeyResolutionError`; the old key is still good then, and the error says what is in the file if that
    ///   is another key, and if the successor may be there too.
    package func rotateAdminKey() async throws(KeyResolutionError) -> RotatedAdminKey {
        let rotation = try AdminKeyRotation(self)
        do {
            return try await rotation.locked { try await rotation.run() }
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
struct AdminKeyRotation: Sendable {
    let administration: LiteLLMAdministration
    let path: String
    let status: FileStatus

    private var client: LiteLLMClient { administration.client }

    var shown: String { PastedKey.shownPath(path) }

    /// Does something while no other rotation of this file does anything; the file of the lock stays.
    func locked<Result>(_ body: () async throws -> Result) async throws -> Result {
        let lock = try await FileLock.waiting(for: "\(path).lock", patience: .seconds(10))
        let result: Swift.Result<Result, any Error>
        do { result = .success(try await body()) } catch { result = .failure(error) }
        _ = consume lock
        return try result.get()
    }

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
        let old = try inFile()
        let oldHash = VirtualKeys.hash(of: old.value)
        let successor = try await AdminKeySuccessor(of: oldHash, client)
        // Before anything is made: what the old key may not do, its successor may not either.
        let refused = try await refusals(of: old)
        for step in Self.needed {
            if let failure = refused[step] { throw failure }
        }
        let remains = try await administration.remains(of: oldHash)
        if !remains.isEmpty { try await administration.keys.delete(remains, by: client.deadline) }
        let (key, info) = try await make(successor.members, successor.alias)
        do {
            let more = try await refusals(of: APIKey(key))
            if let (_, failure) = more.first(where: { refused[$0.key] == nil }) { throw failure }
            guard try inFile() == old else { throw changed }
            do throws(SystemFailure) {
                try FileSystem.replace(path, with: Array("\(key)\n".utf8), keeping: status)
            } catch {
                throw unwritable(error)
            }
        } catch {
            throw await withdrawn(error, hash: info.token, alias: successor.alias, keys: administration.keys)
        }
        // It reads the file, as everybody does from now on.
        let new = client.with(AdminKey(client.adminKey.reference, administration.context))
        let left = try await takeAway(old, oldHash, info.token, successor.alias, by: VirtualKeys(client: new))
        var (blocked, roles) = (0, administration.staticRoles)
        if left == nil {
            (blocked, roles) = await administration.blockStaticKeys(madeBy: successor.userID, by: new)
        }
        return RotatedAdminKey(
            alias: successor.alias,
            hash: info.token,
            expiresAt: info.expiresAt,
            file: path,
            left: left,
            blocked: blocked,
            unblocked: roles
        )
    }

    /// The key that the file has now.
    func inFile() throws(KeyResolutionError) -> APIKey {
        try AdminKey(client.adminKey.reference, administration.context).current()
    }

    private var changed: KeyResolutionError {
        KeyResolutionError(
            .unavailable,
            "\(shown) was changed meanwhile",
            remedy: "see who changes it, and try again"
        )
    }

    private func make(_ members: [JSONMember], _ alias: String) async throws -> (key: String, info: VirtualKeyInfo) {
        let doing = "making a successor of the admin key"
        let own = VirtualKeyMinter.randomKey()
        let keys = administration.keys
        do {
            return try await keys.generate(
                members + [JSONMember("key", .string(own))],
                as: own,
                doing,
                by: client.deadline
            )
        } catch let failure as LiteLLMFailure where failure.mayBeDone {
            throw await withdrawn(failure, hash: VirtualKeys.hash(of: own), alias: alias, keys: keys)
        } catch let failure as LiteLLMFailure where failure.refusal == .customKeys {
            do {
                return try await keys.generate(members, doing, by: client.deadline)
            } catch let failure as LiteLLMFailure where failure.mayBeDone {
                throw await withdrawn(failure, hash: nil, alias: alias, keys: keys)
            }
        }
    }

    /// What a key must be allowed for its successor to take its place.
    private static let needed = ["/key/list", "/key/info", "/key/delete"]

    /// What a key may not do with keys, and why; tried on a key that isn't there, so that nothing is changed.
    private func refusals(of key: APIKey) async throws -> [String: LiteLLMFailure] {
        let nobody = VirtualKeys.hash(of: VirtualKeyMinter.randomKey())
        let body = JSONNode.object(["key": .string(nobody)])
        let steps: [(path: String, query: String, body: JSONNode?, doing: String)] = [
            ("/key/list", "?page=1&size=1", nil, "listing keys"),
            ("/key/info", "?key=\(nobody)", nil, "looking at a key"),
            ("/key/delete", "", JSONNode.object(["keys": .array([.string(nobody)])]), "taking a key away"),
            (
                "/key/update", "", JSONNode.object(["key": .string(nobody), "duration": .string("1h")]),
                "renewing a key"
            ),
            ("/key/block", "", body, "blocking a key"),
        ]
        var refusals: [String: LiteLLMFailure] = [:]
        for (path, query, body, doing) in steps {
            let method = body == nil ? "GET" : "POST"
            let request = LiteLLMRequest(method: method, path: path + query, body: body, doing: doing)
            let reply = try await client.transmit(request, key, by: client.deadline)
            guard !reply.isSuccess, reply.refusal() != .unknown else { continue }
            let failure = LiteLLMFailure(reply, doing, at: client.address.shown, now: client.clock.date())
            guard failure.refusal != nil else { throw failure }
            refusals[path] = failure
        }
        return refusals
    }

    /// Takes the successor away again, and says so where that fails.
    private func withdrawn(_ error: any Error, hash: String?, alias: String, keys: VirtualKeys) async -> any Error {
        let known = LiteLLMAdministration.known(error)
        do {
            if let hash { try await keys.delete([hash], by: client.deadline) }
            try await keys.delete([alias], areAliases: true, by: client.deadline)
            return known
        } catch {
            let name = hash.map { String($0.prefix(12)) } ?? FileFault.shellWord(alias)
            return KeyResolutionError(
                known.code,
                "\(known.message); and the successor may be there still",
                remedy: "\(known.remedy). Take the successor away: keyhooks litellm revoke --any \(name)"
            )
        }
    }

    /// Takes the old key away.
    ///
    /// - Returns: Its hash if it is there still, and the new key is good.
    /// - Throws: Why the new key may not take it away; the old one is in the file again then, unless somebody else wrote
    ///   another one there.
    private func takeAway(
        _ old: APIKey,
        _ oldHash: String,
        _ newHash: String,
        _ alias: String,
        by successor: VirtualKeys
    ) async throws -> String? {
        do {
            try await successor.delete([oldHash], by: client.deadline)
            return nil
        } catch let failure as LiteLLMFailure where failure.refusal != nil {
            // What somebody else wrote there meanwhile stays.
            guard let there = try? inFile(), VirtualKeys.hash(of: there.value) == newHash else {
                throw await withdrawn(changed, hash: newHash, alias: alias, keys: administration.keys)
            }
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
