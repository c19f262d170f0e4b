/// Where a key would come from and why, without any value.
///
/// Encodes to JSON in the form that `keyhooks explain --json` prints; ``schemaVersion`` changes if a member changes its
/// meaning or goes.
public struct KeyExplanation: Hashable, Sendable, Codable {
    /// The version of this form.
    public internal(set) var schemaVersion = 1

    /// The service as it was asked for, normalised.
    public let requested: String

    /// The canonical id.
    public let service: String

    /// Whether the catalogue or the configuration lists the service.
    public let isKnown: Bool

    /// The known service that was probably meant, if this one is unknown.
    package let suggestion: String?

    /// Why that one was meant; nil if the two names are alike.
    package let hint: String?

    /// Whether the service refuses to work without a key.
    public let isKeyRequired: Bool

    /// A remark of the catalogue.
    package let note: String?

    /// The configuration file in force.
    public let configuration: String?

    /// Who wins between the process environment and the files.
    package let precedence: EnvironmentPrecedence

    /// What the configuration and the program say of the service, the strongest first.
    package let rules: [SettingOrigin]

    /// The hooks that would be asked for the key, in running order, then the disabled ones, then those for named
    /// fields.
    package let hooks: [HookLine]

    /// The plugins that the user switched off, which are not asked.
    package let pluginsOff: [String]

    /// What the caches of plugins know of the key, and where each would read it.
    package let cached: [CachedKeyReport]

    /// The places that are looked at after the hooks, the strongest first.
    package let places: [PlaceLine]

    /// The variables that are tried, in order.
    package let variables: [VariableLine]

    /// The variables of the named fields.
    package let fields: [String: [VariableLine]]

    /// What the look-up after the hooks comes to.
    package let outcome: Outcome

    /// Where the winning value stands, if one does.
    package let winner: Location?

    /// What is odd.
    public let warnings: [String]

    /// What the look-up after the hooks comes to, if no hook answers first.
    package enum Outcome: String, Hashable, Sendable, Codable {
        /// A variable is set.
        case found

        /// None is set and none is required.
        case notRequired

        /// None is set for the main key, and the fields that do in its place are.
        case fields

        /// A variable names a file with the key, and it can't be read; nothing weaker answers then.
        case unreadable

        /// None is set.
        case absent
    }
}

extension KeyExplanation {
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

        /// What to know of a file that isn't there, such as others beside it that are not read; nil if there is
        /// nothing.
        package let remark: String?

        /// The name, and behind a gap what is to be known of what isn't there.
        func words(_ gap: String) -> String {
            isPresent ? name : "\(name)\(gap)(missing\(remark.map { "; \($0)" } ?? ""))"
        }
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
