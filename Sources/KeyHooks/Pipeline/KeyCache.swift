public import ExtensionHooks
import JSON5Syntax

/// The cache of a plugin, as far as a resolver shows and empties it.
package protocol KeyCache: Sendable {
    /// The plugin.
    var id: HookID { get }

    /// What places in it begin with in messages.
    var title: String { get }

    /// What the cache has done so far.
    var statistics: CacheStatistics { get }

    /// What is odd about the cache as a whole, each in one line without a value.
    var warnings: [String] { get }

    /// Takes the warnings to report now: each once, and then not for a while.
    ///
    /// Resolvers ask for it after a cache found that it is too small, and hand it to their `onWarning`.
    ///
    /// - Returns: What is odd and what to do, each in one line without a value.
    func takeWarnings() -> [String]

    /// Tells what the cache knows of a key, without asking the source.
    ///
    /// - Parameter request: Which key.
    /// - Returns: Where it would be read and what is kept of it; nil if the plugin does not answer for it.
    func report(on request: KeyRequest) -> CachedKeyReport?

    /// Forgets what is kept, so that the next call asks the source.
    ///
    /// - Parameter service: The service whose keys are forgotten, with whatever shares a secret with them; nil for all.
    func invalidate(_ service: Service?)

    /// Forgets what holds a key that was found to be bad, where somebody else picked it: this cache took the place of
    /// another one, or a hook made the key of what is kept here.
    ///
    /// - Parameters:
    ///   - key: The key.
    ///   - origin: Where it is from.
    ///   - request: What it answered, under the rules of now.
    func reject(_ key: APIKey, from origin: KeyOrigin, for request: KeyRequest)

    /// Whether the source reads several keys with few requests.
    var readsTogether: Bool { get }

    /// Has the source read together what isn't kept of some keys, and keeps it.
    ///
    /// - Parameter requests: Which keys, each once.
    /// - Returns: Those that a weaker source is to be asked for.
    /// - Throws: A `CancellationError`; why a key can't be read, those learn who ask for it.
    func readTogether(_ requests: [KeyRequest]) async throws -> [KeyRequest]

    /// Has the source read all that has some tags, and keeps it as far as there is room.
    ///
    /// - Parameters:
    ///   - tags: The tags, all of which must be there.
    ///   - requests: Those keys that have a TTL of their own.
    /// - Throws: Why it can't be read.
    func read(tagged tags: [String: String], for requests: [KeyRequest]) async throws

    /// What keeps what is lent; nil for a source that doesn't lend.
    var leases: (any LeaseKeeping)? { get }

    /// Ends what the source itself has begun, such as its login, once nothing is lent any more.
    func end(within limit: Duration) async
}
extension KeyCache {
    /// Nothing is lent.
    package var leases: (any LeaseKeeping)? { nil }

    package func end(within limit: Duration) async {}

    /// Nothing is read together.
    package var readsTogether: Bool { false }

    package func readTogether(_ requests: [KeyRequest]) async throws -> [KeyRequest] { [] }

    package func read(tagged tags: [String: String], for requests: [KeyRequest]) async throws {}
}

/// What a pipeline keeps, as resolvers show and empty it.
struct SourceReport<Source: KeySource>: KeyCache {
    let pipeline: KeyPipeline<Source>

    var id: HookID { pipeline.id }

    var title: String { pipeline.details.title }

    var statistics: CacheStatistics {
        var statistics = pipeline.cache.statistics
        statistics.hits += pipeline.memo.hits
        return statistics
    }

    var warnings: [String] {
        let evictions = pipeline.cache.statistics.evictionsInUse
        return pipeline.details.warnings() + (evictions > 0 ? [crowded(evictions)] : [])
            + ofLeases
    }

    func takeWarnings() -> [String] {
        pipeline.details.takeRemarks() + (pipeline.cache.takeEvictionsInUse().map { [crowded($0)] } ?? [])
    }

    private var ofLeases: [String] {
        let unreturned = pipeline.keeper?.returnFailure.map { "\(title): what was lent can't be given back yet: \($0)" }
        return [pipeline.keeper?.journalFailure.map(unwritten), unreturned].compactMap(\.self)
    }

    private func unwritten(_ why: String) -> String {
        "\(title): what is lent can't be written down (\(displayText(why, limit: 1024))), so a crash would leave it to its "
            + "end. See who may write to the folder of leases"
    }

    private func crowded(_ evictions: Int) -> String {
        pipeline.details.crowded(evictions, pipeline.cache.policy.capacity)
    }

    func report(on request: KeyRequest) -> CachedKeyReport? {
        let fallback = request.rule?.fallback ?? pipeline.settings.fallback
        let isAllowed = fallback == .unavailable
        var shown = CachedKeyReport(plugin: id.plugin, source: "nowhere", names: [], allowsFallback: isAllowed)
        do {
            guard let place = try pipeline.place(for: request) else { return nil }
            let name = pipeline.source.place(of: place.location)
            shown.source = name.isEmpty ? pipeline.details.unnamedPlace : name
            shown = shown.with(pipeline.cache.summary(of: place))
            if Source.Reading.Content.self == [String: String].self { shown.names = request.names }
            let reading = pipeline.cache.peek(place)
            shown.version = reading?.version
            shown.createdAt = reading?.createdAt
            shown.metadata = reading.flatMap { $0.metadata.isEmpty ? nil : $0.metadata }
            if let content = reading?.content {
                if case .absent(let reason, _, _)? = try? pipeline.source.key(for: request, in: content).pick {
                    shown.detail = shown.detail ?? reason
                }
            } else if let reading, !reading.reason.isEmpty {
                shown.detail = shown.detail ?? reading.reason
            }
            shown.lease = pipeline.keeper?.report(on: place.under(nil))
            (pipeline.source as? ManagedKeySource)?.complete(&shown)
            pipeline.details.complete(&shown, request, place.location, reading?.content)
        } catch {
            shown.state = .failed
            shown.detail = (error as? KeyResolutionError)?.message ?? valueFreeDescription(of: error)
        }
        return shown
    }

    func invalidate(_ service: Service?) { pipeline.invalidate(service) }

    var readsTogether: Bool { pipeline.batch != nil }

    func readTogether(_ requests: [KeyRequest]) async throws -> [KeyRequest] {
        guard let source = pipeline.batch else { return [] }
        return try await pipeline.read(together: requests, from: source)
    }

    func read(tagged tags: [String: String], for requests: [KeyRequest]) async throws {
        guard let source = pipeline.batch else { return }
        try await pipeline.read(tagged: tags, for: requests, from: source)
    }

    var leases: (any LeaseKeeping)? { pipeline.keeper }

    func end(within limit: Duration) async { await pipeline.details.end(limit) }

    func reject(_ key: APIKey, from origin: KeyOrigin, for request: KeyRequest) {
        // The pipeline that picked it was asked itself.
        guard !origin.isOf(pipeline), origin.isRemade || key.provenance?.source.hook == id,
            let place = try? pipeline.place(for: request)
        else { return }
        let kept = pipeline.cache.peek(place)
        let newest = origin.isRemade ? kept?.number : nil
        _ = pipeline.reject(key, of: newest, kept?.loan, at: place, for: request)
    }
}

extension KeyResolver {
    /// The caches of all plugins whose hooks this resolver asks.
    var caches: [any KeyCache] {
        state.hooks.registry.attachments(of: (any KeyCache).self)
    }

    /// What the caches of plugins have done so far, by plugin.
    public var cacheStatistics: [PluginID: CacheStatistics] {
        Dictionary(caches.map { ($0.id.plugin, $0.statistics) }) { $0 + $1 }
    }

    /// Forgets the keys of a service in the caches of all plugins: the next call asks their sources.
    ///
    /// What a read under way brings is not kept either. Other keys that are kept in the same secret are forgotten too.
    /// The process environment and the files aren't caches; a call with `refresh` reads files again that were changed.
    ///
    /// - Parameter service: The service; an alias will do.
    public func invalidate(_ service: Service) {
        for cache in caches { cache.invalidate(catalogue.canonical(service)) }
    }

    /// Forgets everything in the caches of all plugins.
    public func invalidateAll() {
        for cache in caches { cache.invalidate(nil) }
    }

    /// The main key of a service if nobody has to be waited for, for code that cannot `await`.
    ///
    /// Hooks are asked as ever, those that deny included. A plugin with a cache answers from it, and renews in the
    /// background what is stale.
    ///
    /// - Parameters:
    ///   - service: The service; an alias will do.
    ///   - scope: For whom the key is wanted.
    ///   - maximumAge: The age from which a value that a source keeps will not do; nil for any age.
    /// - Returns: The key; nil if nobody has one, none is required, or somebody would have to be waited for.
    /// - Throws: As ``resolve(service:scope:maximumAge:refresh:)``.
    public func cachedAPIKey(
        service: Service,
        scope: KeyScope = KeyScope(),
        maximumAge: Duration? = nil
    ) throws -> APIKey? {
        let state = try state(under: maximumAge)
        let resolved = try state.resolved(service, under: scope.profile)
        let answer = try askWithoutWaiting(resolved.request(scope, maximumAge), of: resolved, in: state)
        return if case .found(let key) = answer { key } else { nil }
    }
}
