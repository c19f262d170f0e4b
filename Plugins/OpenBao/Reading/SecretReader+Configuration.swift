import ExtensionHooks
import Foundation
import HTTPTransport
import KeyHooks

extension SecretReader {
    /// A reader as a configuration and the environment describe it.
    init(
        _ configuration: OpenBaoConfiguration,
        _ environment: BaoEnvironment,
        _ transport: any HTTPTransport,
        _ clock: some Clock<Duration>,
        _ pluginClock: PluginClock,
        namespace: String?
    ) throws(KeyResolutionError) {
        client = BaoClient(
            addresses: try Self.addresses(configuration.addresses, environment),
            transport: transport,
            clock: pluginClock
        )
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
        return (addresses ?? []).map { "\($0.shown) (\(place))" }
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
