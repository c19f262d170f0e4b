extension KeyExplanation {
    /// One setting that the configuration or the program says of the service.
    package struct RuleLine: Hashable, Sendable, Codable {
        /// The setting, such as `ttl` or `openbao.path`.
        package let setting: String

        /// What it says; nil for a plugin's own setting.
        package let value: String?

        /// Where it was written, such as `keyhooks.json:7, providers.openai`.
        package let place: String

        /// Whether a stronger one stands over it.
        package let isOverridden: Bool

        init(_ origin: KeyRuleOrigin) {
            setting = origin.setting
            value = origin.value
            place = origin.place
            isOverridden = origin.isOverridden
        }
    }

    /// A hook and why it stands where it does.
    package struct HookLine: Hashable, Sendable, Codable {
        /// The hook's id.
        package let id: String

        /// `getAPIKey`, or `getSecret` for a hook that answers for named fields.
        package let point: String

        /// `start`, `end` or both.
        package let phases: [String]

        /// The priority; lower runs first.
        package let priority: Int

        /// Whether it runs.
        package let isEnabled: Bool

        /// Why it stands here.
        package let reason: String

        /// Whether a weaker source answers while this hook can't: the `fallback` in force.
        package var allowsFallback: Bool
    }

    /// A place where variables are looked up.
    package struct PlaceLine: Hashable, Sendable, Codable {
        /// `process environment`, or the path of a file.
        package let name: String

        /// Whether it is there; a declared file need not be.
        package let isPresent: Bool

        /// What to know of a file that isn't there, such as others beside it that are not read; nil if there is nothing.
        package let remark: String?
    }

    /// Where a variable is set.
    package struct Location: Hashable, Sendable, Codable {
        /// The variable.
        package let variable: String

        /// `process environment`, or the path of a file.
        package let place: String

        /// The line in the file.
        package let line: Int?
    }

    /// Whether a variable has a value in one place.
    package enum State: String, Hashable, Sendable, Codable {
        /// It has a value.
        case set

        /// It is set to nothing or to white space, which counts as unset.
        case empty

        /// It is not there.
        case unset
    }

    /// One variable.
    package struct VariableLine: Hashable, Sendable, Codable {
        /// The variable.
        package let name: String

        /// Why it is tried.
        package let tier: ServiceDefinition.VariableName.Tier

        /// Whether it also serves purposes other than this service.
        package let isShared: Bool

        /// `set`, `empty` or `unset` over all places.
        package let state: State

        /// Every place where it stands, the strongest first.
        package let occurrences: [Occurrence]
    }

    /// One place where a variable stands.
    package struct Occurrence: Hashable, Sendable, Codable {
        /// `process environment`, or the path of a file.
        package let place: String

        /// The line in the file.
        package let line: Int?

        /// `set` or `empty`.
        package let state: State

        /// Whether this is the value that would be used.
        package let wins: Bool
    }
}
