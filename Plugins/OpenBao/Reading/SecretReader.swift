import HTTPTransport
import KeyHooks
import Synchronization

/// Reads a secret from the server: with the token that is there, and once more with another if that one is dead.
struct SecretReader: Sendable {
    let client: BaoClient
    let tokens: TokenStore
    let timeout: Duration
    let mounts: KVVersionCheck
    let seen = SeenVersions()

    func read(_ address: SecretAddress) async throws -> SourceReading<SecretContent> {
        let deadline = client.clock.now() + timeout
        let token = try await token(by: deadline)
        let response = try await ask(address, token, by: deadline)
        guard case .deadToken(let refusal) = response else {
            return try await reading(response, at: address, token, by: deadline)
        }
        guard let other = try await waiting(by: deadline, { try await tokens.token(insteadOf: token) }) else {
            throw refusal.ofToken(tokens.origin)
        }
        let second = try await ask(address, other, by: deadline)
        switch second {
        case .secret, .absent: tokens.wasAccepted()
        // A new token that is refused as well: another login would change nothing.
        case .deadToken: tokens.wasRefused()
        case .failure: break
        }
        return try await reading(second, at: address, other, by: deadline)
    }

    private func reading(
        _ response: SecretResponse,
        at address: SecretAddress,
        _ token: APIKey,
        by deadline: Duration
    ) async throws -> SourceReading<SecretContent> {
        switch response {
        case .secret(let reading): return reading
        case .absent(let absence):
            try await mounts.verifyAbsence(absence, at: address, token, by: deadline)
            return .absent(.absent(absence))
        case .failure(let failure): throw failure
        case .deadToken(let refusal): throw refusal.ofToken(tokens.origin)
        }
    }

    private func ask(_ address: SecretAddress, _ token: APIKey, by deadline: Duration) async throws -> SecretResponse {
        var request = BaoRequest(path: address.urlPath, token: token, namespace: address.namespace)
        let newest = seen.newest(of: address)
        let lagging = LaggingReply(
            address: address,
            seen: newest,
            mark: client.index.mark,
            serverCount: client.links.count,
            date: client.clock.date
        )
        request.doubt = { lagging.doubt($0, $1) }
        let reply = try await client.send(request, by: deadline)
        let response = SecretResponse(reply, at: address, now: client.clock.date())
        guard case .secret(var reading) = response, let rank = reading.rank, let newest, rank.isOlder(than: newest.rank)
        else { return response }
        reading.replaced = newest.rank
        return .secret(reading)
    }

    private func token(by deadline: Duration) async throws -> APIKey {
        if let token = try tokens.immediateToken() { return token }
        return try await waiting(by: deadline) { try await tokens.token() }
    }

    /// Bounds the wait for a login, which many readers may share and which has a deadline of its own.
    private func waiting<Token: Sendable>(
        by deadline: Duration,
        _ login: @escaping @Sendable () async throws -> Token
    ) async throws -> Token {
        guard tokens.asksServer else { return try await login() }
        do {
            return try await client.clock.run(within: deadline - client.clock.now(), login)
        } catch let error as HTTPTransportError {
            throw BaoFailure(error)
        }
    }
}

extension SecretReader {
    /// The newest version of each secret that was given out, and how long ago a server had it last, as the cache remembers.
    final class SeenVersions: Sendable {
        typealias Newest = (rank: CacheRank, age: Duration)

        private let source = Mutex<(@Sendable (SecretAddress) -> Newest?)?>(nil)

        /// Says whom to ask; the cache is made after the reader.
        func ask(_ source: @escaping @Sendable (SecretAddress) -> Newest?) {
            self.source.withLock { $0 = source }
        }

        /// The newest version; nil if none was seen, or if a version is asked for by its number.
        func newest(of address: SecretAddress) -> Newest? {
            address.version == nil ? source.withLock(\.self)?(address) : nil
        }
    }
}
