#if AWS
import HTTPTransport
import KeyHooks
import LightFoundation
import Synchronization

/// What the section says of AWS itself.
struct AWSSettings: Hashable, Sendable {
    var credentials = CredentialSettings()
    var endpoint: String?
    var usesFIPS: Bool?
    var usesDualStack: Bool?
    var transport = HTTPTransportSettings()
}

/// The way to Secrets Manager: region, endpoint, credentials and transport, found when the first request is sent.
final class AWSAccess: Sendable {
    let settings: AWSSettings
    private let context: PluginContext
    private let clock: SourceClock

    /// Brings another transport, for tests.
    private let given: (any HTTPTransport)?

    /// What needs the profile and no request.
    private struct Base {
        let caller: AWSCaller
        let local: any HTTPTransport
        let credentials: CredentialKeeper
        let endpoints: EndpointSettings
    }

    private struct State {
        var base: Base?
        var client: AWSClient?
    }

    private let state = Mutex(State())

    /// - Parameters:
    ///   - settings: The section.
    ///   - context: The configuration and the environment.
    ///   - clock: The clock.
    ///   - transport: Another transport than that of the settings.
    init(_ settings: AWSSettings, _ context: PluginContext, _ clock: SourceClock, transport: (any HTTPTransport)? = nil)
    {
        self.settings = settings
        self.context = context
        self.clock = clock
        given = transport
    }

    /// The client.
    ///
    /// A failure is reported and not kept: the files and the instance's metadata may say something else the next time.
    ///
    /// - Parameter deadline: The moment on the clock at which it must be over.
    /// - Returns: The client.
    /// - Throws: A `KeyResolutionError`, or a `CancellationError`.
    func client(by deadline: Duration) async throws -> AWSClient {
        let (base, client) = try state.withLock { state throws(KeyResolutionError) -> (Base, AWSClient?) in
            if let base = state.base { return (base, state.client) }
            let base = try makeBase()
            state.base = base
            return (base, nil)
        }
        if let client { return client }
        let region = try await base.endpoints.region(
            settings.credentials.region,
            orOfInstance: base.local,
            clock,
            by: deadline
        )
        let made = try AWSClient(
            caller: base.caller,
            credentials: base.credentials,
            settings: base.endpoints,
            region: region
        )
        state.withLock { $0.client = made }
        return made
    }

    /// What the last look for credentials tried; nil before the first one.
    var report: CredentialReport? { state.withLock { $0.base }?.credentials.report }

    /// Which link of the chain answered and why those before it didn't, or which would be asked first, as lines; asks nobody.
    var loginWords: [String] {
        do {
            let keeper = try known().credentials
            let lines = keeper.report.lines
            return lines.isEmpty ? keeper.chain.forecast() : lines
        } catch {
            return ["credentials can't be had: \(error.message)"]
        }
    }

    /// The endpoint and what said it, as far as it is known without asking; nil where the instance would say the region.
    var endpointWords: String? {
        guard let endpoints = try? known().endpoints,
            let region = state.withLock(\.client)?.region ?? (try? endpoints.region(settings.credentials.region))
                ?? nil,
            let endpoint = try? endpoints.endpoint(of: .secretsManager, in: region)
        else { return nil }
        let place = endpoint.setting.map { ", the address by \($0)" } ?? ""
        return "\(endpoint.url.origin) (\(region.name) by \(region.origin)\(place))"
    }

    /// What a request found, or would.
    private func known() throws(KeyResolutionError) -> Base {
        if let base = state.withLock(\.base) { return base }
        return try makeBase()
    }

    /// Looks for mistakes in the settings, the variables and the files; asks nobody.
    ///
    /// - Throws: A `KeyResolutionError` that says what is wrong.
    func check() throws(KeyResolutionError) {
        let base = try makeBase()
        guard let region = try base.endpoints.region(settings.credentials.region) else { return }
        _ = try base.endpoints.endpoint(of: .secretsManager, in: region)
    }

    private func makeBase() throws(KeyResolutionError) -> Base {
        let environment = AWSEnvironment(context.environment)
        let profile = try AWSProfiles(environment).chosen(settings.credentials.profile, environment)
        var transportSettings = settings.transport
        if transportSettings.authorityFile == nil, transportSettings.authorityFolder == nil {
            transportSettings.authorityFile = (environment["AWS_CA_BUNDLE"] ?? profile["ca_bundle"])
                .map(environment.path)
        }
        let transport = given ?? transportSettings.transport()
        var caller = AWSCaller(transport, clock)
        if let number = (environment["AWS_MAX_ATTEMPTS"] ?? profile["max_attempts"]).flatMap({ Int($0) }) {
            caller.attempts = min(max(1, number), 10)
        }
        // Metadata and containers' agents are on this machine or its network: no proxy, no authorities of a company.
        var local = HTTPTransportSettings()
        local.proxy = .none
        local.connectionTimeout = .seconds(1)
        let localTransport = given ?? local.transport()
        let chain = CredentialChain(settings.credentials, context, caller, local: localTransport)
        caller.rate = SendingRate()
        return Base(
            caller: caller,
            local: localTransport,
            credentials: CredentialKeeper(chain),
            endpoints: EndpointSettings(
                environment: environment,
                profile: profile,
                endpoint: settings.endpoint,
                usesFIPS: settings.usesFIPS,
                usesDualStack: settings.usesDualStack
            )
        )
    }
}
#endif
