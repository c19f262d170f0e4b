/// One service in a list: what it is called, what is tried, and whether anything is set.
///
/// Never a value.
public struct ServiceSummary: Hashable, Sendable, Codable {
    /// The canonical id.
    public let service: String

    /// Other ids for it.
    public let aliases: [String]

    /// What the environment has for it, if no hook answers first.
    package let outcome: KeyExplanation.Outcome

    /// Where the winning value stands, or the first of the fields that do in its place; nil if nothing is set.
    package let winner: KeyExplanation.Location?

    /// What is odd about the key that is set, in words.
    public let warnings: [String]

    /// The variables that are tried, in order.
    public let variables: [String]

    /// The named fields of a service with several.
    public let fields: [String]

    /// Those of them that are set, of a service whose fields do in place of its main key.
    public let setFields: [String]

    /// Whether the environment has its key, or the fields that do in its place, or it requires none.
    public var isConfigured: Bool { outcome.isAnswer }
}

extension KeyResolver {
    /// Lists every service that is known by name.
    ///
    /// Asks no hook, and holds no value.
    ///
    /// - Parameter profile: The profile under which they are asked for; nil: none.
    /// - Returns: The services in the order of their ids.
    /// - Throws: A ``KeyResolutionError`` with the code `invalidConfiguration` for a profile that the configuration,
    ///   which has others, doesn't have.
    public func list(profile: String? = nil) throws(KeyResolutionError) -> [ServiceSummary] {
        let state = state
        return try state.catalogue.all.map { listed throws(KeyResolutionError) in
            let resolved = try state.resolved(listed.service, under: profile)
            let definition = resolved.definition
            let key = VariableLookup(definition.readVariables, in: state.environment).winner
            let winner = key ?? resolved.credentials?.found.first
            return ServiceSummary(
                service: definition.service.id,
                aliases: definition.aliases.map(\.id),
                outcome: KeyExplanation.Outcome(resolved),
                winner: winner.map { state.environment.location(of: $0.name, at: $0.binding.place) },
                warnings: (resolved.failure.map { [$0.message] } ?? [])
                    + KeyWarning.words(about: resolved, in: state.environment),
                variables: definition.readVariables.map(\.name),
                fields: definition.fields.keys.sorted(),
                setFields: resolved.credentials == nil
                    ? []
                    : definition.fields.filter { VariableLookup($1, in: state.environment).winner != nil }.keys.sorted()
            )
        }
    }
}
