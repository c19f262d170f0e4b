/// For whom a key is wanted, so that hooks can answer per project, tenant or purpose.
///
/// The default look-up in `.env` and the environment knows no scopes and answers for all of them alike.
public struct KeyScope: Hashable, Sendable {
    /// The profile, such as `prod`.
    public var profile: String?

    /// The project.
    public var project: String?

    /// The tenant of a program that serves several.
    public var tenant: String?

    /// What the key is for, such as `embedding`.
    public var purpose: String?

    /// Makes a scope.
    ///
    /// - Parameters:
    ///   - profile: The profile, such as `prod`.
    ///   - project: The project.
    ///   - tenant: The tenant of a program that serves several.
    ///   - purpose: What the key is for.
    public init(profile: String? = nil, project: String? = nil, tenant: String? = nil, purpose: String? = nil) {
        self.profile = profile
        self.project = project
        self.tenant = tenant
        self.purpose = purpose
    }
}
