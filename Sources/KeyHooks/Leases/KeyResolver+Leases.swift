public import ExtensionHooks
import Synchronization

/// What keeps the leases of a source, without the types of what is lent.
package protocol LeaseKeeping: AnyObject, Sendable {
    /// Who lends: ``LeasingSource/lender``.
    var name: String { get }

    var statistics: LeaseStatistics { get }

    /// What waits to be given back, also once this is gone.
    var pending: any PendingLeases { get }

    /// Gives everything back, and waits for it as long as is allowed.
    func shutdown(within limit: Duration) async

    /// Leaves leases to others who go on with them.
    func leave(_ leases: Set<String>)

    /// Whether any was left to others.
    var hasLeft: Bool { get }

    /// Gives back what was left behind by processes that are gone, and what was handed to others.
    func revokeLeft(within limit: Duration) async -> RevokedLeases
}

/// Leases that wait to be given back.
package protocol PendingLeases: AnyObject, Sendable {
    func flush(within limit: Duration) async
}

extension LeaseReturns: PendingLeases {}

/// What a plugin that was replaced has to give back; it is there as long as anything waits.
struct RetiredLeases: Sendable {
    private(set) weak var pending: (any PendingLeases)?

    init(_ pending: any PendingLeases) { self.pending = pending }
}

extension LeaseKeeper: LeaseKeeping {
    var pending: any PendingLeases { returns }
}

/// What became of leases that processes left behind.
package struct RevokedLeases: Sendable {
    /// How many were given back.
    package var givenBack = 0

    /// How many could not be.
    package var failed = 0

    /// Why, without a value.
    package var failure: String?
}

extension KeyResolver {
    /// What became of the leases of plugins that lend keys, by plugin.
    public var leaseStatistics: [PluginID: LeaseStatistics] {
        Dictionary(caches.compactMap { cache in cache.leases.map { (cache.id.plugin, $0.statistics) } }) { $0 + $1 }
    }

    /// Gives a key back that was lent: its lease is revoked, and the key is good no more, for nobody.
    ///
    /// Who asks next borrows another one. It is given back in the background, and tried again if that fails.
    ///
    /// - Parameter key: The key, as the resolver gave it.
    /// - Returns: Whether it was lent and not given back yet.
    @discardableResult
    public func release(_ key: APIKey) -> Bool { key.provenance?.origin?.release() ?? false }

    /// Gives everything back: revokes the leases of all keys that were lent, then the plugins' own logins.
    ///
    /// Call it when the program ends. What can't be given back in time is given back when a program with the same
    /// lender starts, by `keyhooks leases revoke`, or ends by itself. Don't ask for keys after this: nothing is
    /// lent any more, and a plugin that has ended its login doesn't log in again. That holds for every resolver that
    /// shares its registry.
    ///
    /// - Parameter limit: How long it may take in all.
    public func shutdown(within limit: Duration = .seconds(5)) async {
        // In a task of its own: whoever ends a program may have been cancelled, and nothing would be sent.
        await Task.detached { [self] in await giveAllBack(within: limit) }.value
    }

    private func giveAllBack(within limit: Duration) async {
        let caches = caches
        let end = ContinuousClock.now + limit
        await withTaskGroup { group in
            // What waits of plugins that a change of the configuration replaced.
            for returns in retiredLeases.withLock({ $0.compactMap(\.pending) }) {
                group.addTask { await returns.flush(within: limit) }
            }
            for cache in caches {
                group.addTask {
                    await cache.leases?.shutdown(within: limit)
                    // What was handed to others ends with the login that it was lent for.
                    guard cache.leases?.hasLeft != true else { return }
                    await cache.end(within: max(.milliseconds(100), end - .now))
                }
            }
        }
    }

    /// Remembers what caches have to give back that are about to be replaced.
    func retireLeases(of caches: [any KeyCache]) {
        let old = caches.compactMap { $0.leases?.pending }
        retiredLeases.withLock { retired in
            retired = retired.filter { kept in kept.pending != nil && !old.contains { $0 === kept.pending } }
            retired += old.map(RetiredLeases.init)
        }
    }

    /// Leaves keys that were lent to whoever has them, as the tool does that prints them.
    package func leave(_ keys: [APIKey]) {
        let leases = Set(keys.compactMap { $0.provenance?.lease?.id })
        for cache in caches { cache.leases?.leave(leases) }
    }

    /// Gives back what processes left behind, for the lenders that the plugins of this resolver reach.
    ///
    /// - Parameter limit: How long it may take for each.
    /// - Returns: What became of those of each lender.
    package func revokeLeftLeases(within limit: Duration) async -> [RevokedLeases] {
        var all: [RevokedLeases] = []
        for keeper in caches.compactMap(\.leases) { all.append(await keeper.revokeLeft(within: limit)) }
        return all
    }
}
