extension KeyExplanation {
    /// One setting that the configuration or the program says of the service.
    public struct RuleLine: Hashable, Sendable, Codable {
        /// The setting, such as `ttl` or `openbao.path`.
        public let setting: String

        /// What it says; nil for a plugin's own setting.
        public let value: String?

        /// Where it was written, such as `keyhooks.json:7, providers.openai`.
        public let place: String

        /// Whether a stronger one stands over it.
        public let isOverridden: Bool

        init(_ origin: KeyRuleOrigin) {
            setting = origin.setting
            value = origin.value
            place = origin.place
            isOverridden = origin.isOverridden
        }
    }

    /// A hook and why it stands where it does.
    public struct HookLine: Hashable, Sendable, Codable {
        /// The hook's id.
        public let id: String

        /// `getAPIKey`, or `getSecret` for a hook that answers for named fields.
        public let point: String

        /// `start`, `end` or both.
        public let phases: [String]

        /// The priority; lower runs first.
        public let priority: Int

        /// Whether it runs.
        public let isEnabled: Bool

        /// Why it stands here.
        public let reason: String

        /// Whether a weaker source answers while this hook can't: the `fallback` in force.
        public internal(set) var allowsFallback: Bool
    }

    /// A place where variables are looked up.
    public struct PlaceLine: Hashable, Sendable, Codable {
        /// `process environment`, or the path of a file.
        public let name: String

        /// Whether it is there; a declared file need not be.
        public let isPresent: Bool

        /// What to know of a file that isn't there, such as others beside it that are not read; nil if there is nothing.
        public let remark: String?
    }

    /// Where a variable is set.
    public struct Location: Hashable, Sendable, Codable {
        /// The variable.
        public let variable: String

        /// `process environment`, or the path of a file.
        public let place: String

        /// The line in the file.
        public let line: Int?
    }

    /// Whether a variable has a value in one place.
    public enum State: String, Hashable, Sendable, Codable {
        /// It has a value.
        case set

        /// It is set to nothing or to white space, which counts as unset.
        case empty

        /// It is not there.
        case unset
    }

    /// One variable.
    public struct VariableLine: Hashable, Sendable, Codable {
        /// The variable.
        public let name: String

        /// Why it is tried.
        public let tier: ServiceDefinition.VariableName.Tier

        /// Whether it also serves purposes other than this service.
        public let isShared: Bool

        /// `set`, `empty` or `unset` over all places.
        public let state: State

        /// Every place where it stands, the strongest first.
        public let occurrences: [Occurrence]
    }

    /// One place where a variable stands.
    public struct Occurrence: Hashable, Sendable, Codable {
        /// `process environment`, or the path of a file.
        public let place: String

        /// The line in the file.
        public let line: Int?

        /// `set` or `empty`.
        public let state: State

        /// Whether this is the value that would be used.
        public let wins: Bool
    }
}
