import ExtensionHooks
import HTTPTransport
import KeyHooks

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
        tokens = try TokenStore(login, clock: clock, sourceClock: sourceClock)
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
