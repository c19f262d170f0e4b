import JSON5Syntax
import KeyHooks
import LightFoundation
import ServerSettings

/// What the server makes and lends: credentials of a role, a shared account, a token of its own.
///
/// Leases are the server's: they are renewed and revoked at `sys/leases`, tokens by their accessor, and an account is
/// checked in by that.
extension SecretReader {
    /// Who lends, for what a crash leaves behind: the servers, and the login that may give it back.
    var lender: String {
        let servers = client.links.map(\.address.shown).joined(separator: ", ")
        let account = [tokenNamespace.map { "namespace \($0)" }, tokens.account].compactMap(\.self)
        return (["openbao at \(servers)"] + account).joined(separator: "; ")
    }

    /// Whether a lease is of one of these servers, which may be others than when it was lent.
    func isOwn(_ record: LeaseRecord) -> Bool {
        guard record.lender.hasPrefix("openbao at ") else { return false }
        let servers = Set(client.links.map(\.address.shown))
        return record.lender.dropFirst("openbao at ".count).prefix { $0 != ";" }.split(separator: ", ")
            .contains { servers.contains(String($0)) }
    }

    /// Borrows what is at a location.
    func lend(_ address: SecretAddress) async throws -> SourceReading<BaoContent> {
        try await withIdentity(within: nil) { identity, deadline in
            let token = try Self.lasting(identity, at: address)
            // One that was given says nothing of its end by itself.
            let known = try await tokens.lifeOfGivenToken(identity, by: deadline)
            if known?.usesAreLimited == true { throw Self.counted(at: address) }
            let reply = try await client.send(try request(for: address, identity), by: deadline)
            if let failure = reply.inlineRefusal { throw failure }
            var reading = try reply.lent(at: address, now: client.clock.date())
            // An engine lends for as long as its role says.
            reading.lease?.limit = duration
            reading.lease?.login = token.mark
            reading.lease?.bound = tokens.remainingLife(ofMark: token.mark)
            return reading
        }
    }

    /// The token that something may be lent for: the server takes back what it lent when that ends.
    private static func lasting(_ identity: BaoIdentity, at address: SecretAddress) throws(BaoFailure) -> APIKey {
        func refusal(_ why: String) -> BaoFailure {
            .invalidConfiguration(
                "nothing can be lent at \(address.place): \(why)",
                remedy: "use a login of another kind for what is lent"
            )
        }
        guard let token = identity.token else {
            throw refusal("an inline login ends with its request, and so would what is lent for it")
        }
        if identity.hasLimitedUses { throw counted(at: address) }
        return token
    }

    private static func counted(at address: SecretAddress) -> BaoFailure {
        .invalidConfiguration(
            "nothing can be lent at \(address.place): the token may be used a limited number of times, and what is lent ends "
                + "with its last use",
            remedy: "use a token, or a login, without a number of uses"
        )
    }

    private func request(for address: SecretAddress, _ identity: BaoIdentity) throws -> BaoRequest {
        var request = BaoRequest(path: address.urlPath, identity: identity, namespace: address.namespace)
        // What may have been made is not made again: nobody would know of the first one.
        request.isWrite = true
        guard address.kind != .creds else { return request }
        request.method = "POST"
        request.body = try Self.body(["ttl": duration.map(Self.seconds)])
        if address.kind == .library { request.path += "/check-out" }
        return request
    }

    /// Makes a lease last longer; nil if the server doesn't know it any more.
    func renew(_ lease: KeyLease, of address: SecretAddress) async throws -> KeyLease? {
        let increment = duration.map(Self.seconds)
        let isToken = address.kind == .tokenRole
        let body = try Self.body([
            isToken ? "accessor" : "lease_id": lease.id, "increment": increment,
        ])
        let path = isToken ? "auth/token/renew-accessor" : "sys/leases/renew"
        let request = BaoRequest(method: "POST", path: "/v1/\(path)", namespace: address.namespace, body: body)
        let reply = try await send(request, within: nil) { [clock = client.clock] reply in
            if (200...299).contains(reply.status) && reply.isOwn || reply.isLostLease { return nil }
            return reply.failure(renewing: address, at: path, now: clock.date())
        }
        guard !reply.isLostLease else { return nil }
        var renewed = lease
        let terms = isToken ? reply.json?["auth"] : reply.json
        guard let seconds = terms?["lease_duration"]?.wholeNumber else {
            throw BaoFailure.unavailable(
                "the reply to the renewal of \(address.place) doesn't say how long it lasts",
                remedy: "check the address: OpenBao does not answer so"
            )
        }
        renewed.life = .seconds(seconds)
        renewed.isRenewable = terms?["renewable"]?.kind == .bool(true)
        if let login = lease.login {
            renewed.bound = tokens.remainingLife(ofMark: login)
            // It ends with the login that it was lent for, however long it would last.
            if !tokens.holds(mark: login) { renewed.isRenewable = false }
        }
        return renewed
    }

    /// Revokes a lease; of an account that was checked out that checks it in, and no other that has it by then.
    func giveBack(_ record: LeaseRecord) async throws {
        // What the server made without an answer is known to nobody; its own end bounds it.
        guard let id = record.id else { return }
        let kind = record.details["kind"].flatMap(SecretKind.init) ?? .creds
        let namespace = try OpenBaoKeySource.namespace(record.details["namespace"])
        let path = kind == .tokenRole ? "auth/token/revoke-accessor" : "sys/leases/revoke"
        var request = BaoRequest(method: "POST", path: "/v1/\(path)", namespace: namespace)
        if kind == .tokenRole {
            request.body = try Self.body(["accessor": id])
        } else {
            // Success says then that it is done, and not that it will be.
            request.body = try JSONNode.object(["lease_id": .string(id), "sync": .bool(true)]).jsonBytes()
        }
        _ = try await send(request, within: nil) { [clock = client.clock] reply in
            // What isn't there any more is given back. A page of something in between isn't the server's word.
            let isSaid = reply.status == 204 || reply.json?["request_id"] != nil
            if (200...299).contains(reply.status) && reply.isOwn && isSaid || reply.isLostLease { return nil }
            return reply.failure(revoking: record.place, at: path, now: clock.date())
        }
    }

    private static func seconds(_ duration: Duration) -> String { "\(Int(duration / .seconds(1)))s" }

    private static func body(_ members: [String: String?]) throws -> [UInt8] {
        let members = members.compactMapValues(\.self).sorted { $0.key < $1.key }
        return try JSONNode(.object(members.map { JSONMember($0.key, JSONNode(.string($0.value))) })).jsonBytes()
    }
}

extension OpenBaoResponse {
    /// What a reply to a loan means.
    ///
    /// - Throws: A ``BaoFailure``.
    fileprivate func lent(at address: SecretAddress, now: Date) throws(BaoFailure) -> SourceReading<BaoContent> {
        switch status {
        case 200...299 where isOwn: return try loan(at: address)
        case 403 where isOwn:
            throw refusal(of: address, ("borrowing", address.kind == .creds ? "read" : "update", address.kind.part))
        case 400 where isOwn && !isBeingUpgraded:
            let remedy =
                switch address.kind {
                case .kv, .creds: "check the role's name, and 'mount'"
                case .library: "check the set's name and 'duration', and whether an account is free"
                case .tokenRole:
                    "check the role's name, and that the login gives no batch token and none of limited uses: those can't "
                        + "have tokens made"
                }
            throw BaoFailure(.invalidConfiguration, "OpenBao lends nothing at \(address.place) (400)", remedy: remedy)
                .through(proxy)
        case 405 where isOwn:
            throw BaoFailure(
                .invalidConfiguration,
                "nothing is lent at \(address.place)",
                remedy: "check 'mount', which may be another engine"
            )
            .through(proxy)
        case 404 where isOwn:
            let absence = try absence(of: address)
            throw BaoFailure(
                .invalidConfiguration,
                "there is no \(address.place): \(absence.description(of: address))",
                remedy: "check '\(address.kind.setting)' and 'mount'"
            )
            .through(proxy)
        default: throw BaoFailure(self, reading: address.place, now: now)
        }
    }

    private func loan(at address: SecretAddress) throws(BaoFailure) -> SourceReading<BaoContent> {
        let isToken = address.kind == .tokenRole
        let terms = isToken ? json?["auth"] : json
        let fields =
            isToken
            ? terms?["client_token"]?.string.map { JSONNode(.object([JSONMember("token", JSONNode(.string($0)))])) }
            : json?["data"]
        let id = terms?[isToken ? "accessor" : "lease_id"]?.string ?? ""
        // What has an id is there, whatever it lacks: it is kept, and given back.
        guard let fields = fields?.members == nil ? (id.isEmpty ? nil : JSONNode.object([:])) : fields else {
            throw BaoFailure(
                .invalidConfiguration,
                "the reply for \(address.place) has nothing that is lent",
                remedy: "check 'mount': an engine answers at \(address.kind.part)/ with data and a lease"
            )
            .through(proxy)
        }
        var lease = KeyLease(
            id: id,
            life: .seconds(terms?["lease_duration"]?.wholeNumber ?? 0),
            isRenewable: terms?["renewable"]?.kind == .bool(true)
        )
        if isToken, let uses = terms?["num_uses"]?.wholeNumber, uses > 0 { lease.uses = uses }
        lease.details["kind"] = address.kind.rawValue
        lease.details["namespace"] = address.namespace
        return .lent(.fields(fields), under: lease)
    }

    /// Whether the server doesn't know a lease any more, in the words of OpenBao 2.7.2.
    fileprivate var isLostLease: Bool {
        [400, 403, 404].contains(status) && isOwn
            && (says("lease not found") || says("invalid lease") || says("lease expired") || says("invalid accessor"))
    }

    fileprivate func failure(renewing address: SecretAddress, at path: String, now: Date) -> BaoFailure? {
        // It isn't renewable, or its engine can't do it: as with a denial another one is borrowed, and this one given back.
        if status == 400, isOwn, !isBeingUpgraded {
            return BaoFailure(
                .denied,
                "the lease of \(address.place) can't be renewed",
                remedy: "nothing: another one is borrowed"
            )
        }
        return failure("renewing", at: address.place, by: path, now)
    }

    fileprivate func failure(revoking place: String, at path: String, now: Date) -> BaoFailure? {
        failure("giving back", at: place, by: path, now)
    }

    private func failure(_ doing: String, at place: String, by path: String, _ now: Date) -> BaoFailure {
        guard status == 403, isOwn else { return BaoFailure(self, reading: "the lease of \(place)", now: now) }
        guard says("1 error occurred:") else { return .tokenRefused.through(proxy) }
        return BaoFailure(
            .denied,
            "OpenBao denies \(doing) what was lent at \(place)",
            remedy: "give the token a policy with update on \(path): see 'keyhooks openbao policy'"
        )
        .through(proxy)
    }
}
