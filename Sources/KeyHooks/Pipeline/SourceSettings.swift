import ExtensionHooks
package import JSON5Syntax

/// How long what a source brings is believed, how long a read may take, and whether a weaker source may answer
/// meanwhile.
///
/// The section of a plugin that is a ``KeySource`` may say all of it: `ttl`, `negativeTTL`, `staleIfError`,
/// `failureWindow`, `refreshAhead`, `jitter`, `capacity`, `timeout` and `fallback`. What it says stands over what the
/// program says.
public struct SourceSettings: Hashable, Sendable {
    /// How long what was read is believed.
    ///
    /// What is out of its bounds counts as the nearest value that isn't.
    public var cache: CachePolicy

    /// How long one read may take before it fails as `timedOut`; nil for any time.
    public var timeout: Duration?

    /// Whether a weaker source may answer while this one can't.
    ///
    /// What the user says of a service stands over it.
    public var fallback: KeyFallback

    /// How leases are kept, for a source that lends.
    public var leases = LeaseSettings()

    /// Describes settings.
    ///
    /// - Parameters:
    ///   - cache: How long what was read is believed.
    ///   - timeout: How long one read may take; nil for any time.
    ///   - fallback: Whether a weaker source may answer while this one can't.
    public init(
        cache: CachePolicy = CachePolicy(staleIfError: .seconds(3600)),
        timeout: Duration? = .seconds(10),
        fallback: KeyFallback = .never
    ) {
        self.cache = cache
        self.timeout = timeout
        self.fallback = fallback
    }
}

extension SourceSettings {
    /// The section of the plugin that is being made, as far as it is for sources, by the plugin's id.
    @TaskLocal static var ofPlugins: [PluginID: PluginSection] = [:]

    /// The words of a section that are read here and not by the plugin.
    package static let words = [
        "ttl", "negativeTTL", "staleIfError", "failureWindow", "refreshAhead", "jitter", "capacity", "timeout",
        "fallback",
    ]

    /// Reads what a section says, over what is there.
    package mutating func read(from reader: inout JSONObjectReader) {
        cache.timeToLive = reader.duration("ttl") ?? cache.timeToLive
        cache.negativeTimeToLive = reader.duration("negativeTTL") ?? cache.negativeTimeToLive
        cache.staleIfError = reader.duration("staleIfError") ?? cache.staleIfError
        cache.failureBackoff = reader.read("failureWindow") { $0.window() } ?? cache.failureBackoff
        cache.refreshAhead = reader.read("refreshAhead") { $0.share() } ?? cache.refreshAhead
        cache.jitter = reader.read("jitter") { $0.share() } ?? cache.jitter
        cache.capacity = reader.int("capacity", in: 1...1_000_000) ?? cache.capacity
        fallback = reader.oneOf("fallback", KeyFallback.self) ?? fallback
        guard let timeout = reader.duration("timeout") else { return }
        if timeout <= .zero { reader.reject("timeout", "expected more than 0") }
        self.timeout = timeout
    }
}

extension PluginSection {
    /// What the section says of a source, over what the program says; it was found to be right.
    func sourceSettings(over settings: SourceSettings) -> SourceSettings {
        (try? with(sourceSettings: true).read(over: settings)) ?? settings
    }

    /// Finds what is wrong with the words that sources have; others are mistakes too.
    func checkSourceSettings(in configuration: KeyConfiguration) throws(KeyResolutionError) {
        do throws(JSONMistakes) { _ = try read(over: SourceSettings()) } catch { throw configuration.invalid(error) }
    }

    private func read(over settings: SourceSettings) throws(JSONMistakes) -> SourceSettings {
        let path = NodePath.root.appending("plugins").appending(id.rawValue)
        return try JSONObjectReader.decode(self.settings, path: path) { reader in
            var settings = settings
            settings.read(from: &reader)
            return settings
        }
    }

    /// The section with the words alone that ``SourceSettings`` reads, or without them.
    func with(sourceSettings isWanted: Bool) -> PluginSection {
        guard let members = settings.members else { return self }
        let kept = members.filter { SourceSettings.words.contains($0.name) == isWanted }
        return PluginSection(id: id, settings: JSONNode(.object(kept), at: settings.position), position: position)
    }
}

extension JSONValueReader {
    /// A duration, or two of them: the shortest and the longest.
    fileprivate mutating func window() -> ClosedRange<Duration>? {
        guard case .array(let elements) = node.kind else { return duration().flatMap { bounded($0...$0) } }
        guard elements.count == 2 else {
            reject("expected one duration, or two: the first window and the longest")
            return nil
        }
        guard let bounds = array({ $0.duration() }) else { return nil }
        guard bounds[0] <= bounds[1] else {
            reject("the first window is longer than the longest: write the shorter one first")
            return nil
        }
        return bounded(bounds[0]...bounds[1])
    }

    /// A window that ends while somebody still waits for the source to come back.
    private mutating func bounded(_ window: ClosedRange<Duration>) -> ClosedRange<Duration>? {
        guard window.upperBound > .seconds(86_400) else { return window }
        reject("the window is too long: the longest is 1d")
        return nil
    }

    fileprivate mutating func share() -> Double? {
        guard let share = double() else { return nil }
        guard (0...1).contains(share) else {
            reject("expected a number from 0 to 1")
            return nil
        }
        return share
    }
}
