package import ExtensionHooks
package import LightFoundation

/// What a plugin's cache knows of one key; never a value.
package struct CachedKeyReport: Hashable, Sendable, Codable {
    /// How good what is kept is.
    package enum State: String, Hashable, Sendable, Codable {
        /// It was not read yet, or was forgotten.
        case notRead

        /// Within its TTL, and not yet due to be renewed.
        case fresh

        /// Within its TTL; the next call renews it in the background.
        case stale

        /// Past its TTL; served only while its source fails, within the configured bound.
        case expired

        /// Past everything; never served.
        case dead

        /// The source said that there is nothing.
        case absent

        /// The last read failed and nothing is kept.
        case failed
    }

    /// The plugin.
    package var plugin: PluginID

    /// Where the key is read, such as the path of a secret.
    package var source: String

    /// The servers that are asked, and so get the credentials, each with where its address was said; nil for none.
    package var servers: [String]?

    /// How each of ``servers`` is asked, in their order: a line for each setting in force, with where it was said.
    package var serverSettings: [[String]]?

    /// As whom they are asked: a line for the login that answers, and one for each that was passed over; nil for none.
    package var login: [String]?

    /// The names tried there, in order.
    package var names: [String]

    /// How good what is kept is.
    package var state: State

    /// Why there is nothing, or what failed last.
    package var detail: String?

    /// The version of what is kept, in the source's own terms.
    package var version: String?

    /// When that version was made.
    package var createdAt: Date?

    /// What people wrote down about it; never a secret.
    package var metadata: [String: String]?

    /// The time since it was read, in seconds.
    package var age: Double?

    /// What is left of its TTL, in seconds; negative once that is over.
    package var expiresIn: Double?

    /// How long no read will be tried after a failure, in seconds.
    package var retryIn: Double?

    /// The lease of what is kept; nil if it isn't lent.
    package var lease: LeaseReport?

    /// Whether a weaker source may answer while this one is unavailable.
    package var allowsFallback: Bool

    /// Describes a key that was not read yet.
    ///
    /// - Parameters:
    ///   - plugin: The plugin.
    ///   - source: Where the key is read.
    ///   - names: The names tried there, in order.
    ///   - allowsFallback: Whether a weaker source may answer while this one is unavailable.
    package init(plugin: PluginID, source: String, names: [String], allowsFallback: Bool) {
        self.plugin = plugin
        self.source = source
        self.names = names
        state = .notRead
        self.allowsFallback = allowsFallback
    }

    /// The same with what a cache knows.
    ///
    /// - Parameter summary: What a cache knows of the entry; nil for nothing.
    /// - Returns: The report.
    package func with(_ summary: CacheEntrySummary?) -> Self {
        guard let summary else { return self }
        var report = self
        report.age = summary.age?.seconds
        report.expiresIn = summary.expiresIn?.seconds
        report.retryIn = summary.retryIn?.seconds
        report.detail = summary.failure
        report.state =
            switch summary.state {
            case nil: summary.failureCount > 0 ? .failed : .notRead
            case _ where summary.isAbsence: .absent
            case .fresh: .fresh
            case .stale: .stale
            case .expired: .expired
            case .dead: .dead
            }
        return report
    }
}

extension Duration {
    var seconds: Double { self / .seconds(1) }
}
