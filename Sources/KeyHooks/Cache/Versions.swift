package import LightFoundation

/// How new a value is in the order of its source, so that no value is followed by an older one.
///
/// A node of a cluster that lags behind, or one that comes back with its old data, answers with what was true before. A
/// source that says which version a value has lets the cache tell; see ``SourceReading/rank``.
package struct CacheRank: Hashable, Sendable {
    /// The version; a newer one has a higher number.
    package var version: Int

    /// When the version was made, by the source's clock; nil if the source does not say.
    package var createdAt: Date?

    /// Says how new a value is.
    ///
    /// - Parameters:
    ///   - version: The version.
    ///   - createdAt: When it was made, by the source's clock.
    package init(version: Int, createdAt: Date? = nil) {
        self.version = version
        self.createdAt = createdAt
    }

    /// Whether a value is older than another: its version is lower, and it was not made later.
    ///
    /// A secret that was deleted for good and made anew starts with version 1 again; its date tells that it is newer.
    ///
    /// - Parameter other: What was seen before.
    /// - Returns: Whether this one is older; without both dates the version decides.
    package func isOlder(than other: CacheRank) -> Bool {
        guard version < other.version else { return false }
        guard let createdAt, let others = other.createdAt else { return true }
        return createdAt <= others
    }
}

/// The newest version of a key that was given out, and how long no older one is taken.
struct CacheFloor: Sendable {
    let rank: CacheRank

    /// When the source brought it last.
    let since: Duration
    let end: Duration

    /// How long past the end of its TTL a value bars older ones: longer than a cluster takes to agree again, and not
    /// forever, since a backup may have been restored.
    static let grace = Duration.seconds(300)

    /// Whether a value is older, and is not known to come after this one all the same.
    func bars<Content>(_ reading: SourceReading<Content>) -> Bool {
        reading.rank.map { $0.isOlder(than: rank) && reading.replaced != rank } ?? false
    }

    /// What a reader gets for an older value.
    func refusal(of rank: CacheRank) -> KeyResolutionError {
        KeyResolutionError(
            .outdated,
            "the source answered with version \(rank.version) although version \(self.rank.version) was seen before",
            remedy:
                "wait for the node that lags behind; if a backup was restored, for 5 minutes past the TTL, or restart"
        )
    }
}
