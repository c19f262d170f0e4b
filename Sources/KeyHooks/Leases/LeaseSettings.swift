package import JSON5Syntax
import LightFoundation

/// How leases are kept.
public struct LeaseSettings: Hashable, Sendable {
    /// How long nobody may use a key before its lease is given back.
    public var idle: Duration

    /// How long a key that was replaced stays good for the calls that still use it.
    public var grace: Duration

    /// The folder in which leases are written down until they are given back; nil for none.
    ///
    /// ``standardJournal`` if nothing is said.
    public var journal: String?

    /// Describes settings.
    ///
    /// - Parameters:
    ///   - idle: How long nobody may use a key before its lease is given back.
    ///   - grace: How long a key that was replaced stays good.
    ///   - journal: The folder in which leases are written down; nil for none.
    public init(
        idle: Duration = .seconds(900),
        grace: Duration = .seconds(60),
        journal: String? = LeaseSettings.standardJournal
    ) {
        self.idle = idle
        self.grace = grace
        self.journal = journal
    }

    /// The folder `leases` in the user's configuration folder: `$XDG_CONFIG_HOME/keyhooks` or `~/.config/keyhooks`.
    public static var standardJournal: String? { journal(of: ProcessInfo.processInfo.environment) }

    /// The folder for a process with such an environment.
    package static func journal(of environment: [String: String]) -> String? {
        KeyConfiguration.userFolder(environment).map { "\($0)/leases" }
    }

    /// How many leases one source keeps; the least recently used are given back first.
    static let capacity = 1_000

    /// How many rejected keys of a place are replaced in how long.
    static let rejectionLimit = 3
    static let rejectionWindow = Duration.seconds(60)

    /// What was confirmed by the server less long ago is not asked for again, whoever wants it fresh.
    static let shortestInterval = Duration.seconds(10)
}

extension LeaseSettings {
    /// Reads the member `leases` of a section, over what is there.
    package mutating func read(from reader: inout JSONObjectReader) {
        var settings = self
        _ = reader.object("leases") { reader -> Bool? in
            settings.idle = reader.duration("idle") ?? settings.idle
            if settings.idle < LeaseSettings.shortestInterval { reader.reject("idle", "expected 10 seconds or more") }
            settings.grace = reader.duration("grace") ?? settings.grace
            return true
        }
        self = settings
    }
}

/// What became of the leases of a source.
public struct LeaseStatistics: Hashable, Sendable, Codable {
    /// Leases that are kept now.
    public var live = 0

    /// Leases that wait to be given back.
    public var waiting = 0

    /// Times something was lent.
    public var lent = 0

    /// Times a lease was renewed.
    public var renewed = 0

    /// Times a renewal failed.
    public var failedRenewals = 0

    /// Leases that the server didn't know any more when they were to be renewed.
    public var lost = 0

    /// Leases that were replaced ahead of their end, or when their uses were over.
    public var replaced = 0

    /// Leases that nobody used for ``LeaseSettings/idle``.
    public var idle = 0

    /// Leases that were given back.
    public var givenBack = 0

    /// Times giving one back failed; it is tried again.
    public var failedReturns = 0

    /// Leases that ended by themselves before they could be given back.
    public var ended = 0

    /// Leases of processes that ended without giving them back, which this one took over.
    public var adopted = 0

    /// Statistics of a source that has lent nothing.
    public init() {}

    /// Adds two sources up.
    ///
    /// - Parameters:
    ///   - left: One.
    ///   - right: The other.
    /// - Returns: The sum of both in each member.
    public static func + (left: Self, right: Self) -> Self {
        sum(left, right, of: members)
    }

    private static var members: [WritableKeyPath<Self, Int>] {
        [
            \.live, \.waiting, \.lent, \.renewed, \.failedRenewals, \.lost, \.replaced, \.idle, \.givenBack,
            \.failedReturns, \.ended, \.adopted,
        ]
    }
}
