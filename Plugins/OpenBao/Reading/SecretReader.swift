import ExtensionHooks
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
            return .absent(content: .absent(absence))
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
        _ transport: (any HTTPTransport)?,
        _ clock: some Clock<Duration>,
        _ sourceClock: SourceClock,
        namespace: String?
    ) throws(KeyResolutionError) {
        let links = try Self.links(configuration, environment, transport)
        let window = configuration.settings.cache.failureBackoff.upperBound.bounded
        client = BaoClient(health: ServerHealth(links, sourceClock, window: window), clock: sourceClock)
        timeout = (configuration.settings.timeout ?? .seconds(Int64.max)).bounded
        mounts = KVVersionCheck(client)
        let mount = configuration.appRole?.mount ?? "approle"
        let login = BaoLogin(
            client: client,
            credentials: CredentialSource(environment: environment),
            token: configuration.token,
            appRole: configuration.appRole,
            mount: try PathTemplate(mount, setting: "appRole.mount").fixed(),
            // A configured "/" is the root, wherever the secrets are.
            namespace: configuration.loginNamespace == nil
                ? namespace : try OpenBaoKeySource.namespace(configuration.loginNamespace),
            timeout: timeout
        )
        tokens = TokenStore(login, clock: clock, sourceClock: sourceClock)
    }

    /// Where the servers' addresses were said.
    static func place(_ configuration: OpenBaoConfiguration, _ environment: BaoEnvironment) -> String {
        guard configuration.addresses == nil else { return configuration.addressPlace ?? "the program" }
        return ambientAddress(environment).map { environment.variable($0) } ?? "the default"
    }

    /// Whether nobody said an address.
    static func isDefaultAddress(_ configuration: OpenBaoConfiguration, _ environment: BaoEnvironment) -> Bool {
        configuration.addresses == nil && ambientAddress(environment) == nil
    }

    /// The name of the variable that says the address, without its beginning.
    private static func ambientAddress(_ environment: BaoEnvironment) -> String? {
        ["AGENT_ADDR", "ADDR"].first { environment.value($0) != nil }
    }

    /// The servers with what sends requests to each: one transport for all that are reached by a network.
    private static func links(
        _ configuration: OpenBaoConfiguration,
        _ environment: BaoEnvironment,
        _ transport: (any HTTPTransport)?
    ) throws(KeyResolutionError) -> [ServerLink] {
        let addresses = try addresses(configuration.addresses, environment)
        if let transport {
            guard addresses.allSatisfy({ $0.socket == nil }) else {
                throw KeyResolutionError(
                    .invalidConfiguration,
                    "an address of OpenBao is a Unix socket, which a transport of one's own does not know",
                    remedy: "give no transport, or one that connects to the socket and an address with http://"
                )
            }
            return addresses.map { ServerLink(address: $0, transport: transport) }
        }
        let connection = try configuration.connection(environment)
        let common = connection.settings.transport()
        return addresses.map { address in
            guard let socket = address.socket else {
                return ServerLink(address: address, transport: common, connection: connection)
            }
            var local = connection.settings
            local.unixSocket = socket
            local.proxy = .none
            return ServerLink(address: address, transport: local.transport(), connection: connection)
        }
    }

    private static func addresses(
        _ configured: [String]?,
        _ environment: BaoEnvironment
    ) throws(KeyResolutionError) -> [ServerAddress] {
        let variable = ambientAddress(environment)
        let ambient = variable.flatMap { environment.value($0) } ?? "https://127.0.0.1:8200"
        var addresses: [ServerAddress] = []
        for text in configured ?? [ambient] {
            let setting = configured == nil ? variable.map { environment.variable($0) } : nil
            let address = try ServerAddress(text, setting: setting)
            // Asking the same server twice would look like asking two.
            if !addresses.contains(where: { $0.base == address.base && $0.socket == address.socket }) {
                addresses.append(address)
            }
        }
        guard !addresses.isEmpty else {
            throw KeyResolutionError(
                .invalidConfiguration,
                "OpenBao has no address",
                remedy: "write \"address\": \"https://HOST:PORT\""
            )
        }
        return addresses
    }
}
