public import LightFoundation

/// What a server lends with a key: the key is good as long as its lease.
///
/// Whoever lends says how long, so that a key which nobody can give back any more ends by itself: a lease without an end
/// is refused.
public struct KeyLease: Hashable, Sendable {
    /// What the server calls it; it is written to disk and shown, so it must not be a secret.
    public var id: String

    /// How long it lasts from now; more than zero.
    public var life: Duration

    /// Whether the server can make it last longer.
    public var isRenewable: Bool

    /// How long it can last in all, counted from when it was lent; nil if that isn't known.
    public var maximum: Duration?

    /// How often its key may be used, where each answer counts as one use; nil for any number of times.
    public var uses: Int?

    /// What the source needs to give it back beside the id, such as the hash of the key; without a secret.
    public var details: [String: String]

    /// How long something else lasts that it depends on, such as the login of whoever borrowed it; nil for ever.
    ///
    /// The server ends what was lent under a token together with the token, whatever the lease says.
    package var bound: Duration?

    /// How long it may last at most, by the user's word: it is cut to that, or given back; nil for as long as it lasts.
    package var limit: Duration?

    /// Tells the login that it was lent for from others.
    package var login: Int?

    /// Describes a lease.
    ///
    /// - Parameters:
    ///   - id: What the server calls it; not a secret.
    ///   - life: How long it lasts from now.
    ///   - isRenewable: Whether the server can make it last longer.
    ///   - maximum: How long it can last in all, counted from when it was lent.
    ///   - uses: How often its key may be used.
    ///   - details: What the source needs to give it back beside the id; without a secret.
    public init(
        id: String,
        life: Duration,
        isRenewable: Bool = false,
        maximum: Duration? = nil,
        uses: Int? = nil,
        details: [String: String] = [:]
    ) {
        self.id = id
        self.life = life
        self.isRenewable = isRenewable
        self.maximum = maximum
        self.uses = uses
        self.details = details
    }

    /// What is wrong with a lease that a source reports; nil if nothing is.
    var fault: String? {
        if id.isEmpty { return "has no id" }
        if life <= .zero { return "has no end: it says nothing of how long it lasts" }
        if life > .seconds(86_400 * 3_650) { return "lasts longer than ten years, which bounds nothing" }
        return (uses ?? 1) < 1 ? "may not be used even once" : nil
    }
}

/// What is written down of a lease, so that it can be given back after a crash; never a value.
public struct LeaseRecord: Hashable, Sendable, Codable {
    /// A random name of the loan that is known before anything is lent: 24 hexadecimal digits.
    ///
    /// A source that can write it beside what is lent finds that again where the server's answer was lost.
    public let mark: String

    /// Whose it is: ``LeasingSource/lender``.
    public let lender: String

    /// Where it was lent, such as a path.
    public let place: String

    /// When it was lent.
    public let lentAt: Date

    /// When it ends by itself at the latest, as far as is known.
    public internal(set) var endsAt: Date

    /// What the server calls it; nil if it isn't known whether anything was lent.
    public internal(set) var id: String?

    /// ``KeyLease/details``.
    public internal(set) var details: [String: String] = [:]

    init(lender: String, place: String, lentAt: Date, endsAt: Date) {
        mark = (0..<3).map { _ in String(UInt32.random(in: 0 ... .max) | 0x8000_0000, radix: 16) }.joined()
        self.lender = lender
        self.place = place
        self.lentAt = lentAt
        self.endsAt = endsAt
    }
}

/// A source that lends keys: what it reads was made for the reader and ends with its lease.
///
/// The lease is kept by KeyHooks: it is renewed ahead of its end while somebody uses the key, replaced before the
/// longest that it can last, and given back when nobody uses it any more.
public protocol LeasingSource: KeySource {
    /// Who lends: a name that is the same for the same server and account in every process, and another for others.
    ///
    /// What a process left behind when it was killed is given back by the next one with the same lender.
    var lender: String { get }

    /// Whether what was lent can be given back here if a person says so; by ``lender`` if nothing is said.
    ///
    /// By itself a process gives back only what has the very same lender.
    ///
    /// - Parameter record: What was written down.
    /// - Returns: Whether it can be given back here.
    func isOwn(_ record: LeaseRecord) -> Bool

    /// Whether what was lent is found again by the mark of its record where the answer was lost; true if nothing is
    /// said.
    ///
    /// Otherwise nothing is written down before it is known what was lent.
    var findsByMark: Bool { get }

    /// Whether a location is lent; what isn't is read. All are if nothing is said.
    ///
    /// - Parameter location: The location.
    /// - Returns: Whether it is lent.
    func lends(_ location: Location) -> Bool

    /// Borrows what is at a location. It isn't cancelled with its callers, so it must end by itself.
    ///
    /// - Parameters:
    ///   - location: The location.
    ///   - record: What is known beforehand; its mark names the loan.
    /// - Returns: What is lent, as ``SourceReading/lent(_:under:version:)`` makes it, or an absence.
    /// - Throws: Why nothing is lent.
    func lend(_ location: Location, as record: LeaseRecord) async throws -> Reading

    /// Whether something may have been lent although ``lend(_:as:)`` threw; it may if nothing is said.
    ///
    /// What a source is sure that it didn't lend isn't looked for.
    ///
    /// - Parameter error: What was thrown.
    /// - Returns: Whether something may have been lent.
    func mayHaveLent(_ error: any Error) -> Bool

    /// Makes a lease last longer.
    ///
    /// - Parameters:
    ///   - lease: The lease.
    ///   - location: Where it was lent.
    /// - Returns: The lease as it is from now on; nil if the server doesn't know it any more.
    /// - Throws: Why it can't be renewed. A denial has another key borrowed instead.
    func renew(_ lease: KeyLease, of location: Location) async throws -> KeyLease?

    /// Gives a lease back: its key is good no more. That it isn't there any more is success.
    ///
    /// - Parameter record: What was lent, maybe by another process. Without an id it isn't known whether anything was
    ///   lent: look by the mark, or do nothing where that can't be done.
    /// - Throws: Why it can't be given back; it is tried again until the lease ends by itself.
    func giveBack(_ record: LeaseRecord) async throws
}

extension LeasingSource {
    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public var findsByMark: Bool { true }

    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public func lends(_ location: Location) -> Bool { true }

    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public func mayHaveLent(_ error: any Error) -> Bool { true }

    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public func isOwn(_ record: LeaseRecord) -> Bool { record.lender == lender }
}

extension LeasingSource {
    /// Refuses: what is lent isn't read.
    ///
    /// - Parameter location: Ignored.
    /// - Returns: Nothing.
    /// - Throws: A ``KeyResolutionError``, always.
    public func read(_ location: Location) async throws -> Reading {
        throw KeyResolutionError(
            .pluginFailed,
            "this location is lent and can't be read",
            remedy: "fix the source: 'lends' must be true for it, or 'read' must be written"
        )
    }
}

extension SourceReading {
    /// Something is lent.
    ///
    /// - Parameters:
    ///   - content: What was lent.
    ///   - lease: How long it is good for, and what it is called.
    ///   - version: Its version, in the source's own terms; it is shown.
    /// - Returns: The reading.
    public static func lent(_ content: Content, under lease: KeyLease, version: String? = nil) -> Self {
        var reading = Self.found(content, version: version)
        reading.lease = lease
        return reading
    }
}
