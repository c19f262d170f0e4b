import ExtensionHooks
import HTTPTransport
import JSON5Syntax
import KeyHooks
import ServerSettings
import Synchronization

/// Reads a secret from the server: with the token that is there, and once more with another if that one is dead.
struct SecretReader: Sendable {
    let client: BaoClient
    let tokens: TokenStore
    let timeout: Duration
    /// How long what is lent is asked to last; nil for what the server says.
    let duration: Duration?
    let mounts: KVMounts
    /// The namespace that the token is of.
    let tokenNamespace: String?
    let seen = SeenVersions()

    func read(_ address: SecretAddress, within time: Duration? = nil) async throws -> SourceReading<BaoContent> {
        try await withIdentity(within: time) { try await ask(address, $0, by: $1) }
    }

    /// Sends a request that is no read of a secret.
    ///
    /// - Parameters:
    ///   - request: The request, without a token.
    ///   - time: How long it may take in all; nil for what the configuration says.
    ///   - address: The secret that it changes; nil if it changes none.
    ///   - refusal: What a reply means that isn't a success; nil for one that the caller understands.
    /// - Returns: The reply.
    /// - Throws: What `refusal` says, or a ``BaoFailure`` if no server replied in time.
    func send(
        _ request: BaoRequest,
        within time: Duration?,
        changing address: SecretAddress? = nil,
        refusal: @escaping @Sendable (OpenBaoResponse) -> BaoFailure?
    ) async throws -> OpenBaoResponse {
        try await withIdentity(within: time) { identity, deadline in
            if let address { try await mounts.requireVersions(of: address, identity, by: deadline) }
            var request = request
            request.identity = identity
            let reply = try await client.send(request, by: deadline)
            if let failure = reply.inlineRefusal { throw failure }
            if let failure = refusal(reply) { throw failure }
            return reply
        }
    }

    /// Does something with the token that is there, and once more with another if that one is dead; the same with a
    /// login that goes with the request.
    func withIdentity<Result>(
        within time: Duration?,
        _ body: (_ identity: BaoIdentity, _ deadline: Duration) async throws -> Result
    ) async throws -> Result {
        let deadline = client.clock.now() + min(timeout, time?.bounded ?? timeout)
        let identity = try await identity(by: deadline)
        do {
            return try await attempt(identity, by: deadline, body)
        } catch let refusal as BaoFailure where refusal.isOfToken {
            let other = try await waiting(by: deadline) {
                try await tokens.identity(insteadOf: identity, after: refusal)
            }
            guard let other else { throw refusal.ofToken(identity, tokens.origin) }
            do {
                let result = try await attempt(other, by: deadline, body)
                tokens.wasAccepted()
                return result
            } catch let refusal as BaoFailure where refusal.isOfToken {
                // A new token that is refused as well: another login would change nothing.
                tokens.wasRefused()
                throw refusal.ofToken(other, tokens.origin)
            }
        }
    }

    /// Does something as somebody; with a login that the request brings when it is its turn.
    private func attempt<Result>(
        _ identity: BaoIdentity,
        by deadline: Duration,
        _ body: (_ identity: BaoIdentity, _ deadline: Duration) async throws -> Result
    ) async throws -> Result {
        guard let inline = identity.inline else { return try await body(identity, deadline) }
        return try await tokens.refusals(of: inline)
            .bring(
                inline.credentials,
                waiting: { try await client.waiting(by: deadline, $0) },
                outcome: { error in
                    guard let failure = error as? BaoFailure else { return .unknown }
                    if failure.isOfToken { return .refused(failure) }
                    // Who is denied a secret was let in.
                    return failure.error.code == .denied ? .accepted : .unknown
                },
                { try await body(identity, deadline) }
            )
    }

    private func ask(
        _ address: SecretAddress,
        _ identity: BaoIdentity,
        by deadline: Duration
    ) async throws -> SourceReading<BaoContent> {
        if mounts.version(of: address) == 1,
            let reading = try await mounts.readFlat(address, identity, by: deadline)
        {
            return reading
        }
        var request = BaoRequest(path: address.urlPath, identity: identity, namespace: address.namespace)
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
        if try await mounts.isFlat(after: reply, at: address, identity, by: deadline),
            let reading = try await mounts.readFlat(address, identity, by: deadline)
        {
            return reading
        }
        var reading = try reply.secret(at: address, now: client.clock.date())
        if let newest, reading.rank?.isOlder(than: newest.rank) == true { reading.replaced = newest.rank }
        return reading
    }

    private func identity(by deadline: Duration) async throws -> BaoIdentity {
        if let identity = try tokens.immediateIdentity() { return identity }
        return try await waiting(by: deadline) { try await tokens.identity() }
    }

    /// Bounds the wait for a login, which many readers may share and which has a deadline of its own.
    private func waiting<Identity: Sendable>(
        by deadline: Duration,
        _ login: @escaping @Sendable () async throws -> Identity
    ) async throws -> Identity {
        guard tokens.asksServer else { return try await login() }
        return try await client.waiting(by: deadline, login)
    }
}

extension BaoClient {
    /// Bounds a wait for what others do.
    func waiting<Success: Sendable>(
        by deadline: Duration,
        _ body: @escaping @Sendable () async throws -> Success
    ) async throws -> Success {
        do {
            return try await clock.run(within: deadline - clock.now(), body)
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
        mounts = KVMounts(client, fixed: configuration.kv, timeToLive: configuration.settings.cache.timeToLive)
        // A configured "/" is the root, wherever the secrets are.
        let loginNamespace =
            configuration.loginNamespace == nil
            ? namespace : try OpenBaoKeySource.namespace(configuration.loginNamespace)
        tokenNamespace = loginNamespace
        let (client, credentials) = (client, CredentialSource(environment: environment))
        let names = Set(client.links.map(\.address.shown))
        // The system's clock is one for all; any other is a program's own.
        let ownClock = type(of: clock) is AnyObject.Type ? ObjectIdentifier(clock as AnyObject) : nil
        let certificate = servers.links.first?.connection?.settings.clientCertificate
        let ways = try configuration.ways()
            .map { login throws(KeyResolutionError) in
                let method = try LoginMethod(login, defaultNamespace: loginNamespace, certificate: certificate)
                let wrapped = method.creationPath.map {
                    WrappedSecretID(
                        client,
                        namespace: method.namespace,
                        creationPath: $0,
                        .shared(method.place(at: names, ownClock), $0, login.secret)
                    )
                }
                let refusals = LoginRefusals.shared(
                    method.place(at: names, ownClock),
                    pause: method.pause,
                    isOfUser: method.isOfUser,
                    sourceClock
                )
                return LoginWay(method: method, refusals: refusals, wrapped: wrapped)
            }
        let login = BaoLogin(
            client: client,
            credentials: credentials,
            ways: ways,
            timeout: timeout,
            namespace: loginNamespace
        )
        tokens = TokenStore(login, clock: clock, sourceClock: sourceClock, random: configuration.random)
    }
}

extension OpenBaoConfiguration {
    /// The logins to try in order; none where OpenBao's own variables and files say the token.
    fileprivate func ways() throws(KeyResolutionError) -> [OpenBaoLogin] {
        if let kv, kv != 1, kv != 2 {
            throw .invalidConfiguration("there is no version \(kv) of the KV engine", remedy: "set kv to 1 or 2")
        }
        guard !logins.isEmpty else {
            if let appRole {
                var login = OpenBaoLogin.appRole(roleID: appRole.roleID, secretID: appRole.secretID)
                _ = try PathTemplate(appRole.mount, setting: "appRole.mount").fixed()
                login.mount = appRole.mount
                return [login]
            }
            return token.map { [.token($0)] } ?? []
        }
        guard token == nil, appRole == nil else {
            throw .invalidConfiguration(
                "OpenBao is to be asked with a token or an AppRole, and by a list of logins",
                remedy: "use one of token, appRole and logins: a login may be a token or an AppRole"
            )
        }
        return logins
    }
}
