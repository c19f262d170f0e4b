public import KeyHooks

/// What the virtual keys of a role may do, and how long they last.
///
/// The members go to `/key/generate` of the LiteLLM proxy under its own names (`max_budget` for ``maxBudget``).
public struct VirtualKeyRole: Hashable, Sendable {
    /// The models that a key may use; an empty list allows every model that the proxy, or the team, has.
    public var models: [String] = []

    /// Other names for models, such as `["fast": "gpt-4o-mini"]`.
    public var aliases: [String: String] = [:]

    /// How much one key may spend, in US dollars; a limit on all keys of a role together belongs to the team or the user.
    public var maxBudget: Double?

    /// How much a key may spend before the proxy warns, in US dollars.
    public var softBudget: Double?

    /// After how long the proxy sets what one key spent back to zero, as it writes it: `30s`, `5m`, `2h`, `7d`, `1w`, `1mo`.
    public var budgetDuration: String?

    /// How many tokens a minute.
    public var tpmLimit: Int?

    /// How many requests a minute.
    public var rpmLimit: Int?

    /// How many requests at a time.
    public var maxParallelRequests: Int?

    /// What is written on the key, beside who asked for it; names that begin with `keyhooks_` are taken.
    public var metadata: [String: PluginSetting] = [:]

    /// The tags of the key; the proxy wants a licence for them.
    public var tags: [String] = []

    /// The guardrails of the key; the proxy wants a licence for them.
    public var guardrails: [String] = []

    /// What the key permits beside models, such as `["get_spend_routes": true]`.
    public var permissions: [String: PluginSetting] = [:]

    /// The user in LiteLLM that the key belongs to.
    ///
    /// `{profile}`, `{project}`, `{tenant}`, `{purpose}`, `{service}` and `{role}` may stand in it, as in ``teamID``,
    /// ``organizationID`` and ``alias``.
    public var userID: String?

    /// The team whose budget and limits the key counts towards.
    public var teamID: String?

    /// The organisation whose budget and limits the key counts towards.
    public var organizationID: String?

    /// How long a key lasts unless it is renewed, 10 seconds or more; it is renewed while somebody uses it.
    public var duration: Duration = .seconds(3600)

    /// How long a key lasts in total, ``duration`` or more and ten years at most; then another one takes its place.
    public var maximum: Duration = .seconds(86_400)

    /// The period, of a minute or more, after which the one key of all processes is replaced; nil gives each process its
    /// own.
    ///
    /// Periods are counted from a fixed date, so the first may be short. ``duration`` and ``maximum`` don't count then, and the
    /// admin key must have 25 characters or more. Nothing is stored: the key is derived from the admin key, the role and the period, and works for a tenth of the
    /// period longer. Another limit in the role gives another key, and the old one lives to its end.
    public var staticPeriod: Duration?

    /// What the keys are called, before a name of the loan.
    ///
    /// `{role}` and the parts of a scope may stand in it.
    ///
    /// `keyhooks/{role}` if nothing is said, with the parts of the scope behind it.
    public var alias: String?

    /// What else goes to `/key/generate`, under the proxy's own names; those that have a setting here are refused, and those
    /// that would change the key while it is lent.
    public var request: [String: PluginSetting] = [:]

    /// Describes a role.
    ///
    /// - Parameters:
    ///   - models: The models that a key may use; none for all.
    ///   - duration: How long a key lasts unless it is renewed.
    ///   - maximum: How long a key lasts in all.
    public init(models: [String] = [], duration: Duration = .seconds(3600), maximum: Duration = .seconds(86_400)) {
        self.models = models
        self.duration = duration
        self.maximum = max(duration, maximum)
    }
}

extension VirtualKeyRole {
    /// The members of a request that have settings of their own, or that are KeyHooks' to set.
    static let reserved: [String: String] = [
        "key": "", "key_alias": "alias", "duration": "duration", "models": "models", "aliases": "aliases",
        "max_budget": "maxBudget", "soft_budget": "softBudget", "budget_duration": "budgetDuration",
        "tpm_limit": "tpmLimit", "rpm_limit": "rpmLimit", "max_parallel_requests": "maxParallelRequests",
        "metadata": "metadata", "tags": "tags", "guardrails": "guardrails", "permissions": "permissions",
        "user_id": "userID", "team_id": "teamID", "organization_id": "organizationID",
        // The first two would have LiteLLM replace the key while it is lent.
        "auto_rotate": "", "rotation_interval": "", "blocked": "", "send_invite_email": "",
    ]

    /// A key is given out until a moment before its end, and what ends sooner would be made for nothing.
    static let shortest = Duration.seconds(10)

    /// What lasts longer bounds nothing.
    static let longest = Duration.seconds(86_400 * 3_650)

    /// What is wrong with a role that code describes; nil if nothing is.
    var fault: String? {
        if duration < Self.shortest { return "has a duration of less than 10 seconds" }
        if maximum < duration { return "has a maximum below its duration" }
        if max(maximum, staticPeriod ?? .zero) > Self.longest { return "lasts longer than ten years" }
        if let staticPeriod, staticPeriod < .seconds(60) { return "is static for less than a minute" }
        let amounts = [maxBudget, softBudget].compactMap(\.self)
        let limits = [tpmLimit, rpmLimit, maxParallelRequests].compactMap(\.self)
        if amounts.contains(where: { !$0.isFinite || $0 < 0 }) || limits.contains(where: { $0 < 0 }) {
            return "has a budget or a limit below 0"
        }
        if let budgetDuration, !Self.isPeriod(budgetDuration) {
            return "has a budgetDuration that the proxy can't read"
        }
        if let taken = request.keys.sorted().first(where: { Self.reserved[$0] != nil }) {
            return "has '\(taken)' in its request, which can't be set there"
        }
        let isStamped = metadata.keys.contains { $0.hasPrefix("keyhooks_") }
        return isStamped ? "has metadata whose name begins with keyhooks_" : nil
    }

    /// Whether LiteLLM takes a text for a period.
    static func isPeriod(_ text: String) -> Bool {
        let number = text.prefix { $0.isASCII && $0.isNumber }
        return !number.isEmpty && number.first != "0" && number.count < 10
            && ["s", "m", "h", "d", "w", "mo"].contains(text.dropFirst(number.count))
    }
}
