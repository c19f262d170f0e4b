import JSON5Syntax
import KeyHooks
import Synchronization

/// What the server says of tokens that nobody here logged in for; each is looked up once, and again near its end, since
/// its owner may have renewed it.
final class GivenTokenLives: Sendable {
    private enum Life {
        /// The token may not look itself up.
        case unknown
        case known(ends: Duration?, usesAreLimited: Bool)

        func isNearEnd(at now: Duration) -> Bool {
            if case .known(let ends?, _) = self { ends - now < .seconds(60) } else { false }
        }
    }

    /// By the marks of the tokens.
    private let lives = Mutex<[Int: Life]>([:])

    /// The rest of a token's life, and whether its uses are counted.
    func life(
        of token: APIKey,
        _ client: BaoClient,
        _ namespace: String?,
        by deadline: Duration
    ) async throws -> (life: Duration?, usesAreLimited: Bool)? {
        let known = lives.withLock { $0[token.mark] }
        let life: Life
        if let known, !known.isNearEnd(at: client.clock.now()) {
            life = known
        } else {
            life = try await look(at: token, client, namespace, by: deadline)
            lives.withLock { lives in
                if lives.count >= 100 { lives = [:] }
                lives[token.mark] = life
            }
        }
        guard case .known(let ends, let usesAreLimited) = life else { return nil }
        return (ends.map { max(.zero, $0 - client.clock.now()) }, usesAreLimited)
    }

    /// The rest of a token's life as far as it is known without asking; nil if it isn't, or if it doesn't end.
    func known(_ mark: Int, at now: Duration) -> Duration? {
        guard case .known(let ends?, _)? = lives.withLock({ $0[mark] }) else { return nil }
        return max(.zero, ends - now)
    }

    private func look(
        at token: APIKey,
        _ client: BaoClient,
        _ namespace: String?,
        by deadline: Duration
    ) async throws -> Life {
        var request = BaoRequest(path: "/v1/auth/token/lookup-self", namespace: namespace)
        request.identity = BaoIdentity(token)
        // Each look may cost a use, so it goes to one server, once.
        request.isWrite = true
        let reply = try await client.send(request, by: deadline)
        switch reply.status {
        case 200...299 where reply.isOwn:
            let data = reply.json?["data"]
            // Looked up with its last use it is gone.
            let uses = data?["num_uses"]?.wholeNumber ?? 0
            guard let ttl = data?["ttl"]?.wholeNumber else { return .unknown }
            return .known(ends: ttl > 0 ? client.clock.now() + .seconds(ttl) : nil, usesAreLimited: uses != 0)
        // Good, and without the policy `default`.
        case 403 where reply.isOwn && reply.says("1 error occurred:"): return .unknown
        case 403 where reply.isOwn: throw BaoFailure.tokenRefused.through(reply.proxy)
        default: throw BaoFailure(reply, reading: "the token", now: client.clock.date())
        }
    }
}
