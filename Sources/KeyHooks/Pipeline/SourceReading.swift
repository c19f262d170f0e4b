import JSON5Syntax
public import LightFoundation

/// What a read of a ``KeySource`` may return: a ``SourceReading``, or an optional text.
public protocol SourceResult: Sendable {
    /// What the key is picked from.
    associatedtype Content: Sendable

    /// The result in full.
    var sourceReading: SourceReading<Content> { get }
}

extension Optional: SourceResult where Wrapped == String {
    /// What was read; nil says that there is nothing.
    public var sourceReading: SourceReading<String> { map { .found($0) } ?? .absent() }
}

/// What a location holds, with what its source knows of it.
public struct SourceReading<Content: Sendable>: SourceResult {
    /// What was read; nil for an absence without content.
    package let content: Content?

    /// Whether the source said with authority that there is nothing.
    package let isAbsence: Bool

    /// Why there is nothing.
    package let reason: String

    /// Where a key is to be put.
    package let remedy: String

    /// The version of what was read, in the source's own terms.
    package var version: String?

    /// When this version of it was made, on the source's clock.
    package var createdAt: Date?

    /// What people wrote down about it, in words that may be shown; never a secret.
    package var metadata: [String: String] = [:]

    /// When it ends, on the source's clock.
    package var expiresAt: Date?

    /// How long it is good for, counted from now; it is never served after that.
    package var lifetime: Duration?

    /// How long it is believed at most, where the source says so; the user's `ttl` may only shorten it.
    package var timeToLive: Duration?

    /// Whether the user's `ttl` shortens that; it doesn't what a source says of everything it will ever be asked.
    package var obeysRules = true

    /// How new it is in the order of its source; nil if the source has none.
    ///
    /// What is older than the newest that the cache gave out for the location is neither kept nor given: what is there
    /// is served as after a failure that will pass, and without it the read fails as
    /// ``KeyResolutionError/Code/outdated``.
    package var rank: CacheRank?

    /// The newer one that this one comes after all the same, as the source made sure; no other is overridden.
    package var replaced: CacheRank?

    /// The lease of what was lent, as its source reports it.
    package var lease: KeyLease?

    /// From when on it is to be renewed, where that is before the end that a policy gives it.
    var staleAfter: Duration?

    /// The loan that it is of.
    var loan: LoanSummary?

    /// Which of the readings of its pipeline it is, in the order in which they were begun.
    private(set) var number: UInt64 = 0

    private init(_ content: Content?, isAbsence: Bool, reason: String = "", remedy: String = "") {
        self.content = content
        self.isAbsence = isAbsence
        self.reason = displayLines(reason)
        self.remedy = displayLines(remedy)
    }

    /// Something is there.
    ///
    /// - Parameters:
    ///   - content: What was read.
    ///   - version: Its version, in the source's own terms; it is shown.
    ///   - expiresAt: When it ends; it is never given after that.
    /// - Returns: The reading.
    public static func found(_ content: Content, version: String? = nil, expiresAt: Date? = nil) -> Self {
        var reading = Self(content, isAbsence: false)
        reading.version = version
        reading.expiresAt = expiresAt
        return reading
    }

    /// Nothing is there, and the source is sure of it.
    ///
    /// A failure is thrown, never returned as an absence.
    ///
    /// - Parameters:
    ///   - reason: Why, such as "no such secret"; without a value.
    ///   - remedy: One line that says where a key is to be put; a command goes behind a colon.
    /// - Returns: The reading.
    public static func absent(_ reason: String = "", remedy: String = "") -> Self {
        Self(nil, isAbsence: true, reason: reason, remedy: remedy)
    }

    /// Nothing is there, and ``KeySource/key(for:in:)`` says more about it for each request.
    ///
    /// With a label, so that a reason is never taken for content where that is a text as well.
    package static func absent(content: Content) -> Self {
        Self(content, isAbsence: true)
    }

    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public var sourceReading: Self { self }

    /// The reading as the cache takes it, under the `ttl` of a rule.
    func kept(under ruled: Duration?, _ number: UInt64) -> Self {
        var reading = self
        reading.number = number
        if obeysRules, let ruled { reading.timeToLive = min(timeToLive ?? ruled, ruled) }
        return reading
    }
}

extension SourceReading: CustomReflectable {
    /// Leaves the content out.
    public var customMirror: Mirror { Mirror(self, children: ["isAbsence": isAbsence]) }
}

extension SourceReading: CustomStringConvertible {
    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public var description: String { isAbsence ? "SourceReading(absent)" : "SourceReading(redacted)" }
}
