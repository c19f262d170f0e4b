import ExtensionHooks
import HTTPTransport
import JSON5Syntax
import KeyHooks
import Synchronization

/// Reads a secret from the server: with the token that is there, and once more with another if that one is dead.
struct SecretReader: Sendable {
    let client: BaoClient
    let tokens: TokenStore
    let timeout: Duration
    /// How long what is lent is asked to last; nil for what the server says.
    let duration: Duration?
    let mounts: KVVersionCheck
    /// The namespace that the token is of.
    let tokenNamespace: String?
    let seen = SeenVersions()

    func read(_ address: SecretAddress, within time: Duration? = nil) async throws -> SourceReading<BaoContent> {
        try await withToken(within: time) { try await ask(address, $0, by: $1) }
    }

    /// Sends a request that is no read of a secret.
    ///
    /// - Parameters:
    ///   - request: The request, without a token.
    ///   - time: How long it may take in all; nil for what the configuration says.
    ///   - refusal: What a reply means that isn't a success; nil for one that the caller understands.
    /// - Returns: The reply.
    /// - Throws: What `refusal` says, or a ``BaoFailure`` if no server replied in time.
    func send(
        _ request: BaoRequest,
        within time: Duration?,
        refusal: @escaping @Sendable (OpenBaoResponse) -> BaoFailure?
    ) async throws -> OpenBaoResponse {
        try await withToken(within: time) { token, deadline in
            var request = request
            request.token = token
            let reply = try await client.send(request, by: deadline)
            if let failure = refusal(reply) { throw failure }
            return reply
        }
    }

    /// Does something with the token that is there, and once more with another if that one is dead.
    func withToken<Result>(
        within time: Duration?,
        _ body: (_ token: APIKey, _ deadline: Duration) async throws -> Result
    ) async throws -> Result {
        let deadline = client.clock.now() + min(timeout, time?.bounded ?? timeout)
        let token = try await token(by: deadline)
        do {
            return try await body(token, deadline)
        } catch let refusal as BaoFailure where refusal.isOfToken {
            guard let other = try await waiting(by: deadline, { try await tokens.token(insteadOf: token) }) else {
                throw refusal.ofToken(tokens.origin)
            }
            do {
                let result = try await body(other, deadline)
                tokens.wasAccepted()
                return result
            } catch let refusal as BaoFailure where refusal.isOfToken {
                // A new token that is refused as well: another login would change nothing.
                tokens.wasRefused()
                throw refusal.ofToken(tokens.origin)
            }
        }
    }

    private func ask(
        _ address: SecretAddress,
        _ token: APIKey,
        by deadline: Duration
    ) async throws -> SourceReading<BaoContent> {
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
        var reading = try reply.secret(at: address, now: client.clock.date())
        if case .absent(.missing)? = reading.content {
            try await mounts.verifyAbsence(at: address, token, by: deadline)
        }
        if let newest, reading.rank?.isOlder(than: newest.rank) == true { reading.replaced = newest.rank }
        return reading
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
    /// The newest version of each secret that was given out, and how long ago a server had it last, as the cache
    /// remembers.
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

extension SecretReader {
    /// A reader as a configuration and the environment describe it.
    init(
        _ configuration: OpenBaoConfiguration,
        _ environment: BaoEnvironment,
        _ servers: ConfiguredServers,
        _ clock: some Clock<Duration>,
        _ sourceClock: SourceClock,
        namespace: String?
    ) throws(KeyResolutionError) {
        let window = configuration.settings.cache.failureBackoff.upperBound.bounded
        client = BaoClient(health: ServerHealth(servers.links, sourceClock, window: window), clock: sourceClock)
        duration = configuration.duration
        timeout = (configuration.settings.timeout ?? .seconds(Int64.max)).bounded
        mounts = KVVersionCheck(client)
        let mount = configuration.appRole?.mount ?? "approle"
        // A configured "/" is the root, wherever the secrets are.
        tokenNamespace =
            configuration.loginNamespace == nil
            ? namespace : try OpenBaoKeySource.namespace(configuration.loginNamespace)
        let login = BaoLogin(
            client: client,
            credentials: CredentialSource(environment: environment),
            token: configuration.token,
            appRole: configuration.appRole,
            mount: try PathTemplate(mount, setting: "appRole.mount").fixed(),
            namespace: tokenNamespace,
            timeout: timeout
        )
        tokens = TokenStore(login, clock: clock, sourceClock: sourceClock)
    }
}

/// Makes sure that a mount is KV v2 before its first absence is believed.
///
/// A KV engine of version 1 answers the same 404 for every secret, those that it has included; the environment would
/// answer in their place.
final class KVVersionCheck: Sendable {
    private let client: BaoClient
    private let known = Mutex<Set<[String]>>([])

    init(_ client: BaoClient) {
        self.client = client
    }

    /// Throws if an absence can't be believed because of the mount.
    func verifyAbsence(at address: SecretAddress, _ token: APIKey, by deadline: Duration) async throws {
        let mount = [address.namespace ?? ""] + address.mount
        guard !known.withLock({ $0.contains(mount) }) else { return }
        let path = "/v1/sys/internal/ui/mounts/" + address.mount.map(percentEncoded).joined(separator: "/")
        let request = BaoRequest(path: path, token: token, namespace: address.namespace)
        let reply = try await client.send(request, by: deadline)
        if !reply.isAnswer || reply.status == 429 {
            throw BaoFailure(reply, reading: address.place, now: client.clock.date())
        }
        // A token that may not ask is no reason to doubt; anything else that is no answer is one.
        if reply.status == 403 { return }
        let name = address.mount.joined(separator: "/")
        guard reply.status == 200, let data = reply.json?["data"], data.members != nil else {
            let said = "OpenBao does not say what \(name) is (\(reply.status))"
            let message = "\(said), so that there is no \(address.place) is not believed"
            let remedy = "check the address, and see the server's log"
            throw BaoFailure(.unavailable, message, remedy: remedy).through(reply.proxy)
        }
        guard data["options"]?["version"]?.string == "2" else {
            let remedy = "check 'mount', or upgrade the engine: 'bao kv enable-versioning'"
            throw BaoFailure.invalidConfiguration("\(name) isn't a KV engine of version 2", remedy: remedy)
                .through(reply.proxy)
        }
        known.withLock { _ = $0.insert(mount) }
    }
}
