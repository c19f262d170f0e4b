import ExtensionHooks
import Foundation
import HTTPTransport
import KeyHooks

extension SecretReader {
    /// A reader as a configuration and the environment describe it.
    init(
        _ configuration: OpenBaoConfiguration,
        _ environment: BaoEnvironment,
        _ transport: (any HTTPTransport)?,
        _ clock: some Clock<Duration>,
        _ pluginClock: PluginClock,
        namespace: String?
    ) throws(KeyResolutionError) {
        let links = try Self.links(configuration, environment, transport)
        let window = configuration.cache.failureBackoff.upperBound.bounded
        client = BaoClient(health: ServerHealth(links, pluginClock, window: window), clock: pluginClock)
        timeout = configuration.timeout.bounded
        mounts = MountCheck(client)
        let mount = configuration.appRole?.mount ?? "approle"
        let login = BaoLogin(
            client: client,
            credentials: CredentialSource(environment: environment),
            token: configuration.token,
            appRole: configuration.appRole,
            mount: try PathTemplate(mount, setting: "appRole.mount").fixed(),
            // A configured "/" is the root, wherever the secrets are.
            namespace: configuration.loginNamespace == nil
                ? namespace : try BaoKeys.namespace(configuration.loginNamespace),
            timeout: timeout
        )
        tokens = try TokenStore(login, clock: clock, pluginClock: pluginClock)
    }

    /// The servers that are asked, each with where its address was said.
    static func places(_ configuration: OpenBaoConfiguration, _ environment: BaoEnvironment) -> [String] {
        let variable = ["AGENT_ADDR", "ADDR"].first { environment.value($0) != nil }.map(environment.variable)
        let place =
            configuration.addresses == nil ? variable ?? "the default" : configuration.addressPlace ?? "the program"
        let addresses = try? addresses(configuration.addresses, environment)
        let settings = (try? configuration.transport.completed(by: environment)) ?? configuration.transport
        let words = settings.words.isEmpty ? "" : ", " + settings.words.joined(separator: ", ")
        return (addresses ?? []).map { "\($0.shown) (\(place))\(words)" }
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
        let settings = try configuration.transport.completed(by: environment)
        let common = settings.transport()
        return addresses.map { address in
            guard let socket = address.socket else { return ServerLink(address: address, transport: common) }
            var local = settings
            local.unixSocket = socket
            local.proxy = .none
            return ServerLink(address: address, transport: local.transport())
        }
    }

    private static func addresses(
        _ configured: [String]?,
        _ environment: BaoEnvironment
    ) throws(KeyResolutionError) -> [ServerAddress] {
        let ambient = environment.value("AGENT_ADDR") ?? environment.value("ADDR") ?? "https://127.0.0.1:8200"
        var addresses: [ServerAddress] = []
        for text in configured ?? [ambient] { addresses.append(try ServerAddress(text)) }
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
