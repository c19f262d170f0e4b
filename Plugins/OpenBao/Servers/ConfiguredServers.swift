import HTTPTransport
import KeyHooks

/// The servers that a configuration or the environment names.
struct ConfiguredServers: Sendable {
    let links: [ServerLink]

    /// Where their addresses were said.
    let place: String

    /// Whether nobody said an address.
    let isDefault: Bool

    /// - Parameters:
    ///   - configuration: What is said before the environment.
    ///   - environment: The variables of OpenBao's own tools.
    ///   - transport: What sends requests; nil for one of their own, shared by all that are reached by a network.
    /// - Throws: A `KeyResolutionError` with the code `invalidConfiguration`.
    init(
        _ configuration: OpenBaoConfiguration,
        _ environment: BaoEnvironment,
        _ transport: (any HTTPTransport)?
    ) throws(KeyResolutionError) {
        let name = ["AGENT_ADDR", "ADDR"].first { environment.value($0) != nil }
        let variable = configuration.addresses == nil ? name.map { environment.variable($0) } : nil
        isDefault = configuration.addresses == nil && variable == nil
        place =
            configuration.addresses == nil ? variable ?? "the default" : configuration.addressPlace ?? "the program"
        let ambient = name.flatMap { environment.value($0) } ?? "https://127.0.0.1:8200"
        var addresses: [ServerAddress] = []
        for text in configuration.addresses ?? [ambient] {
            let address = try ServerAddress(text, setting: variable)
            // Asking the same server twice would look like asking two.
            if !addresses.contains(where: { $0.base == address.base && $0.socket == address.socket }) {
                addresses.append(address)
            }
        }
        guard !addresses.isEmpty else {
            throw .invalidConfiguration("OpenBao has no address", remedy: "write \"address\": \"https://HOST:PORT\"")
        }
        links = try Self.links(to: addresses, configuration, environment, transport)
    }

    private static func links(
        to addresses: [ServerAddress],
        _ configuration: OpenBaoConfiguration,
        _ environment: BaoEnvironment,
        _ transport: (any HTTPTransport)?
    ) throws(KeyResolutionError) -> [ServerLink] {
        if let transport {
            guard addresses.allSatisfy({ $0.socket == nil }) else {
                throw .invalidConfiguration(
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
}
