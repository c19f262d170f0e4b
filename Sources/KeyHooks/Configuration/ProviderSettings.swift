/// What a configuration says about one service.
public struct ProviderSettings: Hashable, Sendable {
    /// The variables that hold the key, in order; they replace the catalogue's and the generic ones.
    ///
    /// Nil to keep those.
    public var env: [String]?

    /// More ids for the service.
    public var aliases: [Service]

    /// Whether the service needs a key; nil to keep what the catalogue says.
    public var isKeyRequired: Bool?

    /// Describes a service.
    ///
    /// - Parameters:
    ///   - env: The variables that hold the key, in order, instead of the catalogue's and the generic ones.
    ///   - aliases: More ids for the service.
    ///   - isKeyRequired: Whether the service needs a key.
    public init(env: [String]? = nil, aliases: [Service] = [], isKeyRequired: Bool? = nil) {
        self.env = env
        self.aliases = aliases
        self.isKeyRequired = isKeyRequired
    }
}
