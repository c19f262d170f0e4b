import HTTPTransport
import JSON5Syntax
import KeyHooks
import LightFoundation
import ServerSettings
import Synchronization

/// The secrets of the KV v2 engine as a source of keys.
struct OpenBaoKeySource: LeasingSource {
    let locator: BaoLocator
    let reader: SecretReader
    let remarks = ValueRemarks()

    func location(for request: KeyRequest) throws -> SecretAddress? { try locator.location(for: request)?.address }

    func read(_ address: SecretAddress) async throws -> SourceReading<BaoContent> { try await reader.read(address) }

    var lender: String { reader.lender }

    func isOwn(_ record: LeaseRecord) -> Bool { reader.isOwn(record) }

    /// OpenBao writes no mark beside what it lends.
    var findsByMark: Bool { false }

    func lends(_ address: SecretAddress) -> Bool { address.kind.isLent }

    func lend(_ address: SecretAddress, as record: LeaseRecord) async throws -> SourceReading<BaoContent> {
        try await reader.lend(address)
    }

    func renew(_ lease: KeyLease, of address: SecretAddress) async throws -> KeyLease? {
        do {
            return try await reader.renew(lease, of: address)
        } catch let failure as BaoFailure {
            // A denial has another one borrowed.
            throw failure.error.code == .denied ? failure.error : failure
        }
    }

    func giveBack(_ record: LeaseRecord) async throws { try await reader.giveBack(record) }

    func place(of address: SecretAddress) -> String { address.place }

    func key(for request: KeyRequest, in content: BaoContent) throws -> SourceKey {
        guard let location = try locator.location(for: request) else { return .absent() }
        switch content {
        case .fields(let fields): return try location.key(in: fields, remarks)
        case .absent(let absence):
            let reason = absence.description(of: location.address)
            return .absent(reason, remedy: FieldAdvice(location: location).remedy(absence), isUsual: false)
        }
    }
}

extension OpenBaoKeySource {
    /// The source with its cache, as a configuration and the environment describe it.
    static func pipeline(
        _ configuration: OpenBaoConfiguration,
        _ environment: BaoEnvironment,
        _ transport: (any HTTPTransport)?,
        clock: some Clock<Duration>,
        date: @escaping @Sendable () -> Date
    ) throws(KeyResolutionError) -> KeyPipeline<OpenBaoKeySource> {
        var settings = configuration.settings
        try settings.cache.validate()
        // The reader keeps the deadline itself: it knows what it was waiting for.
        settings.timeout = nil
        if settings.leases.journal == LeaseSettings.standardJournal {
            settings.leases.journal = LeaseSettings.journal(of: environment.context.environment)
        }
        let namespace = try configuredNamespace(configuration, environment)
        let servers = try ConfiguredServers(configuration, environment, transport)
        let reader = try SecretReader(
            configuration,
            environment,
            servers,
            clock,
            SourceClock(clock, date: date),
            namespace: namespace
        )
        let source = OpenBaoKeySource(
            locator: try BaoLocator(configuration, namespace: namespace),
            reader: reader
        )
        let pipeline = KeyPipeline(
            from: source,
            id: HookID(OpenBaoPlugin.id),
            settings: settings,
            details: source.details(servers, environment),
            clock: clock,
            date: date
        )
        // What the servers' health calls must not keep it alive: the pipeline and the tokens have the reader, which has
        // it.
        reader.seen.ask { [weak pipeline] in pipeline?.newest(of: $0) }
        reader.tokens.onDrop { [weak pipeline] in pipeline?.loginEnded($0) }
        reader.client.health.onRecovery { [weak pipeline, weak tokens = reader.tokens] in
            tokens?.sourceRecovered()
            pipeline?.sourceRecovered()
        }
        return pipeline
    }

    /// What is said of the source beyond its keys.
    private func details(
        _ servers: ConfiguredServers,
        _ environment: BaoEnvironment
    ) -> SourceDetails<OpenBaoKeySource> {
        var details = SourceDetails<OpenBaoKeySource>(of: HookID(OpenBaoPlugin.id))
        details.title = "OpenBao"
        details.neverBlocks = true
        details.handling = { BaoFailure.handling(of: $0) }
        details.end = { [tokens = reader.tokens] in await tokens.shutdown(within: $0) }
        details.error = { error, _ in
            guard let failure = error as? BaoFailure else { return nil }
            guard servers.isDefault, [.unavailable, .insecure, .timedOut].contains(failure.error.code),
                let remark = environment.remark(onMissing: "ADDR")
            else { return failure.error }
            return failure.remarking(remark).error
        }
        let links = servers.links
        let shown = links.map { "\($0.address.shown) (\(servers.place))" }
        let serverSettings = links.map { $0.connection?.words(for: $0.address, through: $0.proxy) ?? [] }
        details.complete = { [locator, tokens = reader.tokens] report, request, _, _ in
            report.names = (try? locator.location(for: request))?.fields ?? []
            (report.servers, report.serverSettings) = (shown, serverSettings)
            report.login = tokens.words
        }
        let warnings = links.first?.connection?.warnings(about: links.map(\.address)) ?? []
        details.warnings = { [remarks, tokens = reader.tokens] in warnings + tokens.warnings + remarks.all }
        details.takeRemarks = { [remarks] in remarks.takeNew() }
        details.crowded = { evictions, capacity in
            let what = evictions == 1 ? "a secret that was still good" : "\(evictions) secrets that were still good"
            return
                "OpenBao: \(what) had to make room for others in the cache: more are in use than the \(capacity) that it "
                + "keeps, and each is read again. Raise 'capacity'"
        }
        return details
    }

    /// The namespace of secrets, by the configuration or the environment.
    static func configuredNamespace(
        _ configuration: OpenBaoConfiguration,
        _ environment: BaoEnvironment
    ) throws(KeyResolutionError) -> String? {
        try namespace(
            configuration.namespace ?? environment.value("NAMESPACE"),
            setting: configuration.namespace == nil ? environment.variable("NAMESPACE") : "namespace"
        )
    }

    /// A namespace goes into a header field.
    static func namespace(_ name: String?, setting: String = "namespace") throws(KeyResolutionError) -> String? {
        guard let name, !name.isEmpty, name != "/" else { return nil }
        let segments = try PathTemplate(name, setting: setting).fixed()
        guard name.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw .invalidConfiguration(
                "\(setting) of OpenBao has characters that no header field takes",
                remedy: "use printable ASCII without blanks"
            )
        }
        return segments.joined(separator: "/")
    }
}

/// What is odd about values that were given out all the same; each is reported once.
final class ValueRemarks: Sendable {
    private struct State {
        var all: [String] = []
        var reported = 0
    }

    /// Secrets may be named by what comes from outside.
    private static let limit = 100

    private let state = Mutex(State())

    /// Notes that a key was stored as a number, which OpenBao keeps as a 64-bit floating-point one.
    func note(roundedNumber name: String, in place: String) {
        let remark =
            "field \(name) of \(place) is a number, and OpenBao may have rounded it when it was stored; it is given as the "
            + "server wrote it. Store the key as a string, in JSON in double quotes"
        let isNew = state.withLock { state in
            guard state.all.count < Self.limit, !state.all.contains(remark) else { return false }
            state.all.append(remark)
            return true
        }
        if isNew { CacheCrowding.announce() }
    }

    /// All remarks so far.
    var all: [String] { state.withLock(\.all) }

    /// The remarks that nobody got yet.
    func takeNew() -> [String] {
        state.withLock { state in
            defer { state.reported = state.all.count }
            return Array(state.all[state.reported...])
        }
    }
}
