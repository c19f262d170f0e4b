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
    package let rules: [RuleLine]

    /// The hooks that would be asked for the key, in running order, then the disabled ones, then those for named fields.
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
