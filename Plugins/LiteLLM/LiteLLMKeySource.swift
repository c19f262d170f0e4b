import HTTPTransport
import JSON5Syntax
import KeyHooks
import LightFoundation
import ServerSettings

/// The virtual keys of a LiteLLM proxy as a source that lends.
struct LiteLLMKeySource: LeasingSource {
    typealias Reading = SourceReading<VirtualKey>

    let minter: VirtualKeyMinter

    /// The role that answers for the service `litellm`.
    private let role: IdentityTemplate

    init(_ configuration: LiteLLMConfiguration, _ client: LiteLLMClient) throws(KeyResolutionError) {
        var roles: [String: MintingRole] = [:]
        for (name, role) in configuration.roles { roles[name] = try MintingRole(name, role) }
        minter = VirtualKeyMinter(
            keys: VirtualKeys(client: client),
            roles: roles,
            timeToLive: configuration.settings.cache.timeToLive
        )
        guard let name = configuration.role ?? (roles.count == 1 ? roles.keys.first : nil) else {
            throw .invalidConfiguration(
                "LiteLLM has \(roles.isEmpty ? "no role" : "several roles, and nothing says which answers")",
                remedy: roles.isEmpty ? "write one under 'roles'" : "say it in 'role', such as \"{profile}\""
            )
        }
        role = try IdentityTemplate(name, setting: "'role' of the section litellm", role: nil)
        guard !name.contains("{"), roles[name] == nil else { return }
        let known = roles.keys.sorted()
        throw .invalidConfiguration(
            "there is no role '\(displayText(name))' among those of LiteLLM, and 'role' names it",
            remedy: closestMatch(to: name, among: known).map { "did you mean '\($0)'?" }
                ?? "use one of: \(known.map { displayText($0) }.joined(separator: ", "))"
        )
    }

    /// The services that have virtual keys without anything being said of them.
    private static let own: Set<Service> = ["litellm_proxy", "litellm"]

    func location(for request: KeyRequest) throws -> RoleLocation? {
        let service = request.catalogue.canonical(request.service)
        let own = try request.rule?
            .section(of: LiteLLMPlugin.id) { node throws(KeyResolutionError) in
                guard let text = node["role"]?.string else {
                    throw .invalidConfiguration(
                        "the settings of '\(LiteLLMPlugin.id)' for '\(service)' have no role",
                        remedy: "write \"role\": \"ROLE\" there"
                    )
                }
                return try IdentityTemplate(text, setting: "'role' of the service '\(service)'", role: nil)
            }
        guard own != nil || Self.own.contains(service) else { return nil }
        // Nobody has a key made to know where the proxy is, or that there is no such field.
        if request.field != nil { return .address }
        let name = try (own ?? role).expanded(for: service, request.scope)
        return try minter.role(name).location(for: service, request.scope)
    }

    /// The field that says where the proxy is.
    private static let address = "api_base"

    var lender: String {
        let address = minter.keys.client.address
        // What is shown leaves the path out, and another one may lead to another proxy.
        let mark = address.identity == address.origin ? "" : " #\(VirtualKeys.hash(of: address.identity).prefix(12))"
        return "litellm at \(address.origin)\(mark)"
    }

    /// A static key is there for all, and nobody's to give back.
    func lends(_ location: RoleLocation) -> Bool {
        !location.isAddress && minter.roles[location.role]?.role.staticPeriod == nil
    }

    func read(_ location: RoleLocation) async throws -> SourceReading<VirtualKey> {
        if location.isAddress {
            return .found(VirtualKey(key: "", token: "", alias: "", url: minter.keys.client.address.base))
        }
        let role = try minter.role(location.role)
        guard let period = role.role.staticPeriod else { preconditionFailure("it is lent") }
        return try await minter.staticKey(of: role, at: location, period)
    }

    func lend(_ location: RoleLocation, as record: LeaseRecord) async throws -> SourceReading<VirtualKey> {
        try await minter.lend(location, as: record)
    }

    func mayHaveLent(_ error: any Error) -> Bool {
        switch error {
        case let failure as LiteLLMFailure: failure.mayBeDone
        case is KeyResolutionError: false
        default: true
        }
    }

    func renew(_ lease: KeyLease, of location: RoleLocation) async throws -> KeyLease? {
        // A refusal is of the admin key, with which no other could be made: the key is given out to its end.
        try await minter.renew(lease, of: location)
    }

    func giveBack(_ record: LeaseRecord) async throws { try await minter.giveBack(record) }

    func place(of location: RoleLocation) -> String { location.stem }

    func key(for request: KeyRequest, in content: VirtualKey) -> SourceKey {
        switch request.field {
        case nil: .found(content.key)
        case Self.address: .found(content.url, name: "url")
        case .some: .absent("a virtual key has the field \(Self.address) only")
        }
    }
}

extension LiteLLMKeySource {
    /// The source with its cache, as a configuration and the environment describe it.
    static func pipeline(
        _ configuration: LiteLLMConfiguration,
        _ context: PluginContext,
        _ transport: (any HTTPTransport)?,
        clock: some Clock<Duration>,
        date: @escaping @Sendable () -> Date
    ) throws(KeyResolutionError) -> KeyPipeline<LiteLLMKeySource> {
        var settings = configuration.settings
        try settings.cache.validate()
        if settings.leases.journal == LeaseSettings.standardJournal {
            settings.leases.journal = LeaseSettings.journal(of: context.environment)
        }
        let client = try LiteLLMClient(configuration, context, transport, SourceClock(clock, date: date))
        // The client keeps the deadline itself: it knows what it was waiting for.
        settings.timeout = nil
        let source = try LiteLLMKeySource(configuration, client)
        return KeyPipeline(
            from: source,
            id: HookID(LiteLLMPlugin.id),
            settings: settings,
            details: source.details,
            clock: clock,
            date: date
        )
    }

    /// What is said of the source beyond its keys.
    private var details: SourceDetails<LiteLLMKeySource> {
        var details = SourceDetails<LiteLLMKeySource>(of: HookID(LiteLLMPlugin.id))
        details.title = "LiteLLM"
        details.neverBlocks = true
        details.handling = { LiteLLMFailure.handling(of: $0) }
        details.error = { error, _ in (error as? LiteLLMFailure)?.error }
        let client = minter.keys.client
        let login = "the admin key from \(client.adminKey.reference)"
        details.complete = { report, _, location, _ in
            report.names = []
            report.servers = ["\(client.address.shown) ('url')"]
            report.login = [login]
        }
        return details
    }
}

extension LiteLLMClient {
    /// The client as a configuration describes it; one is made for each.
    init(
        _ configuration: LiteLLMConfiguration,
        _ context: PluginContext,
        _ transport: (any HTTPTransport)?,
        _ clock: SourceClock
    ) throws(KeyResolutionError) {
        address = try ServerAddress(configuration.url, setting: "'url' of LiteLLM", of: .liteLLM)
        var settings = configuration.transport
        settings.expandPaths(context.environment)
        self.transport = transport ?? settings.transport()
        adminKey = AdminKey(configuration.adminKey, context)
        self.clock = clock
        timeout = (configuration.settings.timeout ?? .seconds(Int64.max)).bounded
    }
}

extension HTTPTransportSettings {
    /// Makes paths absolute; `~/` is the home folder.
    fileprivate mutating func expandPaths(_ environment: [String: String]) {
        let paths: [WritableKeyPath<Self, String?>] = [
            \.authorityFile, \.authorityFolder, \.clientCertificate, \.clientKey,
        ]
        for path in paths {
            self[keyPath: path] = self[keyPath: path]
                .map { WrittenPath.absolute(WrittenPath.expanded($0, environment)) }
        }
    }
}
