/// What the catalogue knows of one service.
public struct ServiceDefinition: Hashable, Sendable {
    /// The name of an environment variable and what is known of it.
    public struct VariableName: Hashable, Sendable {
        /// Why a name is tried.
        package enum Tier: String, Hashable, Sendable, Codable {
            /// The configuration names it for the service.
            case configured

            /// The catalogue names it for the service.
            case service

            /// It follows from the id, as in `<ID>_API_KEY`.
            case generic
        }

        /// The variable.
        public let name: String

        /// Why it is tried.
        package let tier: Tier

        /// Whether it also serves purposes other than this service, as `GITHUB_TOKEN` does.
        public let isShared: Bool

        /// Letters for the projects that read it; the catalogue's data file says which.
        public let readBy: String
    }

    /// The canonical id.
    public let service: Service

    /// Other ids for the same service and account.
    public internal(set) var aliases: [Service] = []

    /// The variables of the main key in the order in which they are tried.
    public internal(set) var variables: [VariableName] = []

    /// What is answered in place of variables.
    var constant: ConstantKey?

    /// The named fields of a service whose credentials are more than one value, each with its variables in order.
    public internal(set) var fields: [String: [VariableName]] = [:]

    /// The fields that do in place of the main key, each list all that is needed: for `bedrock` the access key
    /// pair, or a profile and a region.
    public internal(set) var credentials: [[String]] = []

    /// Whether the service refuses to work without a key; false for local servers.
    public internal(set) var isKeyRequired = true

    /// Ids of the same vendor that are different accounts, whose keys must not be mixed up with this one's.
    public internal(set) var separateAccounts: [Service] = []

    /// What ``KeyResolver/getAPIKey(service:scope:maximumAge:refresh:)`` returns where that is not obvious, and other remarks.
    public internal(set) var note: String?

    /// Whether the environment may not answer, by ``ProviderSettings/only``; the names still say what a field may be called.
    var isEnvironmentClosed = false

    /// Whether the catalogue or the configuration lists the service; false if only the generic rule applies.
    public internal(set) var isListed = true
}

extension ServiceDefinition {
    /// The variables that are read for the main key.
    var readVariables: [VariableName] { isEnvironmentClosed ? [] : variables }

    /// The variables that are read for a field.
    func readVariables(of field: String) -> [VariableName] { isEnvironmentClosed ? [] : fields[field] ?? [] }
}
