import ExtensionHooks
import HTTPTransport
import KeyHooks
import LightFoundation

/// The keys that the plugin has: the secrets in its cache, and the answers worked out from them.
final class BaoKeys: Sendable {
    /// What the plugin does about a question.
    enum Answer: Sendable {
        case key(APIKey)
        case pass(place: String, reason: String, remedy: String, isUsual: Bool)
        case failure(KeyResolutionError)

        /// The same in an object of its own, for one group of threads.
        var unshared: Answer { if case .key(let key) = self { .key(key.unshared) } else { self } }
    }

    let routes: KeyRoutes
    let cache: TTLCache<SecretAddress, BaoReading>
    let memo: ThreadMemo<KeyQuestion, Answer>
    let fallback: OpenBaoConfiguration.Fallback
    let remarks = ValueRemarks()

    /// Where an address may be that was not looked at; nil if one was given.
    private let otherAddresses: BaoEnvironment?

    /// The servers that are asked, each with where its address was said.
    let servers: [String]

    /// How each of them is asked: a line for each setting that is in force.
    let serverSettings: [[String]]

    /// What is odd about how they are asked, a line for each.
    let doubts: [String]

    init(
        _ configuration: OpenBaoConfiguration,
        _ catalogue: ServiceCatalogue,
        _ environment: BaoEnvironment,
        _ transport: (any HTTPTransport)?,
        clock: some Clock<Duration>,
        date: @escaping @Sendable () -> Date
    ) throws(KeyResolutionError) {
        let pluginClock = PluginClock(clock, date: date)
        let namespace = try Self.namespace(
            configuration.namespace ?? environment.value("NAMESPACE"),
            setting: configuration.namespace == nil ? environment.variable("NAMESPACE") : "namespace"
        )
        let reader = try SecretReader(configuration, environment, transport, clock, pluginClock, namespace: namespace)
        routes = try KeyRoutes(configuration, namespace: namespace, catalogue)
        cache = try TTLCache(policy: configuration.cache, clock: clock, date: date, handling: BaoFailure.handling) {
            var load = try await reader.read($0)
            load.timeToLive = $0.timeToLive
            return load
        }
        // What the servers' health calls must not keep it alive: the cache and the tokens have the reader, which has it.
        reader.seen.ask { [weak cache] in cache?.newest(of: $0) }
        reader.client.health.onRecovery { [weak cache, weak tokens = reader.tokens] in
            tokens?.sourceRecovered()
            cache?.sourceRecovered()
        }
        // One secret may hold many keys.
        memo = ThreadMemo(capacity: max(1_000, configuration.cache.capacity))
        fallback = configuration.fallback
        let place = SecretReader.place(configuration, environment)
        otherAddresses = SecretReader.isDefaultAddress(configuration, environment) ? environment : nil
        let links = reader.client.links
        servers = links.map { "\($0.address.shown) (\(place))" }
        serverSettings = links.map { $0.connection?.words(for: $0.address, through: $0.proxy) ?? [] }
        doubts = links.first?.connection?.doubts(about: links.map(\.address)) ?? []
    }

    /// A namespace goes into a header field.
    static func namespace(_ name: String?, setting: String = "namespace") throws(KeyResolutionError) -> String? {
        guard let name, !name.isEmpty, name != "/" else { return nil }
        let segments = try PathTemplate(name, setting: setting).fixed()
        guard name.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw KeyResolutionError(
                .invalidConfiguration,
                "\(setting) of OpenBao has characters that no header field takes",
                remedy: "use printable ASCII without blanks"
            )
        }
        return segments.joined(separator: "/")
    }
}

extension BaoKeys {
    /// Answers from memory if it may; false if the server must be asked.
    func attempt(
        _ question: KeyQuestion,
        _ call: inout StartCall<KeyRequest, KeyAnswer>
    ) -> Bool {
        // Names may come from outside, so what is kept for each is bounded.
        let isPlain = call.arguments.maximumAge == nil && question.scope.byteCount <= 1024
        if isPlain, let answer = memo.value(for: question, in: cache) {
            give(answer, for: question, to: &call)
            return true
        }
        do {
            guard let route = try routes.route(for: question) else { return true }
            guard let hit = try cache.immediateValue(for: route.address, maximumAge: call.arguments.maximumAge) else {
                return false
            }
            let answer = answer(question, route, hit)
            if isPlain, let ticket = hit.ticket { memo.keep(answer.unshared, for: question, ticket) }
            give(answer, for: question, to: &call)
        } catch {
            give(failure(error), for: question, to: &call)
        }
        return true
    }

    /// Answers from the server, or from memory if somebody else was faster.
    func read(
        _ question: KeyQuestion,
        _ call: inout StartCall<KeyRequest, KeyAnswer>
    ) async throws {
        do {
            guard let route = try routes.route(for: question) else { return }
            let hit = try await cache.value(for: route.address, maximumAge: call.arguments.maximumAge)
            give(answer(question, route, hit), for: question, to: &call)
        } catch let error as CancellationError {
            throw error
        } catch {
            give(failure(error), for: question, to: &call)
        }
    }

    /// What to do about a cache that is too small for what is in use.
    func crowded(_ evictions: Int) -> String {
        let what = evictions == 1 ? "a secret that was still good" : "\(evictions) secrets that were still good"
        return
            "OpenBao: \(what) had to make room for others in the cache: more are in use than the \(cache.policy.capacity) "
            + "that it keeps, and each is read again. Raise 'capacity'"
    }

    private func answer(_ question: KeyQuestion, _ route: KeyRoute, _ hit: CacheHit<BaoReading>) -> Answer {
        let place = route.address.place
        switch hit.value {
        case .absent(let absence):
            let reason = absence.description(of: route.address)
            let remedy = FieldAdvice(route: route).remedy(absence)
            return .pass(place: place, reason: reason, remedy: remedy, isUsual: false)
        case .secret(let secret):
            switch route.choice.value(in: secret.fields) {
            case .found(let name, let value, let mayBeRounded):
                if mayBeRounded { remarks.note(roundedNumber: name, in: place) }
                let provenance = KeyProvenance(
                    source: .hook(HookID(OpenBaoPlugin.id), detail: "\(place), field \(name)"),
                    resolvedAt: hit.loadedAt,
                    version: secret.version,
                    expiresAt: secret.endsAt,
                    isStale: hit.state == .expired
                )
                return .key(APIKey(value, provenance: provenance))
            case .missing(let unset):
                let advice = FieldAdvice(route: route)
                let reason = advice.reason(unset: unset, in: secret.fields)
                let isUsual = unset.isEmpty && !route.isSaid && !advice.hasClue(in: secret.fields)
                return .pass(place: place, reason: reason, remedy: advice.remedy(), isUsual: isUsual)
            case .unfit(let name, let kind):
                return .failure(
                    KeyResolutionError(
                        .invalidConfiguration,
                        "field \(name) of \(place) is \(kind.rawValue), not a key",
                        remedy: FieldAdvice.remedy(for: kind, in: name),
                        service: question.service
                    )
                )
            }
        }
    }

    private func failure(_ error: any Error) -> Answer {
        switch error {
        case let error as BaoFailure where [.unavailable, .insecure, .timedOut].contains(error.error.code):
            .failure((otherAddresses?.remark(onMissing: "ADDR").map(error.remarking) ?? error).error)
        case let error as BaoFailure: .failure(error.error)
        case let error as KeyResolutionError: .failure(error)
        default:
            .failure(
                KeyResolutionError(.pluginFailed, "the OpenBao plugin failed", remedy: "report it", underlying: error)
            )
        }
    }

    private func give(
        _ answer: Answer,
        for question: KeyQuestion,
        to call: inout StartCall<KeyRequest, KeyAnswer>
    ) {
        switch answer {
        case .key(let key): call.result = .success(.found(key))
        case .pass(let place, let reason, let remedy, let isUsual):
            call.skip("OpenBao: \(place)", reason: reason, remedy: remedy, isUsual: isUsual)
        case .failure(let error):
            let error = error.about(question.service)
            if (question.rule?.fallback ?? fallback).allows(error) {
                call.skip("OpenBao", after: error)
            } else {
                call.result = .failure(error)
            }
        }
    }
}

extension KeyResolutionError {
    /// The same error with the service that was asked for.
    fileprivate func about(_ service: Service) -> KeyResolutionError {
        KeyResolutionError(
            code,
            message,
            remedy: remedy,
            service: service,
            namesTried: namesTried,
            underlying: underlying
        )
    }
}
