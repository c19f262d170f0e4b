import HTTPTransport
import JSON5Syntax
import KeyHooks
import ServerSettings

/// One of the servers, and what sends requests to it.
struct ServerLink: Sendable {
    let address: ServerAddress
    let transport: any HTTPTransport

    /// How the transport was made; nil for one of somebody else's.
    var connection: BaoConnection?

    /// The proxy that requests go through.
    var proxy: String? { address.socket == nil ? transport.proxy(for: address.base) : nil }

    /// Whether nobody but the server itself can have written a reply, as far as its certificate or its address tells.
    var isAuthentic: Bool {
        address.isLocal || (address.isTLS && connection?.settings.acceptsAnyCertificate != true)
    }

    /// Whether a server that a reply names may be shown, and advised: anybody between could name one of their own.
    func believes(_ other: ServerAddress) -> Bool { isAuthentic && (other.isLocal || other.isTLS) }

    /// Sends one request and gives it up at its time's end.
    func send(
        _ request: HTTPTransportRequest,
        within time: Duration,
        limit: Int,
        _ clock: SourceClock
    ) async throws -> OpenBaoResponse {
        OpenBaoResponse(try await transport.send(request, within: time, limit: limit, clock), from: self)
    }
}

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

/// Looks at a server's health without a token.
enum ServerProbe {
    static let timeout = Duration.seconds(2)
    private static let bodyLimit = 64 << 10

    /// What a look at a server's health found.
    enum Finding: Hashable, Sendable {
        /// It would answer reads: it is initialised, unsealed, and active or in touch with the active one.
        case well
        case troubled(ServerBar?)
    }

    static func look(at link: ServerLink, _ clock: SourceClock) async -> Finding {
        do {
            return try await isHealthy(link, clock) ? .well : .troubled(nil)
        } catch {
            return .troubled((error as? HTTPTransportError).flatMap { ServerBar($0.code) })
        }
    }

    private static func isHealthy(_ link: ServerLink, _ clock: SourceClock) async throws -> Bool {
        guard let health = try await ask(link, "/v1/sys/health?standbyok=true&perfstandbyok=true", clock),
            health["initialized"]?.kind == .bool(true), health["sealed"]?.kind == .bool(false)
        else { return false }
        guard health["standby"]?.kind == .bool(true) else { return true }
        // A standby that knows no active node refuses what it would pass on, and one that is about to be active itself
        // refuses everything for a moment.
        guard let reply = try await ask(link, "/v1/sys/leader", clock), reply["is_self"]?.kind != .bool(true) else {
            return false
        }
        return reply["leader_address"]?.string?.isEmpty == false
    }

    /// The address of the active server as another one knows it; nil if it knows none, or does not say
    /// so in time.
    static func leader(of link: ServerLink, _ clock: SourceClock, by deadline: Duration) async -> ServerAddress? {
        let time = min(timeout, deadline - clock.now())
        guard let reply = try? await ask(link, "/v1/sys/leader", clock, within: time),
            let text = reply["leader_address"]?.string, text.utf8.count <= 200
        else { return nil }
        return try? ServerAddress(text)
    }

    private static func ask(
        _ link: ServerLink,
        _ path: String,
        _ clock: SourceClock,
        within time: Duration = timeout
    ) async throws -> JSONNode? {
        let request = HTTPTransportRequest(
            method: "GET",
            url: link.address.base + path,
            // No namespace: OpenBao refuses the health of one.
            headers: ["X-Vault-Request": "true", "Accept": "application/json"]
        )
        let reply = try await link.send(request, within: time, limit: bodyLimit, clock)
        return (200...299).contains(reply.status) ? reply.json : nil
    }
}

extension ServerKind {
    static let openBao = ServerKind(
        "OpenBao",
        host: "bao.example.org",
        credential: "the token in BAO_TOKEN",
        proxyPlace: "BAO_PROXY_ADDR, or in https_proxy",
        port: 8200,
        takesSockets: true,
        endings: ["/v1", "/ui"],
        page: "/ui/vault/"
    )
}

extension ServerAddress {
    /// Reads an address of OpenBao.
    init(_ text: String, setting: String? = nil) throws(KeyResolutionError) {
        try self.init(text, setting: setting, of: .openBao)
    }
}
