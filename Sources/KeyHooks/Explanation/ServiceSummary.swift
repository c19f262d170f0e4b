/// One service in a list: what it is called, what is tried, and whether anything is set.
///
/// Never a value.
public struct ServiceSummary: Hashable, Sendable, Codable {
    /// The canonical id.
    public let service: String

    /// Other ids for it.
    public let aliases: [String]

    /// What the environment has for it, if no hook answers first.
    public let outcome: KeyExplanation.Outcome

    /// Where the winning value stands, if one does.
    public let winner: KeyExplanation.Location?

    /// The variables that are tried, in order.
    public let variables: [String]

    /// The named fields of a service with several.
    public let fields: [String]
}

extension KeyResolver {
    /// Lists every service that is known by name.
    ///
    /// Asks no hook, and holds no value.
    ///
    /// - Returns: The services in the order of their ids.
    public func list() -> [ServiceSummary] {
        catalogue.all.compactMap { definition in
            guard let explanation = try? explain(service: definition.service) else { return nil }
            return ServiceSummary(
                service: explanation.service,
                aliases: definition.aliases.map(\.id),
                outcome: explanation.outcome,
                winner: explanation.winner,
                variables: definition.variables.map(\.name),
                fields: definition.fields.keys.sorted()
            )
        }
    }
}
